import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LATENCY_BUCKETS, LatencyReader, recordLatency } from './latency-histogram.ts';

const latencies = fc.array(fc.double({ min: 0.1, max: 600_000, noNaN: true }), { minLength: 1, maxLength: 200 });

function summaryOf(values: readonly number[]) {
  const slots = new Float64Array(LATENCY_BUCKETS);
  const reader = new LatencyReader(0, slots);
  for (const value of values) recordLatency(slots, 0, value);
  return reader.read(1, slots)!;
}

describe('the latency histogram', () => {
  it('knows quantiles to within a few percent', () => {
    fc.assert(
      fc.property(latencies, (values) => {
        const sorted = [...values].sort((a, b) => a - b);
        const { count, ...quantiles } = summaryOf(values);
        expect(count).toBe(values.length);
        for (const [share, value] of [
          [0.5, quantiles.p50],
          [0.95, quantiles.p95],
          [0.99, quantiles.p99],
        ] as const) {
          const exact = sorted[Math.ceil(share * values.length) - 1]!;
          expect(Math.abs(value - exact) / exact).toBeLessThan(0.035);
        }
      }),
    );
  });

  it('keeps what is out of its range at its ends', () => {
    expect(summaryOf([-5, 0, 0.02])).toEqual({ count: 3, p50: 0.1, p95: 0.1, p99: 0.1 });
    expect(summaryOf([1e9]).p50).toBe(summaryOf([600_000]).p50);
  });

  it('takes little room', () => {
    expect(LATENCY_BUCKETS).toBeLessThan(400);
  });

  it('forgets after about ten seconds', () => {
    const slots = new Float64Array(LATENCY_BUCKETS);
    const reader = new LatencyReader(0, slots);
    recordLatency(slots, 0, 5000);
    const counts = [];
    for (let second = 1; second <= 13; second++) {
      if (second === 4) recordLatency(slots, 0, 1);
      counts.push(reader.read(second * 1000, slots)?.count ?? null);
    }
    expect(counts).toEqual([1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1]);
  });
});
