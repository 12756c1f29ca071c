import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../compiler/physical-plan.ts';
import type { Batch } from '../../core/batch.ts';
import { batch, schema } from '../../testing/builders.ts';
import { CREDITS, LocalChannel } from './channel.ts';
import { OutputWriter } from './output-writer.ts';
import type { StreamElement } from './stream-element.ts';

const rowSchema = schema('k STRING, v INT');

function writerTo(
  count: number,
  exchange: Exchange,
  batchRows = 4,
  sendsAtOnce = false,
): { writer: OutputWriter; channels: LocalChannel[] } {
  const channels = Array.from({ length: count }, () => new LocalChannel());
  const context = { now: () => 0, metrics: new Float64Array(1), usageAt: 0 };
  return {
    writer: new OutputWriter(
      channels,
      { schema: rowSchema, exchange, keys: [0], batchRows, latencyTargetMs: 0, sendsAtOnce, subtask: 0 },
      context,
    ),
    channels,
  };
}

function take(channel: LocalChannel): StreamElement[] {
  const elements: StreamElement[] = [];
  for (let e = channel.poll(); e !== null; e = channel.poll()) elements.push(e);
  return elements;
}

/** Rows by their time, watermarks as `w1`, and where a batch ends. */
function timeline(elements: readonly StreamElement[]): string {
  const text = (element: StreamElement): string => {
    if (element.type === 'batch') return `[${element.batch.eventTimes!.subarray(0, element.batch.length).join(' ')}]`;
    if (element.type === 'watermark') return `w${element.watermark}`;
    return element.type === 'latency' ? `l${element.at}` : element.type;
  };
  return elements.map(text).join(' ');
}

function timed(...times: number[]): Batch {
  const rows = batch(
    rowSchema,
    times.map((time) => ['k', time]),
  );
  return rows.withEventTimes(Float64Array.from(times));
}

function values(elements: readonly StreamElement[]): unknown[] {
  return elements.flatMap((e) =>
    e.type === 'batch' ? Array.from({ length: e.batch.length }, (_, i) => e.batch.row(i)[1]) : [e.type],
  );
}

const tenRows = batch(
  rowSchema,
  Array.from({ length: 10 }, (_, i) => [`k${i % 5}`, i]),
);

describe('the output writer', () => {
  it('cuts rows into batches and sends marks behind them', () => {
    const { writer, channels } = writerTo(1, 'forward');
    writer.write(tenRows);
    writer.mark({ type: 'status', isIdle: true });
    const sent = take(channels[0]!);
    expect(sent.map((e) => (e.type === 'batch' ? e.batch.length : e.type))).toEqual([4, 4, 2, 'status']);
    expect(values(sent)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 'status']);
  });

  it('sends equal keys to one channel, in order', () => {
    const { writer, channels } = writerTo(3, 'hash');
    writer.write(tenRows);
    writer.flush();
    const parts = channels.map((channel) => values(take(channel)) as number[]);
    expect(parts.flat().sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    for (const part of parts) {
      expect(part).toEqual([...part].sort((a, b) => a - b));
      for (const v of part) expect(part).toContain((v + 5) % 10);
    }
  });

  it('sends everything to everyone when broadcasting, and deals batches out when rebalancing', () => {
    const all = writerTo(2, 'broadcast');
    all.writer.write(tenRows);
    all.writer.flush();
    expect(all.channels.map((c) => values(take(c)).length)).toEqual([10, 10]);
    const dealt = writerTo(2, 'rebalance');
    for (let i = 0; i < 4; i++) dealt.writer.write(tenRows);
    dealt.writer.flush();
    expect(dealt.channels.map((c) => values(take(c)).length)).toEqual([20, 20]);
  });

  it('is not ready while a batch waits for credit, and keeps marks behind it', () => {
    const { writer, channels } = writerTo(1, 'forward', 1);
    for (let i = 0; i < CREDITS + 2; i++) writer.write(batch(rowSchema, [['k', i]]));
    writer.mark({ type: 'end' });
    expect(writer.isReady).toBe(false);
    expect(values([channels[0]!.poll()!, channels[0]!.poll()!])).toEqual([0, 1]);
    expect([writer.drain(), writer.isReady, writer.drain()]).toEqual([true, true, false]);
    expect(values(take(channels[0]!))).toEqual([...Array.from({ length: CREDITS }, (_, i) => i + 2), 'end']);
  });

  it('sends at once when told so', () => {
    const { writer, channels } = writerTo(1, 'forward', 4, true);
    writer.write(batch(rowSchema, [['k', 1]]));
    expect(values(take(channels[0]!))).toEqual([1]);
  });
});

describe('a watermark', () => {
  it('waits behind the rows before it for rows after it, and gives way to the next one', () => {
    const { writer, channels } = writerTo(1, 'forward', 100);
    writer.write(timed(1, 3, 2));
    writer.markWatermark(3);
    writer.write(timed(5, 6));
    writer.markWatermark(6);
    expect(timeline(take(channels[0]!))).toBe('');
    writer.flush();
    expect(timeline(take(channels[0]!))).toBe('[1 3 2 5 6] w6');
  });

  it.each([
    ['late', 3],
    ['of its own time', 4],
    ['that a session would go on with', 5],
  ])('goes before a row %s', (_, time) => {
    const { writer, channels } = writerTo(1, 'forward', 100);
    writer.write(timed(1));
    writer.markWatermark(4);
    writer.write(timed(9, time));
    writer.flush();
    expect(timeline(take(channels[0]!))).toBe(`[1] w4 [9 ${time}]`);
  });

  it('goes with a batch that is full, and at once without rows before it', () => {
    const { writer, channels } = writerTo(1, 'forward', 4);
    writer.markWatermark(0);
    writer.write(timed(1, 2));
    writer.markWatermark(2);
    writer.write(timed(5, 6, 7));
    writer.markWatermark(7);
    expect(timeline(take(channels[0]!))).toBe('w0 [1 2 5 6] w2');
    writer.mark({ type: 'end' });
    expect(timeline(take(channels[0]!))).toBe('[7] w7 end');
  });

  it('does not wait for rows without event time', () => {
    const { writer, channels } = writerTo(1, 'forward', 100);
    writer.write(timed(1));
    writer.markWatermark(1);
    writer.write(batch(rowSchema, [['k', 2]]));
    expect(timeline(take(channels[0]!))).toBe('[1] w1');
  });
});

describe('a latency marker', () => {
  it('goes behind the rows before it, without cutting their batch, to one channel after the other', () => {
    const { writer, channels } = writerTo(2, 'broadcast', 4);
    writer.markLatency(10);
    writer.write(timed(1, 2));
    writer.markLatency(20);
    writer.write(timed(3, 4));
    writer.write(timed(5));
    writer.markLatency(30);
    expect(channels.map((channel) => timeline(take(channel)))).toEqual(['l10 [1 2 3 4]', '[1 2 3 4] l20']);
    writer.flush();
    expect(channels.map((channel) => timeline(take(channel)))).toEqual(['[5] l30', '[5]']);
  });
});

describe('a barrier at the output writer', () => {
  it('goes behind all rows at once, on overdraft, and the writer is not ready until that is worked off', () => {
    const { writer, channels } = writerTo(1, 'forward', 1);
    const [channel] = channels as [LocalChannel];
    for (let i = 0; i < CREDITS + 2; i++) writer.write(batch(rowSchema, [['k', i]]));
    writer.barrier({ type: 'barrier', checkpointId: 1, kind: 'checkpoint', triggeredAt: 0, unalignedAt: Infinity });
    expect(writer.isReady).toBe(false);
    expect(channel.overtake(1)).toHaveLength(CREDITS + 2);
    expect([channel.poll(), channel.poll()].map((e) => e?.type)).toEqual(['batch', 'batch']);
    expect([writer.isReady, writer.drain()]).toEqual([false, false]);
    channel.poll();
    expect(writer.isReady).toBe(true);
    expect(values(take(channel))).toEqual([3, 4, 5, 6, 7, 8, 9]);
  });

  it('takes along what waits to become a batch', () => {
    const { writer, channels } = writerTo(2, 'rebalance', 100);
    writer.write(batch(rowSchema, [['k', 1]]));
    writer.barrier({ type: 'barrier', checkpointId: 1, kind: 'savepoint', triggeredAt: 0, unalignedAt: Infinity });
    expect(channels.map((channel) => values(take(channel)))).toEqual([[1, 'barrier'], ['barrier']]);
    expect(writer.isReady).toBe(true);
  });
});
