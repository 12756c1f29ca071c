import { describe, expect, it } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import { sketch } from '../testing/app.tsx';
import { openRows, outlineRows } from './outline-rows.ts';

const node = { type: 'filter' };

function printed(rows: ReturnType<typeof outlineRows>): readonly string[] {
  return rows.map(({ nodeId: id, level, isReference, port }) =>
    ['  '.repeat(level - 1), id, port === null ? '' : ` by ${port}`, isReference ? ' (see above)' : ''].join(''),
  );
}

describe('outlineRows', () => {
  it('follows the data, goes down a level where it branches, and refers to what was listed before', () => {
    const document = sketch({ a: node, b: node, c: node, d: node, e: node, f: node, alone: node }, [
      'a -> b',
      'b -> c',
      'b.late -> d',
      'c -> e',
      'f -> e',
    ]);
    const rows = outlineRows(document);
    expect(printed(rows)).toEqual(['a', 'b', '  c', '  e', '  d by late', 'f', 'e (see above)', 'alone']);
    expect(printed(openRows(rows, new Set(['a b'])))).toEqual(['a', 'b', 'f', 'e (see above)', 'alone']);
  });

  it('lists what is in a cycle, and says in which groups a node is', () => {
    const document = sketch({ a: node, b: node }, ['a -> b', 'b -> a']);
    const groups = [
      { id: 'outer', label: 'Clean', nodes: [] },
      { id: 'inner', label: '', nodes: [nodeId('b')], parent: 'outer' },
    ];
    const rows = outlineRows({ ...document, groups });
    expect(printed(rows)).toEqual(['a', 'b', 'a (see above)']);
    expect(rows[1]!.groups).toEqual(['Clean', 'inner']);
  });
});
