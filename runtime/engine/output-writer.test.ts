import { describe, expect, it } from 'vitest';
import type { Exchange } from '../compiler/physical-plan.ts';
import { batch, schema } from '../testing/builders.ts';
import { CREDITS, LocalChannel } from './channel.ts';
import { OutputWriter } from './output-writer.ts';
import type { StreamElement } from './stream-element.ts';

const rowSchema = schema('k STRING, v INT');

function writerTo(
  count: number,
  exchange: Exchange,
  batchRows = 4,
): { writer: OutputWriter; channels: LocalChannel[] } {
  const channels = Array.from({ length: count }, () => new LocalChannel());
  const context = { now: () => 0, metrics: new Float64Array(1), usageAt: 0 };
  return {
    writer: new OutputWriter(channels, { schema: rowSchema, exchange, keys: [0], batchRows }, context),
    channels,
  };
}

function take(channel: LocalChannel): StreamElement[] {
  const elements: StreamElement[] = [];
  for (let e = channel.poll(); e !== null; e = channel.poll()) elements.push(e);
  return elements;
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
    writer.mark({ type: 'watermark', watermark: 1 });
    const sent = take(channels[0]!);
    expect(sent.map((e) => (e.type === 'batch' ? e.batch.length : e.type))).toEqual([4, 4, 2, 'watermark']);
    expect(values(sent)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 'watermark']);
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
});
