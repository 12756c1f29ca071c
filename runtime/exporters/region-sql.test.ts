import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentOf, queries } from '../bench/nexmark/queries.ts';
import { validateDocument } from '../compiler/index.ts';
import { checkConfig } from '../core/config.ts';
import { nodeId, type NodeId } from '../core/ids.ts';
import { printDataType } from '../core/types.ts';
import { readDocument, type PipelineDocument } from '../graph/index.ts';
import { findExporter } from '../operators/exporters.ts';
import { catalogSubjects } from '../testing/catalog-subjects.ts';
import { exampleInputs } from '../testing/docs-example.ts';
import { propertyRuns } from '../testing/property-runs.ts';
import { planOf, readBack, rowsOf, takenApart } from '../testing/region-runs.ts';
import { SQL_QUERIES, SQL_STREAMS } from '../testing/sql-queries.ts';
import { regionSql } from './region-sql.ts';

const TIMES = { clicks: 'ts', orders: 'at', users: 'seen' };

const SOURCES = Object.entries(SQL_STREAMS).map(([id, { schema }]) => ({
  id,
  type: 'source.file',
  config: {
    path: `${id}.jsonl`,
    format: 'jsonl',
    schema: schema.fields.map(({ name, type, nullable }) => ({ name, type: printDataType(type), nullable })),
    eventTime: { field: TIMES[id as keyof typeof TIMES], maxOutOfOrdernessMs: 1_000_000 },
  },
}));

interface SketchNode {
  readonly id: string;
  readonly type: string;
  readonly config?: object;
}

/** Sources, and the nodes that read from them: `from > to`, with ports where they are not the usual ones: `a.late > b.left`. */
function sketch(nodes: readonly SketchNode[], edges: readonly string[]): PipelineDocument {
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

const INPUTS = [{ name: 'clicks' }, { name: 'orders' }, { name: 'users', time: 'seen' }];

/** Of all sources, a second apart and more. */
const anyRows = fc.record({
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

/** That two documents give the same rows. */
async function expectSameRows(
  first: { document: PipelineDocument; output: NodeId },
  second: { document: PipelineDocument; output: NodeId },
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(anyRows, fc.nat(), async (rows, seed) => {
      expect(await rowsOf({ ...second, rows, seed })).toEqual(await rowsOf({ ...first, rows, seed }));
    }),
    propertyRuns(4),
  );
}

/** What a query says in more words than it was planned from: columns that are handed on, one by one. */
const LONGER = [
  'window_time AS t',
  'GROUP BY UPPER(page)',
  'SELECT DISTINCT',
  'OVER (PARTITION BY user ORDER BY ts RANGE',
];

describe('a query, taken apart and told again', () => {
  it.each(SQL_QUERIES)('is planned as before, and gives the same rows: %s', async (query) => {
    const read = INPUTS.filter(({ name }) => new RegExp(`\\b${name}\\b`).test(query));
    const document = sketch(
      [{ id: 'q', type: 'sql', config: { inputs: read, query } }],
      read.map(({ name }) => `${name} > q.${name}`),
    );
    const apart = takenApart(document, nodeId('q'));
    const again = readBack(apart.document, apart.ids);
    const twice = takenApart(again.document, again.id);
    const before = { document: apart.document, output: apart.ids.at(-1)! };
    const after = { document: twice.document, output: twice.ids.at(-1)! };
    if (!LONGER.some((text) => query.includes(text))) {
      expect(planOf(after.document, after.output)).toEqual(planOf(before.document, before.output));
    }
    await expectSameRows(before, after);
    // The composite itself is read as what it stands for.
    expect(readBack(document, [nodeId('q')]).query).toBe(again.query);
  });
});

const WINDOW = { type: 'tumbling', size: '1 minute' };
const COUNT = [{ as: 'n', fn: 'COUNT', expr: '*' }];

/** By name: nodes and edges; the last node has the output. */
const GRAPHS: Readonly<Record<string, readonly [nodes: readonly SketchNode[], edges: readonly string[]]>> = {
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

describe('a graph as a query gives the rows that it gave', () => {
  it.each(Object.entries(GRAPHS))('%s', async (_name, [nodes, edges]) => {
    const document = sketch(nodes, edges);
    const told = readBack(document, nodes.map(({ id }) => nodeId(id))); // prettier-ignore
    const output = nodeId(nodes.at(-1)!.id);
    expect(validateDocument(told.document).nodes.get(told.id)!.outputs['out']!.schema).toEqual(
      validateDocument(document).nodes.get(output)!.outputs['out']!.schema,
    );
    await expectSameRows({ document, output }, { document: told.document, output: told.id });
  });
});

describe('the queries of Nexmark', () => {
  it.each(queries)('$name', (query) => {
    const document = documentOf(query);
    const ids = document.nodes.flatMap(({ id, type }) => (/^(source|sink)/.test(type) ? [] : [id]));
    const told = regionSql(document, ids);
    if (!told.ok) {
      expect(told.error).toMatchObject({ reason: 'unsupported' });
      expect(WITHOUT_SQL).toContain(query.name);
      return;
    }
    expect(WITHOUT_SQL).not.toContain(query.name);
    const again = readBack(document, ids);
    const shapeOf = (one: PipelineDocument): unknown => {
      const { nodes } = validateDocument(one);
      const [into] = one.edges.filter(({ to }) =>
        one.nodes.some(({ id, type }) => id === to && type.startsWith('sink')),
      );
      const { schema, changelog } = nodes.get(into!.from)!.outputs[into!.fromPort]!;
      return { schema, changelog };
    };
    expect(shapeOf(takenApart(again.document, again.id).document)).toEqual(shapeOf(document));
  });
});

/** Windows by the clock, a side table, folders by time. */
const WITHOUT_SQL = ['q12', 'q13'];

describe('why there is no query', () => {
  it.each<readonly [string, readonly SketchNode[], readonly string[], object]>([
    ['nothing is chosen', [], [], { reason: 'empty' }],
    ['two ends', [{ id: 'a', type: 'union' }, { id: 'b', type: 'union' }], ['clicks > a', 'clicks > b'], { reason: 'outputs', nodes: ['a', 'b'] }], // prettier-ignore
    ['an error', [{ id: 'a', type: 'filter', config: { condition: 'nobody > 1' } }], ['clicks > a'], { reason: 'errors', node: 'a' }], // prettier-ignore
    ['an input that is open', [{ id: 'a', type: 'union' }], [], { reason: 'errors', node: 'a' }],
    ['an operator without SQL', [{ id: 'a', type: 'rateLimit', config: { rowsPerSecond: 5 } }], ['clicks > a'], { reason: 'unsupported', node: 'a', because: 'slows rows down, which is nothing that a query can ask for' }], // prettier-ignore
    ['no time', [{ id: 'j', type: 'join.interval', config: { on: [{ left: 'user', right: 'user' }], lowerBound: '0 seconds', upperBound: '1 minute' } }, { id: 'w', type: 'aggregate.window', config: { groupBy: [], window: WINDOW } }], ['clicks > j.left', 'orders > j.right', 'j > w'], { reason: 'unsupported', node: 'w' }], // prettier-ignore
    ['late rows', [{ id: 'w', type: 'aggregate.window', config: { groupBy: [], window: WINDOW } }, { id: 'a', type: 'union' }], ['clicks > w', 'w.late > a'], { reason: 'outputs' }], // prettier-ignore
    ['a TTL', [{ id: 'a', type: 'aggregate.running', config: { groupBy: ['user'], stateTtl: '1 hour' } }], ['clicks > a'], { reason: 'unsupported', node: 'a' }], // prettier-ignore
  ])('%s', (_name, nodes, edges, problem) => {
    const told = regionSql(sketch(nodes, edges), nodes.map(({ id }) => nodeId(id))); // prettier-ignore
    expect(told).toMatchObject({ ok: false, error: problem });
  });

  it('a node between those that are chosen', () => {
    const document = sketch(['a', 'b', 'c'].map((id) => ({ id, type: 'union' })), ['clicks > a', 'a > b', 'b > c', 'a > c']); // prettier-ignore
    expect(regionSql(document, [nodeId('a'), nodeId('c')])).toEqual({
      ok: false,
      error: { reason: 'outputs', nodes: ['a', 'c'] },
    });
  });
});

describe('law 8: every operator has a query or a reason', () => {
  it.each(catalogSubjects())('$type', ({ type, spec, example }) => {
    const { value } = checkConfig(spec.config, example.config);
    const streams = exampleInputs(spec, example);
    const outputs = spec.infer(value, streams, () => undefined);
    const inputs = streams.map(({ port, shape }, i) => ({
      port,
      schema: shape.schema,
      table: `t${i}`,
      time: example.inputs[i]?.eventTime ?? null,
      isWindowed: false,
      columns: shape.schema.fields.map(({ name }) => name),
      dialect: 'millrace' as const,
    }));
    const told = findExporter(type)!.flink(value, inputs, {
      port: 'out',
      table: 'q',
      schema: outputs['out']?.schema ?? { fields: [] },
      extraTime: null,
      freshTable: (base) => base,
    });
    expect('unsupported' in told ? told.unsupported : told.select).toMatch(/^(SELECT\s|[a-z])/);
  });
});
