import { describe, expect, it } from 'vitest';
import { BatchSizer } from './batch-sizer.ts';
import { CREDITS } from './channel.ts';

/** A channel that is always full, to a receiver that works off `rowsPerSecond`. */
function keepFull(sizer: BatchSizer, from: number, untilMs: number, rowsPerSecond: number): number {
  let now = from;
  while (now < untilMs) {
    const { rows } = sizer;
    now += (rows * 1000) / rowsPerSecond;
    sizer.noteFull();
    sizer.noteSent(rows, now);
  }
  return now;
}

const settings = { latencyTargetMs: 1000, maxRows: 2048 };

describe('the batch sizer', () => {
  it('shrinks batches until what is under way takes the target', () => {
    const sizer = new BatchSizer(settings, 0);
    keepFull(sizer, 0, 30_000, 4000);
    const msUnderWay = (sizer.rows * CREDITS * 1000) / 4000;
    expect(msUnderWay).toBeGreaterThan(700);
    expect(msUnderWay).toBeLessThan(1300);
  });

  it('does so at once for a receiver that takes seconds for a batch', () => {
    const sizer = new BatchSizer(settings, 0);
    sizer.noteFull();
    sizer.noteSent(2048, 20_480);
    expect(sizer.rows).toBeLessThan(20);
    expect(sizer.rows).toBeGreaterThanOrEqual(12);
  });

  it('follows a receiver that gets faster, up to full batches', () => {
    const sizer = new BatchSizer(settings, 0);
    const now = keepFull(sizer, 0, 30_000, 1000);
    expect(sizer.rows).toBeLessThan(200);
    keepFull(sizer, now, now + 30_000, 10_000_000);
    expect(sizer.rows).toBe(2048);
  });

  it('grows back when the channel is not full', () => {
    const sizer = new BatchSizer(settings, 0);
    const start = keepFull(sizer, 0, 30_000, 1000);
    const sizes = [];
    for (let period = 1; period <= 6; period++) {
      sizer.noteSent(10, start + period * 200);
      sizes.push(sizer.rows);
    }
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    expect(sizes.at(-1)).toBe(2048);
  });

  it('takes a slow input that never fills the channel for no reason to shrink', () => {
    const sizer = new BatchSizer(settings, 0);
    for (let period = 1; period <= 100; period++) sizer.noteSent(1, period * 200);
    expect(sizer.rows).toBe(2048);
  });

  it('passes over a moment of being full', () => {
    const sizer = new BatchSizer(settings, 0);
    sizer.noteFull();
    sizer.noteSent(2048, 200);
    expect(sizer.rows).toBe(2048);
  });

  it('keeps a minimum, and no more than the most', () => {
    const slow = new BatchSizer(settings, 0);
    keepFull(slow, 0, 600_000, 2);
    expect(slow.rows).toBe(16);
    const small = new BatchSizer({ ...settings, maxRows: 3 }, 0);
    keepFull(small, 0, 600_000, 2);
    expect(small.rows).toBe(3);
  });

  it('is off without a target', () => {
    const sizer = new BatchSizer({ latencyTargetMs: 0, maxRows: 2048 }, 0);
    keepFull(sizer, 0, 60_000, 1);
    expect(sizer.rows).toBe(2048);
  });
});
