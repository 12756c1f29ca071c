import { describe, expect, it } from 'vitest';
import { shape } from '../../testing/builders.ts';
import { createHarness, inferOperator } from '../../testing/operator-harness.ts';
import { createSample } from './runtime.ts';
import { sampleSpec } from './spec.ts';
import { say } from '../../core/say.ts';

const INPUT = shape('user STRING, n INT');

async function kept(config: Record<string, unknown>, rows: readonly (readonly [string | null, number])[]) {
  const operator = await createHarness({ spec: sampleSpec, create: createSample, config, inputs: [INPUT] });
  operator.push(0, rows);
  return operator.rows();
}

const ROWS = Array.from({ length: 10_000 }, (_, n) => [`user ${n % 500}`, n] as const);

describe('a share', () => {
  const share = (of: number, seed = 0) => ({ size: { type: 'share', share: of, seed } });

  it.each([0.01, 0.1, 0.5, 0.9])('of %d of the rows is about so many', async (of) => {
    const { length } = await kept(share(of), ROWS);
    // Four standard deviations of a binomial distribution.
    expect(Math.abs(length - 10_000 * of)).toBeLessThan(4 * Math.sqrt(10_000 * of * (1 - of)));
  });

  it('of 0 is none, of 1 all, in their order', async () => {
    expect(await kept(share(0), ROWS)).toEqual([]);
    expect(await kept(share(1), ROWS)).toEqual(ROWS);
  });

  it('is the same with the same seed, and another with another', async () => {
    const first = await kept(share(0.5, 7), ROWS);
    expect(await kept(share(0.5, 7), ROWS)).toEqual(first);
    const other = new Set((await kept(share(0.5, 8), ROWS)).map(([, n]) => n));
    const both = first.filter(([, n]) => other.has(n!)).length;
    expect(Math.abs(both - 2500)).toBeLessThan(200);
  });

  it('grows: a larger one holds a smaller', async () => {
    const larger = new Set((await kept(share(0.3), ROWS)).map(([, n]) => n));
    for (const [, n] of await kept(share(0.1), ROWS)) expect(larger.has(n!)).toBe(true);
  });

  it('is of whole keys, and does not depend on which subtask they are in', async () => {
    const rows = await kept({ ...share(0.2), keys: ['user'] }, ROWS);
    const users = new Set(rows.map(([user]) => user));
    expect(users.size).toBeGreaterThan(65);
    expect(users.size).toBeLessThan(136);
    expect(rows).toEqual(ROWS.filter(([user]) => users.has(user)));
  });
});

describe('one of so many', () => {
  it('is the first of them', async () => {
    const rows = await kept({ size: { type: 'every', rows: 100 } }, ROWS);
    expect(rows.map(([, n]) => n)).toEqual(Array.from({ length: 100 }, (_, i) => 100 * i));
  });

  it('is counted for each key', async () => {
    const config = { size: { type: 'every', rows: 2 }, keys: ['user'] };
    const rows = await kept(config, [
      ['a', 1],
      ['b', 2],
      ['a', 3],
      ['a', 4],
      [null, 5],
      ['b', 6],
    ]);
    expect(rows.map(([, n]) => n)).toEqual([1, 2, 4, 5]);
  });
});

describe('inference', () => {
  const infer = (config: Record<string, unknown>, input = INPUT) => inferOperator(sampleSpec, config, [input]);

  it.each([
    ['an unknown key', { size: { type: 'every', rows: 2 }, keys: ['x'] }, INPUT, ['MR1403 keys[0]']],
    [
      'a key without equality',
      { size: { type: 'share', share: 1 }, keys: ['a'] },
      shape('a ARRAY<INT>'),
      ['MR1405 keys[0]'],
    ],
    ['nothing to draw by', { size: { type: 'share', share: 1 } }, shape('a ARRAY<INT>'), ['MR1405 size']],
    ['more than all', { size: { type: 'share', share: 1.5 } }, INPUT, ['MR1203 size.share']],
  ])('reports %s', (_what, config, input, expected) => {
    expect(infer(config, input).diagnostics.map(({ code, path }) => `${code} ${path}`)).toEqual(expected);
  });

  it.each([
    [{ size: { type: 'share', share: 0.07 }, keys: ['user'] }, '7 % by user'],
    [{ size: { type: 'every', rows: 10 } }, '1 of 10'],
  ])('says in a line what it does: %o', (config, expected) => {
    expect(sampleSpec.describe(infer(config).config!, say)).toBe(expected);
  });
});
