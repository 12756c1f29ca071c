import { describe, expect, it } from 'vitest';
import { batch } from '../../testing/builders.ts';
import { RowTap, SAMPLE_ROWS } from './row-tap.ts';

function rows(from: number, count: number): ReturnType<typeof batch> {
  return batch(
    'n INT',
    Array.from({ length: count }, (_, i) => [from + i]),
  );
}

describe('a row tap', () => {
  it('gives each row of a slow stream once', () => {
    const tap = new RowTap(() => 7);
    expect(tap.take()).toBeNull();
    tap.offer(rows(0, 2));
    tap.offer(rows(2, 1));
    expect(taken(tap)).toEqual([0, 1, 2]);
    expect(tap.take()).toBeNull();
  });

  it('gives the newest of a fast one, and counts all', () => {
    const tap = new RowTap(() => 7);
    for (let i = 0; i < 10; i++) tap.offer(rows(i * 80, 80));
    expect(taken(tap)).toEqual(Array.from({ length: SAMPLE_ROWS }, (_, i) => 700 + i));
    expect(tap.seen).toBe(800);
  });

  it('tells when each row came', () => {
    let now = 0;
    const tap = new RowTap(() => ++now);
    for (let i = 0; i < 60; i++) tap.offer(rows(i * 2, 2));
    const { seenAt } = tap.take()!;
    expect([seenAt.length, seenAt[0], seenAt.at(-1)]).toEqual([SAMPLE_ROWS, 11, 60]);
  });

  function taken(tap: RowTap): unknown[] {
    const { rows: batch } = tap.take()!;
    return Array.from({ length: batch.length }, (_, row) => batch.row(row)[0]);
  }
});
