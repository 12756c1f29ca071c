import { describe, expect, it } from 'vitest';
import { restartDelayMs } from './restart-strategy.ts';

describe('restart strategies', () => {
  it('back off exponentially up to the limit, then give up', () => {
    const settings = { strategy: 'exponential-delay', initialMs: 100, maxMs: 500, maxAttempts: 4 } as const;
    expect([1, 2, 3, 4, 5].map((attempt) => restartDelayMs(settings, attempt))).toEqual([100, 200, 400, 500, null]);
  });

  it('wait the same time each, then give up', () => {
    const settings = { strategy: 'fixed-delay', delayMs: 30, maxAttempts: 2 } as const;
    expect([1, 2, 3].map((attempt) => restartDelayMs(settings, attempt))).toEqual([30, 30, null]);
  });

  it('never restart with "none"', () => {
    expect(restartDelayMs({ strategy: 'none' }, 1)).toBeNull();
  });
});
