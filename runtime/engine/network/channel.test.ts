import { describe, expect, it } from 'vitest';
import { MessageChannel } from 'node:worker_threads';
import { batch, schema } from '../../testing/builders.ts';
import { CREDITS, LocalChannel, type ChannelReceiver, type ChannelSender } from './channel.ts';
import { CHANNEL_WORDS, RemoteReceiver, RemoteSender } from './remote-channel.ts';
import type { Barrier, StreamElement } from './stream-element.ts';
import { WakeSignals } from './wake-signals.ts';

const rowSchema = schema('a INT');
const row = (a: number): StreamElement & { type: 'batch' } => ({ type: 'batch', batch: batch(rowSchema, [[a]]) });
const barrier = (checkpointId: number): Barrier => ({
  type: 'barrier',
  checkpointId,
  kind: 'checkpoint',
  triggeredAt: 0,
  unalignedAt: 0,
});

interface Ends {
  readonly sender: ChannelSender;
  readonly receiver: ChannelReceiver;
  readonly close: () => void;
}

function local(): Ends {
  const channel = new LocalChannel();
  return { sender: channel, receiver: channel, close: () => undefined };
}

/** Both ends in one thread: messages are there as soon as they are posted. */
function remote(): Ends {
  const { port1, port2 } = new MessageChannel();
  const counters = { words: new Int32Array(CHANNEL_WORDS), offset: 0, signals: WakeSignals.forWorkers(2) };
  return {
    sender: new RemoteSender(port1, counters, 1),
    receiver: new RemoteReceiver(port2, counters, rowSchema, 0),
    close: () => port1.close(),
  };
}

function tell(element: StreamElement | null): unknown {
  if (element === null) return null;
  if (element.type === 'batch') return element.batch.row(0)[0];
  return element.type === 'barrier' ? `barrier ${element.checkpointId}` : element.type;
}

function drain(receiver: ChannelReceiver): unknown[] {
  const told: unknown[] = [];
  for (let e = receiver.poll(); e !== null; e = receiver.poll()) told.push(tell(e));
  return told;
}

describe.each([
  ['in a thread', local],
  ['between threads', remote],
])('a channel %s', (_name, open) => {
  it('takes more than it has credit for in front of a barrier, and gives credit again once that is worked off', () => {
    const { sender, receiver, close } = open();
    for (let i = 0; i < CREDITS; i++) sender.send(row(i));
    expect(() => sender.send(row(-1))).toThrow('without credit');
    for (let i = CREDITS; i < CREDITS + 3; i++) sender.overdraw(row(i));
    expect([sender.hasCredit, sender.usage]).toEqual([false, 1]);
    for (let i = 0; i < 3; i++) receiver.poll();
    expect(sender.hasCredit).toBe(false);
    receiver.poll();
    expect(sender.hasCredit).toBe(true);
    close();
  });

  it('gives a barrier out before what is in front of it, which stays', () => {
    const { sender, receiver, close } = open();
    sender.send(row(1));
    expect(receiver.poll()).not.toBeNull();
    expect(receiver.hasBarrier).toBe(false);
    sender.send(row(2));
    sender.send({ type: 'watermark', watermark: 5 });
    sender.send(barrier(3));
    sender.send(row(4));
    expect(receiver.hasBarrier).toBe(true);
    expect(receiver.overtake(2)).toBeNull();
    expect(receiver.overtake(3)?.map(tell)).toEqual([2, 'watermark']);
    expect(receiver.hasBarrier).toBe(false);
    sender.send(row(5));
    expect(receiver.isEmpty).toBe(false);
    expect(drain(receiver)).toEqual([2, 'watermark', 4, 5]);
    expect([receiver.isEmpty, sender.usage]).toEqual([true, 0]);
    close();
  });

  it('leaves barriers of other checkpoints where they are', () => {
    const { sender, receiver, close } = open();
    sender.send(barrier(1));
    sender.send(row(1));
    sender.send(barrier(2));
    expect(receiver.overtake(2)?.map(tell)).toEqual(['barrier 1', 1]);
    expect(receiver.hasBarrier).toBe(true);
    expect(drain(receiver)).toEqual(['barrier 1', 1]);
    expect(receiver.hasBarrier).toBe(false);
    close();
  });
});
