import { describe, expect, it } from 'vitest';
import { nodeId } from '../../../runtime/core/ids.ts';
import { WALL_THEMES } from '../wall-themes.ts';
import { largestParts, TileRows } from '../tile-rows.ts';
import { valuesByProvince } from './ChinaTile.tsx';
import { findProvince, PROVINCES } from './china-provinces.ts';
import { gaugeState, rangesOf } from './GaugeTile.tsx';
import { linesOf } from './LineTile.tsx';
import { rankedRows } from './RankingTile.tsx';

function rowsOf(fields: readonly string[], rows: readonly (readonly unknown[])[], eventTime: number | null = null) {
  const sampled = rows.map((values) => ({ values, eventTime, changeKind: '+I', seenAt: 0, subtask: 0 }) as const);
  return new TileRows({ nodeId: nodeId('tile'), port: 'in', fields, rows: sampled, seen: rows.length });
}

describe('tiles', () => {
  it('show the largest parts, and the sum of the others', () => {
    const rows = rowsOf(
      ['name', 'n'],
      [
        ['a', 1],
        ['b', '123456789012345678.5'],
        [null, 3],
        ['d', null],
      ],
    );
    expect(largestParts(rows, { category: 'name', value: 'n', top: 2 })).toEqual({
      parts: [
        { name: 'b', value: 123456789012345678.5 },
        { name: '–', value: 3 },
      ],
      rest: 1,
      restCount: 2,
    });
  });

  it('draw a line for each series, in the order of time', () => {
    const rows = rowsOf(
      ['at', 'n', 'of'],
      [
        ['2026-01-01T00:00:02Z', 2, 'x'],
        ['2026-01-01T00:00:01Z', 1, 'x'],
        ['2026-01-01T00:00:01Z', 5, 'y'],
      ],
    );
    const second = Date.UTC(2026, 0, 1) + 1000;
    const view = { kind: 'line', time: 'at', values: ['n'], series: 'of', area: true } as const;
    expect(linesOf(rows, view)).toEqual([
      {
        name: 'x',
        points: [
          [second, 1],
          [second + 1000, 2],
        ],
      },
      { name: 'y', points: [[second, 5]] },
    ]);
    const untimed = { ...view, time: null, series: null };
    expect(linesOf(rowsOf(['n'], [[7]], 42), untimed)).toEqual([{ name: 'n', points: [[42, 7]] }]);
    expect(linesOf(rowsOf(['n'], [[7]]), untimed)).toEqual([{ name: 'n', points: [] }]);
  });

  it('rank rows by a field, or show the newest first', () => {
    const rows = rowsOf(['n'], [[2], [null], [9], [5]]);
    const view = { kind: 'table', key: [], columns: [], top: 3 } as const;
    expect(rankedRows(rows, { ...view, sortBy: 'n' })).toEqual([2, 3, 0]);
    expect(rankedRows(rows, { ...view, sortBy: null })).toEqual([3, 2, 1]);
  });

  it('know whether large or small values are the bad ones', () => {
    const view = { kind: 'gauge', value: 'n', min: 0, max: 100, warnAt: 60, alarmAt: 90 } as const;
    expect([10, 60, 95].map((value) => gaugeState(value, view))).toEqual(['good', 'warn', 'bad']);
    const isLowBad = { ...view, warnAt: 40, alarmAt: 20 };
    expect([10, 40, 95].map((value) => gaugeState(value, isLowBad))).toEqual(['bad', 'warn', 'good']);
    const { good, warn, bad } = WALL_THEMES.dark;
    expect(rangesOf(isLowBad, WALL_THEMES.dark)).toEqual([
      [0.2, bad],
      [0.4, warn],
      [1, good],
    ]);
  });

  it('find provinces by all their names, each in a place of its own', () => {
    for (const name of ['44', '440000', 'GD', 'CN-GD', 'guangdong', '广东', '广东省'])
      expect(findProvince(name)?.letters, name).toBe('GD');
    expect(
      ['广西壮族自治区', '内蒙古', 'Hong Kong', '香港特别行政区', 'Xizang'].map((name) => findProvince(name)?.letters),
    ).toEqual(['GX', 'NM', 'HK', 'HK', 'XZ']);
    expect(findProvince('Atlantis')).toBeNull();
    expect(new Set(PROVINCES.map(({ column, row }) => `${column} ${row}`)).size).toBe(34);
    const rows = rowsOf(
      ['where', 'n'],
      [
        ['GD', 1],
        ['广东', 2],
        ['Atlantis', 3],
      ],
    );
    expect(valuesByProvince(rows, { province: 'where', value: 'n' })).toEqual({
      values: new Map([['44', 3]]),
      unknown: ['Atlantis'],
    });
  });
});
