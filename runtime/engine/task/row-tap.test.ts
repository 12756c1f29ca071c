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
    expect([tap.take()!.length, tap.seenAt]).toEqual([3, 7]);
    expect(tap.take()).toBeNull();
  });

  it('gives some of a fast one, and counts all', () => {
    const tap = new RowTap(() => 7);
    for (let i = 0; i < 10; i++) tap.offer(rows(i * 80, 80));
    const taken = tap.take()!;
    expect([taken.length, taken.row(0)[0], taken.row(SAMPLE_ROWS - 1)[0], tap.seen]).toEqual([100, 60, 159, 800]);
  });
});
