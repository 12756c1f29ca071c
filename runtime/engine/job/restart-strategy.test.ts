import { describe, expect, it } from 'vitest';
import type { RestartSettings } from '../../graph/settings.ts';
import { RestartStrategy } from './restart-strategy.ts';

/** What it answers to failures at these times. */
function delays(settings: RestartSettings, times: readonly number[]): (number | null)[] {
  const strategy = new RestartStrategy(settings);
  return times.map((at) => strategy.fail(at));
}

const exponential = {
  strategy: 'exponential-delay',
  initialMs: 100,
  maxMs: 500,
  maxAttempts: 4,
  resetAfterMs: 1000,
} as const;

describe('restart strategies', () => {
  it('back off exponentially up to the limit, then give up', () => {
    expect(delays(exponential, [0, 0, 0, 0, 0])).toEqual([100, 200, 400, 500, null]);
  });

  it('begin anew with the first delay after a long time without a failure', () => {
    expect(delays(exponential, [0, 1000, 2001])).toEqual([100, 200, 100]);
  });

  it('wait the same time each, then give up', () => {
    const settings = { strategy: 'fixed-delay', delayMs: 30, maxAttempts: 2 } as const;
    expect(delays(settings, [0, 0, 0])).toEqual([30, 30, null]);
  });

  it('give up at a failure too many within an interval, not over a long time', () => {
    const settings = { strategy: 'failure-rate', delayMs: 30, maxFailures: 2, intervalMs: 100 } as const;
    expect(delays(settings, [0, 60, 120, 180, 240])).toEqual([30, 30, 30, 30, 30]);
    expect(delays(settings, [0, 60, 100, 159])).toEqual([30, 30, 30, null]);
    expect(delays({ ...settings, maxFailures: 0 }, [0])).toEqual([null]);
  });

  it('never restart with "none"', () => {
    expect(delays({ strategy: 'none' }, [0])).toEqual([null]);
  });
});
