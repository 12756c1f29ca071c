import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batch, schema } from '../../testing/builders.ts';
import { LocalChannel } from './channel.ts';
import { OutputWriter } from './output-writer.ts';

type Step = { readonly rows: readonly number[] } | { readonly watermark: number } | 'flush';

/** What a receiver sees: rows by number and time, and watermarks. */
type Seen = { readonly row: number; readonly time: number } | { readonly watermark: number };

const rowSchema = schema('k INT, n INT');
const times = fc.integer({ min: 0, max: 30 });
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.array(times, { minLength: 1, maxLength: 6 }).map((rows) => ({ rows })) },
    { weight: 3, arbitrary: times.map((watermark) => ({ watermark })) },
    { weight: 1, arbitrary: fc.constant('flush' as const) },
  ),
  { maxLength: 30 },
);

/** Of each row: whether it came behind a watermark, and by how much at most it was ahead of one. */
function lateness(seen: readonly Seen[]): Map<number, string> {
  const result = new Map<number, string>();
  let watermark = -Infinity;
  for (const one of seen) {
    if ('watermark' in one) watermark = Math.max(watermark, one.watermark);
    else result.set(one.row, one.time <= watermark + 1 ? `behind ${watermark}` : 'on time');
  }
  return result;
}

function through(all: readonly Step[], channels: number, batchRows: number) {
  const ends = Array.from({ length: channels }, () => new LocalChannel());
  const writer = new OutputWriter(
    ends,
    { schema: rowSchema, exchange: 'hash', keys: [0], batchRows, latencyTargetMs: 0, sendsAtOnce: false, subtask: 0 },
    { now: () => 0, metrics: new Float64Array(1), usageAt: 0 },
  );
  const seen: Seen[][] = ends.map(() => []);
  const drain = (): void => {
    ends.forEach((end, c) => {
      for (let element = end.poll(); element !== null; element = end.poll()) {
        if (element.type === 'watermark') seen[c]!.push({ watermark: element.watermark });
        if (element.type !== 'batch') continue;
        expect(element.batch.length).toBeLessThanOrEqual(batchRows);
        for (let i = 0; i < element.batch.length; i++) {
          seen[c]!.push({ row: element.batch.row(i)[1] as number, time: element.batch.eventTimes![i]! });
        }
      }
      writer.drain();
    });
  };
  const written: Seen[] = [];
  let watermark = -Infinity;
  let row = 0;
  for (const step of all) {
    if (step === 'flush') writer.flush();
    else if ('rows' in step) {
      const numbered = step.rows.map((time) => ({ row: row++, time }));
      written.push(...numbered);
      const rows = numbered.map((one) => [one.row % 7, one.row]);
      writer.write(batch(rowSchema, rows).withEventTimes(Float64Array.from(step.rows)));
    } else if (step.watermark > watermark) {
      watermark = step.watermark;
      written.push({ watermark });
      writer.markWatermark(watermark);
    }
    drain();
  }
  writer.mark({ type: 'end' });
  drain();
  return { written, seen, watermark };
}

describe('the output writer', () => {
  it('delays a watermark only past rows that it makes no difference to', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 9 }), (all, channels, batchRows) => {
        const { written, seen, watermark } = through(all, channels, batchRows);
        const expected = lateness(written);
        const arrived = new Map(seen.flatMap((channel) => [...lateness(channel)]));
        expect([...arrived].sort(byRow)).toEqual([...expected].sort(byRow));
        for (const channel of seen) {
          const marks = channel.flatMap((one) => ('watermark' in one ? one.watermark : []));
          expect(marks).toEqual([...new Set(marks)].sort((a, b) => a - b));
          if (watermark > -Infinity) expect(marks.at(-1)).toBe(watermark);
          const numbers = channel.flatMap((one) => ('row' in one ? one.row : []));
          expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
        }
      }),
      { numRuns: 500 },
    );
  });
});

function byRow([a]: readonly [number, string], [b]: readonly [number, string]): number {
  return a - b;
}
