import { describe, expect, it } from 'vitest';
import { UserScript } from './user-script.ts';

describe('a guarded call', () => {
  it('ends, and is blamed, when it does not end by itself', () => {
    const script = new UserScript('node', 20);
    let turns = 0;
    const forEver = (): void => {
      for (;;) turns++;
    };
    let caught: unknown = null;
    try {
      script.guarded(forEver);
    } catch (error) {
      caught = script.blame(error, 'onRow');
    }
    expect(caught).toMatchObject({
      code: 'MR2304',
      message: 'onRow did not come back within 0.02 seconds',
      retryable: false,
    });
    expect(turns).toBeGreaterThan(0);
  });

  it('leaves errors of the engine as they are', () => {
    const script = new UserScript('node');
    const bug = new Error('Millrace bug: x');
    expect(script.blame(bug, 'onRow')).toBe(bug);
  });
});
