import { describe, expect, it } from 'vitest';
import { nodeId } from '../../core/ids.ts';
import { batch, schema } from '../../testing/builders.ts';
import type { RestoredChannel } from './channel-restore.ts';
import type { ChannelId } from './channel-state.ts';
import { LocalChannel } from './channel.ts';
import { createRoundRobin } from '../task/environment.ts';
import { InputGate, type GateEvent } from './input-gate.ts';
import type { Barrier, StreamElement } from './stream-element.ts';

const rows: StreamElement = { type: 'batch', batch: batch('a INT', [[1]]) };
const watermark = (at: number): StreamElement => ({ type: 'watermark', watermark: at });
const barrier = (checkpointId: number, unalignedAt = Infinity): Barrier => ({
  type: 'barrier',
  checkpointId,
  kind: 'checkpoint',
  triggeredAt: 0,
  unalignedAt,
});
const idle = (isIdle: boolean): StreamElement => ({ type: 'status', isIdle });

const channelId = (sender: number, senders: number): ChannelId => ({
  from: nodeId('a'),
  fromPort: 'out',
  to: nodeId('b'),
  toPort: 'in',
  sender,
  receiver: 0,
  senders,
  receivers: 1,
  schema: schema('a INT'),
});

interface GateUnderTest {
  readonly gate: InputGate;
  readonly channels: readonly LocalChannel[];
  readonly drain: () => GateEvent[];
  readonly clock: { now: number };
}

function gateOver(
  count: number,
  {
    mode = 'exactly-once',
    restored = [],
  }: { mode?: 'exactly-once' | 'at-least-once'; restored?: readonly (RestoredChannel | null)[] } = {},
): GateUnderTest {
  const channels = Array.from({ length: count }, () => new LocalChannel());
  const clock = { now: 0 };
  const gate = new InputGate(
    channels.map((receiver, i) => ({ receiver, input: 0, id: channelId(i, count), restored: restored[i] ?? null })),
    { choose: createRoundRobin(), now: () => clock.now, mode },
  );
  const drain = (): GateEvent[] => {
    const events: GateEvent[] = [];
    for (let event = gate.next(); event !== null; event = gate.next())
      if (event.type !== 'absorbed') events.push(event);
    return events;
  };
  return { gate, channels, drain, clock };
}

/** What a barrier event has recorded: types of the elements, channel by channel. */
function recorded(event: GateEvent | null | undefined): string[][] {
  if (event?.type !== 'barrier') throw new Error(`not a barrier: ${event?.type}`);
  return event.recording.snapshots().map(({ elements }) => elements.map(({ type }) => type));
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
    const events = drain();
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ type: 'barrier', recording: { barrier: { checkpointId: 2 }, isComplete: true } });
  });

  it('counts what it handles while it aligns', () => {
    const { channels, drain, clock } = gateOver(2);
    channels[0]!.send(barrier(1));
    expect(drain()).toEqual([]);
    clock.now = 30;
    channels[1]!.send(rows);
    channels[1]!.send(barrier(1));
    const [, event] = drain();
    expect(event).toMatchObject({
      recording: { startedAt: 0, alignmentMs: 30, isUnaligned: false, persistedBytes: 0 },
    });
    expect(event?.type === 'barrier' && event.recording.processedBytes).toBeGreaterThan(0);
  });

  it('blocks nothing at least once, but for savepoints', () => {
    const { channels, drain } = gateOver(2, { mode: 'at-least-once' });
    channels[0]!.send(barrier(1));
    channels[0]!.send(rows);
    expect(drain().map((e) => e.type)).toEqual(['batch']);
    channels[1]!.send(barrier(1));
    expect(drain().map((e) => e.type)).toEqual(['barrier']);
    channels[0]!.send({ ...barrier(2), kind: 'savepoint' });
    channels[0]!.send(rows);
    expect(drain()).toEqual([]);
  });
});

describe('an unaligned checkpoint at the input gate', () => {
  it('takes the first barrier out of its queue, and keeps what is in front of it and of the others', () => {
    const { gate, channels, drain } = gateOver(2);
    channels[0]!.send(rows);
    channels[0]!.send(watermark(5));
    channels[0]!.send(barrier(1, 0));
    channels[0]!.send(rows);
    channels[1]!.send(rows);
    expect(gate.overtake()).toBeNull();
    gate.expect(barrier(1, 0));
    const event = gate.overtake();
    expect(event).toMatchObject({ type: 'barrier', recording: { isUnaligned: true, isComplete: false } });
    expect(gate.overtake()).toBeNull();
    // All of it is handled, and what comes on the other channel before its barrier is kept.
    expect(
      drain()
        .map((e) => e.type)
        .sort(),
    ).toEqual(['batch', 'batch', 'batch']);
    channels[1]!.send(rows);
    channels[1]!.send(barrier(1, 0));
    channels[1]!.send(rows);
    expect(gate.overtake()).toEqual({ type: 'absorbed' });
    expect(event).toMatchObject({ recording: { isComplete: true } });
    expect(recorded(event)).toEqual([
      ['batch', 'watermark'],
      ['batch', 'batch'],
    ]);
    expect(drain()).toHaveLength(2);
  });

  it('keeps where the channels had come, also where nothing is in front of the barrier', () => {
    const { channels, drain } = gateOver(2);
    for (const channel of channels) channel.send(watermark(7));
    channels[1]!.send(idle(true));
    drain();
    channels[0]!.send(barrier(1, 100));
    channels[1]!.send(barrier(1, 100));
    const [event] = drain();
    if (event?.type !== 'barrier') throw new Error('no barrier');
    expect(event.recording.isUnaligned).toBe(false);
    expect(event.recording.snapshots()).toMatchObject([
      { watermark: 7, isIdle: false, elements: [] },
      { watermark: 7, isIdle: true, elements: [] },
    ]);
  });

  it('begins aligned, and turns when the time has come', () => {
    const { gate, channels, drain, clock } = gateOver(2);
    channels[0]!.send(barrier(1, 50));
    channels[0]!.send(rows);
    channels[1]!.send(rows);
    expect(drain().map((e) => e.type)).toEqual(['batch']);
    expect([gate.overtakesAt, gate.overtake()]).toEqual([50, null]);
    clock.now = 50;
    const event = gate.overtake();
    expect(event).toMatchObject({ type: 'barrier', recording: { isUnaligned: true, isComplete: false } });
    expect(drain().map((e) => e.type)).toEqual(['batch']);
    channels[1]!.send(rows);
    channels[1]!.send(barrier(1, 50));
    drain();
    expect(recorded(event)).toEqual([[], ['batch']]);
    expect(gate.overtakesAt).toBe(Infinity);
  });

  it('keeps a batch that waits for the change of status before it', () => {
    const { gate, channels } = gateOver(1);
    channels[0]!.send(idle(true));
    gate.next();
    channels[0]!.send(rows);
    expect(gate.next()).toEqual({ type: 'status', isIdle: false });
    channels[0]!.send(rows);
    channels[0]!.send(barrier(1, 0));
    gate.expect(barrier(1, 0));
    expect(recorded(gate.overtake())).toEqual([['batch', 'batch']]);
    expect([gate.next()?.type, gate.next()?.type, gate.next()]).toEqual(['batch', 'batch', null]);
  });

  it('is given up for a newer one', () => {
    const { gate, channels, drain } = gateOver(2);
    channels[0]!.send(barrier(1, 0));
    const [first] = drain();
    gate.expect(barrier(2, 0));
    channels[1]!.send(rows);
    channels[1]!.send(barrier(2, 0));
    const second = gate.overtake();
    expect(first).toMatchObject({ recording: { isDiscarded: true } });
    channels[0]!.send(barrier(2, 0));
    drain();
    expect(second).toMatchObject({ recording: { isComplete: true } });
    expect(recorded(second)).toEqual([[], ['batch']]);
  });

  it('starts from what was kept: first where the channels had come, then their elements', () => {
    const restored: RestoredChannel = { watermark: 4, isIdle: false, elements: [rows, watermark(6), rows] };
    const { gate, channels, drain } = gateOver(1, { restored: [restored] });
    expect([gate.next(), gate.next()?.type]).toEqual([{ type: 'watermark', watermark: 4 }, 'batch']);
    channels[0]!.send(rows);
    channels[0]!.send(barrier(3, 0));
    gate.expect(barrier(3, 0));
    expect(recorded(gate.overtake())).toEqual([['watermark', 'batch', 'batch']]);
    expect(drain().map((e) => e.type)).toEqual(['watermark', 'batch', 'batch']);
  });
});
