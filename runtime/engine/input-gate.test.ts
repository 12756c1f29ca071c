import { describe, expect, it } from 'vitest';
import { batch } from '../testing/builders.ts';
import { LocalChannel } from './channel.ts';
import { createRoundRobin } from './environment.ts';
import { InputGate, type GateEvent } from './input-gate.ts';
import type { StreamElement } from './stream-element.ts';

const rows: StreamElement = { type: 'batch', batch: batch('a INT', [[1]]) };
const watermark = (at: number): StreamElement => ({ type: 'watermark', watermark: at });
const barrier = (checkpointId: number): StreamElement => ({ type: 'barrier', checkpointId });
const idle = (isIdle: boolean): StreamElement => ({ type: 'status', isIdle });

function gateOver(count: number): { gate: InputGate; channels: LocalChannel[]; drain: () => GateEvent[] } {
  const channels = Array.from({ length: count }, () => new LocalChannel());
  const gate = new InputGate(
    channels.map((receiver) => ({ receiver, input: 0 })),
    createRoundRobin(),
    () => 0,
  );
  const drain = (): GateEvent[] => {
    const events: GateEvent[] = [];
    for (let event = gate.next(); event !== null; event = gate.next())
      if (event.type !== 'absorbed') events.push(event);
    return events;
  };
  return { gate, channels, drain };
}

describe('the input gate', () => {
  it('moves on with the slowest channel', () => {
    const { channels, drain } = gateOver(2);
    channels[0]!.send(watermark(10));
    expect(drain()).toEqual([]);
    channels[1]!.send(watermark(5));
    expect(drain()).toEqual([{ type: 'watermark', watermark: 5 }]);
    channels[1]!.send(watermark(50));
    expect(drain()).toEqual([{ type: 'watermark', watermark: 10 }]);
  });

  it('does not wait for idle channels, and stands still when all are', () => {
    const { channels, drain } = gateOver(2);
    channels[0]!.send(watermark(10));
    channels[1]!.send(idle(true));
    expect(drain()).toEqual([{ type: 'watermark', watermark: 10 }]);
    channels[0]!.send(idle(true));
    expect(drain()).toEqual([{ type: 'status', isIdle: true }]);
    channels[1]!.send(watermark(3));
    expect(drain()).toEqual([{ type: 'status', isIdle: false }]);
  });

  it('says that it is awake before the batch that woke it', () => {
    const { channels, drain } = gateOver(1);
    channels[0]!.send(idle(true));
    channels[0]!.send(rows);
    expect(drain().map((e) => e.type)).toEqual(['status', 'status', 'batch']);
  });

  it('ends when all channels have, and an ended one holds nothing back', () => {
    const { channels, drain } = gateOver(2);
    channels[0]!.send(watermark(Infinity));
    channels[0]!.send({ type: 'end' });
    channels[1]!.send(watermark(7));
    expect(drain()).toEqual([{ type: 'watermark', watermark: 7 }]);
    channels[1]!.send(watermark(Infinity));
    channels[1]!.send({ type: 'end' });
    expect(drain()).toEqual([{ type: 'watermark', watermark: Infinity }, { type: 'end' }]);
  });

  it('does not let ended channels move time on for idle ones', () => {
    const { channels, drain } = gateOver(2);
    channels[0]!.send(watermark(Infinity));
    channels[0]!.send({ type: 'end' });
    channels[1]!.send(idle(true));
    expect(drain()).toEqual([{ type: 'status', isIdle: true }]);
  });

  it('holds a channel back from its barrier until the others have delivered theirs', () => {
    const { channels, drain } = gateOver(2);
    channels[0]!.send(barrier(1));
    channels[0]!.send(rows);
    channels[1]!.send(rows);
    expect(drain().map((e) => e.type)).toEqual(['batch']);
    channels[1]!.send(barrier(1));
    expect(drain().map((e) => e.type)).toEqual(['barrier', 'batch']);
  });

  it('turns to a newer barrier when the older one was given up', () => {
    const { channels, drain } = gateOver(2);
    channels[0]!.send(barrier(1));
    channels[1]!.send(barrier(2));
    channels[0]!.send(barrier(2));
    expect(drain()).toEqual([{ type: 'barrier', checkpointId: 2, alignmentMs: 0 }]);
  });
});
