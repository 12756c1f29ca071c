/** Graphs over three streams of rows (`SQL_STREAMS`), for tests of what is made of them: queries, jobs of other systems. */
import fc from 'fast-check';
import { printDataType } from '../core/types.ts';
import { readDocument, type PipelineDocument } from '../graph/index.ts';
import { SQL_STREAMS } from './sql-queries.ts';

const TIMES = { clicks: 'ts', orders: 'at', users: 'seen' };

export const SOURCES = Object.entries(SQL_STREAMS).map(([id, { schema }]) => ({
  id,
  type: 'source.file',
  config: {
    path: `${id}.jsonl`,
    format: 'jsonl',
    schema: schema.fields.map(({ name, type, nullable }) => ({ name, type: printDataType(type), nullable })),
    eventTime: { field: TIMES[id as keyof typeof TIMES], maxOutOfOrdernessMs: 1_000_000 },
  },
}));

export interface SketchNode {
  readonly id: string;
  readonly type: string;
  readonly config?: object;
}

/** Sources, and the nodes that read from them: `from > to`, with ports where they are not the usual ones: `a.late > b.left`. */
export function sketch(nodes: readonly SketchNode[], edges: readonly string[]): PipelineDocument {
  const end = (text: string): string[] => text.trim().split('.');
  const { document, diagnostics } = readDocument({
    format: 'millrace/pipeline',
    version: 1,
    name: 'sketch',
    settings: {},
    notes: [],
    groups: [],
    nodes: [...SOURCES, ...nodes].map((node) => ({ version: 1, config: {}, position: { x: 0, y: 0 }, ...node })),
    edges: edges.map((edge) => {
      const [from, to] = edge.split('>').map(end);
      return { from: from![0], fromPort: from![1] ?? 'out', to: to![0], toPort: to![1] ?? 'in' };
    }),
  });
  if (document === null) throw new Error(JSON.stringify(diagnostics));
  return document;
}

/** Of all sources, a second apart and more. */
export const anyRows = fc.record({
  clicks: fc.array(
    fc.record({
      user: fc.constantFrom('ada', 'bob'),
      page: fc.constantFrom('/', 'home', 'cart'),
      ms: fc.integer({ min: 0, max: 1000 }),
      tags: fc.array(fc.constantFrom('x', 'y'), { maxLength: 2 }),
      ts: anyTime(),
    }),
    { minLength: 5, maxLength: 30 },
  ),
  orders: fc.array(
    fc.record({
      id: fc.integer(),
      user: fc.constantFrom('ada', 'bob'),
      amount: fc.integer({ min: 0, max: 9 }),
      at: anyTime(),
    }),
    { maxLength: 10 },
  ),
  users: fc.array(
    fc.record({
      user: fc.constantFrom('ada', 'bob'),
      name: fc.constantFrom('A', 'B'),
      since: anyTime(),
      seen: anyTime(),
    }),
    { maxLength: 6 },
  ),
});

function anyTime(): fc.Arbitrary<string> {
  return fc.integer({ min: 0, max: 300_000 }).map((ms) => new Date(Date.UTC(2026, 0, 1) + ms).toISOString());
}

export const WINDOW = { type: 'tumbling', size: '1 minute' };
const COUNT = [{ as: 'n', fn: 'COUNT', expr: '*' }];

/** By name: nodes and edges; the last node has the output. */
export const GRAPHS: Readonly<Record<string, readonly [nodes: readonly SketchNode[], edges: readonly string[]]>> = {
  'names and texts that are words of SQL': [
    [
      { id: 'select', type: 'project', config: { fields: [{ as: 'order', expr: 'ms' }, { as: 'from', expr: "user || ' AS -- '" }, { as: 'a b', expr: '"page" -- the page' }] } }, // prettier-ignore
      { id: 'where', type: 'filter', config: { condition: "`order` > 10 OR from = 'a\n  b'" } },
      { id: 'group-by', type: 'aggregate.running', config: { groupBy: ['from'], aggregates: [{ as: 'limit', fn: 'SUM', expr: 'order', filter: "`a b` <> '/'" }] } }, // prettier-ignore
    ],
    ['clicks > select', 'select > where', 'where > group-by'],
  ],
  'the time is handed on beside the fields': [
    [
      { id: 'w', type: 'aggregate.window', config: { groupBy: ['user'], window: WINDOW, aggregates: COUNT } },
      { id: 'p', type: 'project', config: { fields: [{ as: 'rowtime', expr: 'n + 1' }] } },
      { id: 'f', type: 'filter', config: { condition: 'rowtime > 1' } },
      { id: 'w2', type: 'aggregate.window', config: { groupBy: [], window: { type: 'hopping', size: '2 minutes', slide: '1 minute', offset: '250 milliseconds' }, aggregates: COUNT } }, // prettier-ignore
    ],
    ['clicks > w', 'w > p', 'p > f', 'f > w2'],
  ],
  'windows of windows, and a ranking of them': [
    [
      { id: 'w', type: 'aggregate.window', config: { groupBy: ['user'], window: WINDOW, aggregates: COUNT } },
      { id: 'w2', type: 'aggregate.window', config: { groupBy: ['user'], window: { type: 'session', gap: '90 seconds' }, aggregates: [{ as: 'first', fn: 'MIN', expr: 'window_start' }, { as: 'n', fn: 'SUM', expr: 'n' }] } }, // prettier-ignore
      { id: 'top', type: 'topn', config: { partitionBy: [], orderBy: [{ expr: 'n', direction: 'desc', nulls: 'last' }, { expr: 'user' }], n: 1, perWindow: true } }, // prettier-ignore
    ],
    ['clicks > w', 'w > w2', 'w2 > top'],
  ],
  'a window join of one stream with itself, in full': [
    [
      { id: 'w', type: 'aggregate.window', config: { groupBy: ['user'], window: WINDOW, aggregates: COUNT } },
      { id: 'few', type: 'filter', config: { condition: 'n < 3' } },
      { id: 'j', type: 'join.window', config: { on: [{ left: 'user', right: 'user' }], window: { type: 'cumulative', step: '1 minute', size: '5 minutes' }, kind: 'full', condition: 'left.n <= right.n OR left.n > 5' } }, // prettier-ignore
      { id: 'p', type: 'project', config: { fields: [{ as: 'who', expr: 'user' }, { as: 'from', expr: 'window_start' }, { as: 'before', expr: 'left_window_start' }, { as: 'n', expr: 'right_n' }] } }, // prettier-ignore
    ],
    ['clicks > w', 'w > few', 'w > j.left', 'few > j.right', 'j > p'],
  ],
  'joins in a row, with a condition on times': [
    [
      { id: 'j', type: 'join.stream', config: { on: [{ left: 'user', right: 'user' }], kind: 'left', condition: 'ts < at AND amount > 2' } }, // prettier-ignore
      { id: 'first', type: 'project', config: { fields: [{ as: 'who', expr: 'user' }, { as: 'amount', expr: 'amount' }, { as: 'page', expr: 'page' }] } }, // prettier-ignore
      { id: 'j2', type: 'join.stream', config: { on: [{ left: 'who', right: 'user' }] } },
      { id: 'p', type: 'project', config: { fields: [{ as: 'name', expr: 'name' }, { as: 'amount', expr: 'amount' }, { as: 'page', expr: 'page' }] } }, // prettier-ignore
    ],
    ['clicks > j.left', 'orders > j.right', 'j > first', 'first > j2.left', 'users > j2.right', 'j2 > p'],
  ],
  'an interval join that looks back, of what was filtered': [
    [
      { id: 'late', type: 'filter', config: { condition: 'amount > 1' } },
      { id: 'j', type: 'join.interval', config: { on: [{ left: 'user', right: 'user' }], lowerBound: '-90 seconds', upperBound: '0 seconds', kind: 'left' } }, // prettier-ignore
    ],
    ['orders > late', 'late > j.left', 'users > j.right'],
  ],
  'a union of what was given other times, and windows behind it': [
    [
      { id: 'a', type: 'project', config: { fields: [{ as: 'who', expr: 'user' }] } },
      { id: 'b', type: 'project', config: { fields: [{ as: 'who', expr: 'name' }] } },
      { id: 'u', type: 'union' },
      { id: 'w', type: 'aggregate.window', config: { groupBy: ['who'], window: WINDOW, aggregates: COUNT } },
    ],
    ['clicks > a', 'users > b', 'a > u', 'b > u', 'u > w'],
  ],
  'rows of an array, first ones and sums so far': [
    [
      { id: 'e', type: 'unnest', config: { expr: 'tags', as: 'tag', outer: true } },
      { id: 'd', type: 'dedup', config: { keys: ['user', 'tag'], keep: 'first', time: 'event' } },
      { id: 'o', type: 'over', config: { partitionBy: ['user'], frame: { type: 'rows', preceding: 2 }, aggregates: [{ as: 'sum', fn: 'SUM', expr: 'ms' }, { as: 'list', fn: 'LISTAGG', expr: 'page', separator: '; ' }] } }, // prettier-ignore
      { id: 'x', type: 'project', config: { keepAll: true, fields: [{ as: 'ms', expr: 'ms * 2' }, { as: 'long', expr: 'sum > 100' }] } }, // prettier-ignore
    ],
    ['clicks > e', 'e > d', 'd > o', 'o > x'],
  ],
  'a pattern': [
    [
      {
        id: 'named',
        type: 'project',
        config: {
          fields: [
            { as: 'user', expr: 'user' },
            { as: 'value', expr: 'ms' },
          ],
        },
      },
      { id: 'm', type: 'pattern', config: { partitionBy: ['user'], pattern: 'A B*? C', define: [{ variable: 'A', condition: 'value > 500' }, { variable: 'C', condition: 'value < LAST(A.value, 0)' }], measures: [{ as: 'end', expr: 'C.value' }], within: '1 minute', afterMatch: { type: 'to-last', variable: 'C' } } }, // prettier-ignore
    ],
    ['clicks > named', 'named > m'],
  ],
  versions: [
    [
      { id: 'j', type: 'join.temporal', config: { on: [{ left: 'user', right: 'user' }], kind: 'left', condition: 'at > since' } }, // prettier-ignore
      { id: 't', type: 'topn', config: { partitionBy: ['user'], orderBy: [{ expr: 'amount * -1' }, { expr: 'id' }], n: 2, rank: 'rank' } }, // prettier-ignore
    ],
    ['orders > j.left', 'users > j.right', 'j > t'],
  ],
};
