import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowNumbers, type SplitProgress } from './row-numbers.ts';

describe('RowNumbers', () => {
  it('makes every row once over any history of stops and parallelisms, ascending between two', () => {
    const life = fc.record({
      parallelism: fc.integer({ min: 1, max: 140 }),
      takes: fc.array(fc.nat({ max: 300 }), { minLength: 1, maxLength: 5 }),
    });
    fc.assert(
      fc.property(fc.array(life, { maxLength: 4 }), fc.nat({ max: 1000 }), (lives, end) => {
        const seen: number[] = [];
        let progress: SplitProgress[] = [];
        for (const { parallelism, takes } of [...lives, { parallelism: 2, takes: [2000] }]) {
          const subtasks = Array.from(
            { length: parallelism },
            (_, subtask) => new RowNumbers(subtask, parallelism, end, progress),
          );
          subtasks.forEach((subtask, i) => {
            const numbers = [...subtask.take(takes[i % takes.length]!)].map(Number);
            expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
            seen.push(...numbers);
          });
          progress = subtasks.flatMap((subtask) => subtask.progress);
        }
        expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: end }, (_, n) => n));
      }),
    );
  });

  it('is exact beyond 32 bits', () => {
    const progress = Array.from({ length: 128 }, (_, split) => ({ split, next: 2 ** 40 + split }));
    expect([...new RowNumbers(0, 1, Infinity, progress).take(2)]).toEqual([2n ** 40n, 2n ** 40n + 1n]);
  });
});
