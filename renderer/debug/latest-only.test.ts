import { expect, it } from 'vitest';
import { latestOnly } from './latest-only.ts';

it('works for the first value and for the last of those that come meanwhile, one after the other', async () => {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const go = latestOnly(async (value: number) => {
    begun.push(value);
    await new Promise<void>((resolve) => ends.push(resolve));
  });
  const done = go(1);
  for (const value of [2, 3, 4]) void go(value);
  expect(begun).toEqual([1]);
  ends.shift()!();
  await Promise.resolve();
  await Promise.resolve();
  expect(begun).toEqual([1, 4]);
  ends.shift()!();
  await done;
  void go(5);
  expect(begun).toEqual([1, 4, 5]);
});
