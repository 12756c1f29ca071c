import { describe, expect, it } from 'vitest';
import { shape } from '../../testing/builders.ts';
import { FAKE_EPOCH_MS } from '../../testing/fake-clock.ts';
import { createHarness, type OperatorHarness } from '../../testing/operator-harness.ts';
import { createRateLimit } from './runtime.ts';
import { rateLimitSpec } from './spec.ts';
import { say } from '../../core/say.ts';

function harness(rowsPerSecond: number, parallelism = 1) {
  return createHarness({
    spec: rateLimitSpec,
    create: createRateLimit,
    config: { rowsPerSecond },
    inputs: [shape('n INT')],
    parallelism,
  });
}

const numbers = (from: number, count: number) => Array.from({ length: count }, (_, i) => [from + i]);

/** Rows that have gone at each of these times, in ms from the start. */
async function goneAt(operator: OperatorHarness, times: readonly number[]): Promise<number[]> {
  const counts: number[] = [];
  for (let ms = 0; ms <= times.at(-1)!; ms++) {
    operator.advanceTo(FAKE_EPOCH_MS + ms);
    await operator.turn();
    if (times.includes(ms)) counts.push(operator.rows().length);
  }
  return counts;
}

describe('rateLimit', () => {
  it('lets rows through one after the other, in their order', async () => {
    const operator = await harness(10);
    operator.push(0, numbers(0, 5));
    expect(operator.pending).toBe('full');
    expect(await goneAt(operator, [0, 99, 100, 199, 200, 399, 400])).toEqual([1, 1, 2, 2, 3, 4, 5]);
    expect(operator.rows()).toEqual(numbers(0, 5));
    expect(operator.pending).toBe('none');
  });

  it('gives each subtask its share', async () => {
    const operator = await harness(10, 2);
    operator.push(0, numbers(0, 5));
    expect(await goneAt(operator, [199, 200, 799, 800])).toEqual([1, 2, 4, 5]);
  });

  it('keeps a high rate, in bunches', async () => {
    const operator = await harness(10_000);
    operator.push(0, numbers(0, 2000));
    const [half, whole] = await goneAt(operator, [100, 200]);
    expect(half).toBeGreaterThan(940);
    expect(half).toBeLessThanOrEqual(1001);
    expect(whole).toBeGreaterThan(1940);
  });

  it('does not make up for a time without rows', async () => {
    const operator = await harness(10);
    operator.push(0, numbers(0, 1));
    operator.advanceTo(FAKE_EPOCH_MS + 60_000);
    operator.push(0, numbers(1, 3));
    expect(operator.rows().length).toBe(2);
    await operator.settle();
    expect(operator.clock.now()).toBe(FAKE_EPOCH_MS + 60_200);
  });

  it('holds rows of several batches', async () => {
    const operator = await harness(1000);
    operator.push(0, numbers(0, 1));
    operator.push(0, numbers(1, 10));
    await operator.settle();
    operator.push(0, numbers(11, 1));
    await operator.settle();
    expect(operator.rows()).toEqual(numbers(0, 12));
  });

  it('says how fast', () => {
    expect(rateLimitSpec.describe({ rowsPerSecond: 0.5 }, say)).toBe('0.5 rows/s');
  });
});
