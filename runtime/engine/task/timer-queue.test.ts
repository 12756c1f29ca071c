import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimerQueue } from './timer-queue.ts';

describe('the timer queue', () => {
  it('gives due timers earliest first, each once', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50)), fc.nat(60), (times, now) => {
        const queue = new TimerQueue<string>();
        for (const at of times) queue.add(at, 'owner');
        const taken: number[] = [];
        for (let timer = queue.takeDue(now); timer !== null; timer = queue.takeDue(now)) taken.push(timer.at);
        expect(taken).toEqual([...new Set(times)].filter((at) => at <= now).sort((a, b) => a - b));
        expect(queue.nextAt > now).toBe(true);
      }),
      { seed: 1 },
    );
  });

  it('may be set again once it has fired', () => {
    const queue = new TimerQueue<string>();
    queue.add(5, 'owner');
    expect(queue.takeDue(5)).toEqual({ at: 5, owner: 'owner' });
    queue.add(5, 'owner');
    expect(queue.takeDue(5)).not.toBeNull();
  });
});
