import { expect, it } from 'vitest';
import { nameAt } from './name-at.ts';

it('finds the name around the cursor, at either end of it, and between backquotes', () => {
  const text = 'price > `two words`';
  expect([0, 3, 5, 6, 8, 12, 19].map((at) => nameAt(text, at))).toEqual([
    'price',
    'price',
    'price',
    null,
    'two words',
    'two words',
    'two words',
  ]);
  expect(nameAt('', 0)).toBeNull();
});
