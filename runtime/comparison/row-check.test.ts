import { describe, expect, it } from 'vitest';
import { nodeId } from '../core/ids.ts';
import { schema } from '../testing/builders.ts';
import type { Row } from './engine.ts';
import { checkRows } from './row-check.ts';
import { canonicalRow, readJson } from './rows.ts';

const shops = schema('shop STRING, day DATE, n BIGINT, tags MAP<STRING, INT>');
const rowOf = (shop: string, n: string, tags = '{}'): Row =>
  canonicalRow(shops, readJson(`["${shop}", "2026-01-01", ${n}, ${tags}]`) as unknown[]);

describe('rows here and there', () => {
  it('are the same in any order, as often', () => {
    const rows = [rowOf('a', '1'), rowOf('b', '2'), rowOf('a', '1')];
    const check = checkRows(nodeId('out'), shops, rows, [rows[1]!, rows[0]!, rows[2]!]);
    expect(check).toMatchObject({
      isMet: true,
      expectedCount: 3,
      actualCount: 3,
      fields: ['shop', 'day', 'n', 'tags'],
    });
    expect(checkRows(nodeId('out'), shops, rows, rows.slice(1)).isMet).toBe(false);
  });

  it('shows what is missing, unexpected and changed, before what is the same', () => {
    const here = [rowOf('a', '1'), rowOf('b', '9007199254740993', '{"x": 1}'), rowOf('c', '3')];
    const there = [rowOf('c', '3'), rowOf('b', '9007199254740992', '{"x": 1}'), rowOf('z', '70', '{"y": 2}')];
    const { rows, isMet } = checkRows(nodeId('out'), shops, here, there);
    expect(isMet).toBe(false);
    expect(rows.map(({ comparison, changed }) => [comparison, ...changed])).toEqual([
      ['missing'],
      ['changed', 'n'],
      ['unexpected'],
      ['same'],
    ]);
    // A BIGINT keeps its digits, and what is read is what JSONL would hold.
    expect(rows[1]!.expected!.values).toEqual(['b', '2026-01-01', '9007199254740993', { x: 1 }]);
    expect(rows[1]!.actual!.values[2]).toBe('9007199254740992');
    expect(rows[3]!.actual!.values[2]).toBe(3);
  });
});
