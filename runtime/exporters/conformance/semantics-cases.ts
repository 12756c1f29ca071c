/** Cases about what the examples leave out: late rows, kinds of windows, NULLs, changes, functions. */
import fc from 'fast-check';
import { assert } from '../../core/errors.ts';
import { readDocument } from '../../graph/index.ts';
import { checkExpression, functionCatalog, scopeOf, untranslatable } from '../../expression/index.ts';
import { anyRows, GRAPHS, SOURCES as GRAPH_SOURCES } from '../../testing/region-graphs.ts';
import type { Case } from './case.ts';

/** Rows of every graph: the same in each run. */
const SEED = 7;

type Nodes = readonly { readonly id: string; readonly type: string; readonly config?: object }[];

/** `from > to`, with ports where they are not the usual ones; a sink stands at each end that is named `… > !name`. */
function document(name: string, nodes: Nodes, edges: readonly string[]): Case['document'] {
  const end = (text: string): string[] => text.trim().split('.');
  const sinks = edges.flatMap((edge) => /> !(\w+)$/.exec(edge)?.[1] ?? []);
  const read = readDocument({
    format: 'millrace/pipeline',
    version: 1,
    name,
    nodes: [...nodes, ...sinks.map((id) => ({ id, type: 'sink.print', config: {} }))],
    edges: edges.map((edge) => {
      const [from, to] = edge.replace('!', '').split('>').map(end);
      return { from: from![0], fromPort: from![1] ?? 'out', to: to![0], toPort: to![1] ?? 'in' };
    }),
  });
  assert(read.document !== null, `${name}: ${read.diagnostics[0]?.message}`);
  return read.document;
}

function source(id: string, fields: readonly string[], outOfOrderMs = 0): Nodes[number] {
  const schema = fields.map((field) => ({ name: field.split(' ')[0], type: field.split(' ').slice(1).join(' ') }));
  const eventTime = { field: 'ts', maxOutOfOrdernessMs: outOfOrderMs, perRow: true };
  return { id, type: 'source.file', config: { path: `${id}.jsonl`, format: 'jsonl', schema, eventTime } };
}

function lines(fields: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const names = fields.map((field) => field.split(' ')[0]!);
  return rows.map((row) => `${JSON.stringify(Object.fromEntries(names.map((n, i) => [n, row[i]])))}\n`).join('');
}

const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();

const SALES = ['shop STRING', 'item STRING', 'pieces INT', 'price DECIMAL(10,2)', 'weight DOUBLE', 'ts TIMESTAMP'];
const SALE_ROWS = [
  ['n', 'a', 3, 1.5, 0.1, at(1)],
  ['n', 'b', 4, 2.25, 0.2, at(5)],
  ['s', 'a', null, 1.75, 0.3, at(3)],
  ['n', 'a', -2, null, null, at(12)],
  [null, 'c', 7, 9.99, 2.5, at(14)],
  ['s', null, 1, 0.01, 1e10, at(25)],
  ['n', 'a', 5, 3, 0.7, at(31)],
  // Behind the watermark: late for windows that have ended at 20 s.
  ['n', 'b', 100, 100, 100, at(2)],
  ['s', 'a', 6, 4.5, 0.9, at(27)],
  ['s', 'b', 6, 4.5, 0.9, at(95)],
  ['n', 'b', 8, 5, 1.1, at(60)],
  ['n', 'a', 1, 1, 1, at(96)],
];
const sales = { 'sales.jsonl': lines(SALES, SALE_ROWS) };

const COUNT = { as: 'n', fn: 'COUNT', expr: '*' };
const AGGREGATES = [
  COUNT,
  { as: 'known', fn: 'COUNT', expr: 'pieces' },
  { as: 'items', fn: 'COUNT', expr: 'item', distinct: true },
  { as: 'sum', fn: 'SUM', expr: 'pieces' },
  { as: 'total', fn: 'SUM', expr: 'price' },
  { as: 'mean', fn: 'AVG', expr: 'pieces' },
  { as: 'meanPrice', fn: 'AVG', expr: 'price' },
  { as: 'meanWeight', fn: 'AVG', expr: 'weight' },
  { as: 'least', fn: 'MIN', expr: 'price' },
  { as: 'most', fn: 'MAX', expr: 'ts' },
  { as: 'spread', fn: 'STDDEV_POP', expr: 'weight' },
  { as: 'few', fn: 'SUM', expr: 'pieces', filter: 'pieces < 5' },
];

const WINDOWS = {
  tumbling: { type: 'tumbling', size: '10 seconds' },
  'tumbling with an offset': { type: 'tumbling', size: '20 seconds', offset: '5 seconds' },
  hopping: { type: 'hopping', size: '20 seconds', slide: '5 seconds' },
  cumulative: { type: 'cumulative', size: '30 seconds', step: '10 seconds' },
} as const;

function windowCases(): readonly Case[] {
  return Object.entries(WINDOWS).flatMap(([kind, window]): Case[] => {
    const w = { id: 'w', type: 'aggregate.window', config: { groupBy: ['shop'], window, aggregates: AGGREGATES } };
    return [
      one(`${kind} windows`, [w], ['sales > w', 'w > !out']),
      one(`${kind} windows, and what is late for them`, [w], ['sales > w', 'w > !out', 'w.late > !late'], true),
    ];
  });
}

function one(name: string, nodes: Nodes, edges: readonly string[], isLateAllowed = false): Case {
  return {
    name: `semantics ${name}`,
    document: document(name, [source('sales', SALES, 5000), ...nodes], edges),
    baseFolder: '',
    files: sales,
    isLateAllowed,
  };
}

const SESSIONS = { id: 'w', type: 'aggregate.window', config: { groupBy: ['shop'], window: { type: 'session', gap: '10 seconds' }, aggregates: [COUNT] } }; // prettier-ignore

const operators: readonly Case[] = [
  one('sessions', [SESSIONS], ['sales > w', 'w > !out']),
  one('sessions, and what is late for them', [SESSIONS], ['sales > w', 'w > !out'], true),
  one('sessions by two keys', [{ ...SESSIONS, config: { ...SESSIONS.config, groupBy: ['shop', 'item'] } }], ['sales > w', 'w > !out']), // prettier-ignore
  one('aggregates that go on', [{ id: 'a', type: 'aggregate.running', config: { groupBy: ['shop'], aggregates: AGGREGATES } }], ['sales > a', 'a > !out']), // prettier-ignore
  one('a ranking, NULLs first and last', [
    { id: 't', type: 'topn', config: { partitionBy: ['item'], orderBy: [{ expr: 'price', direction: 'desc', nulls: 'last' }, { expr: 'ts' }], n: 2, rank: 'place' } }, // prettier-ignore
    { id: 'all', type: 'topn', config: { partitionBy: [], orderBy: [{ expr: 'pieces', nulls: 'first' }, { expr: 'ts' }], n: 3 } }, // prettier-ignore
  ], ['sales > t', 't > !out', 'sales > all', 'all > !three']), // prettier-ignore
  one('windows by the number of rows', [
    { id: 'w', type: 'aggregate.window', config: { groupBy: ['item'], window: { type: 'count', size: 2 }, aggregates: [COUNT, { as: 'sum', fn: 'SUM', expr: 'pieces' }, { as: 'few', fn: 'SUM', expr: 'pieces', filter: 'pieces < 5' }] } }, // prettier-ignore
    { id: 's', type: 'aggregate.window', config: { groupBy: ['item'], window: { type: 'count', size: 3, slide: 2 }, aggregates: [COUNT, { as: 'total', fn: 'SUM', expr: 'price' }] } }, // prettier-ignore
    { id: 'g', type: 'aggregate.window', config: { groupBy: [], window: { type: 'global', trigger: { count: 5 } }, aggregates: [COUNT, { as: 'most', fn: 'MAX', expr: 'price' }] } }, // prettier-ignore
  ], ['sales > w', 'w > !out', 'sales > s', 's > !sliding', 'sales > g', 'g > !all']), // prettier-ignore
  one('one row of three', [{ id: 's', type: 'sample', config: { size: { type: 'every', rows: 3 }, keys: [] } }], ['sales > s', 's > !out']), // prettier-ignore
  one('changes as rows', [
    { id: 'a', type: 'aggregate.running', config: { groupBy: ['shop'], aggregates: [COUNT] } },
    { id: 'c', type: 'changelog', config: {} },
    { id: 'u', type: 'changelog', config: { rows: 'upserts', field: 'kind' } },
  ], ['sales > a', 'a > c', 'c > !out', 'a > u', 'u > !upserts']), // prettier-ignore
  one('event time behind joins and patterns', [
    { id: 'i', type: 'join.interval', config: { on: [{ left: 'shop', right: 'shop' }], lowerBound: '0 seconds', upperBound: '20 seconds', kind: 'inner' } }, // prettier-ignore
    { id: 'w', type: 'aggregate.window', config: { groupBy: ['shop'], window: WINDOWS.tumbling, aggregates: [COUNT] } },
    { id: 'p', type: 'pattern', config: { partitionBy: ['shop'], pattern: 'FEW MANY', define: [{ variable: 'FEW', condition: 'pieces < 5' }, { variable: 'MANY', condition: 'pieces >= 5' }], measures: [{ as: 'at', expr: 'MANY.ts' }], within: '5 minutes' } }, // prettier-ignore
    { id: 'q', type: 'project', config: { fields: [{ as: 'shop', expr: 'shop' }, { as: 'at', expr: 'at' }] } },
    { id: 'r', type: 'project', config: { fields: [{ as: 'shop', expr: 'shop' }, { as: 'at', expr: 'ts' }] } },
    { id: 'm', type: 'union', config: {} },
    { id: 'x', type: 'aggregate.window', config: { groupBy: ['shop'], window: WINDOWS.hopping, aggregates: [COUNT, { as: 'first', fn: 'MIN', expr: 'at' }] } }, // prettier-ignore
  ], ['sales > i.left', 'sales > i.right', 'i > w', 'w > !out', 'sales > p', 'p > q', 'sales > r', 'q > m', 'r > m', 'm > x', 'x > !merged']), // prettier-ignore
  one('the last row of a key', [{ id: 'd', type: 'dedup', config: { keys: ['shop'], keep: 'last', time: 'event' } }], ['sales > d', 'd > !out']), // prettier-ignore
  one('the first row of a key by the clock', [{ id: 'd', type: 'dedup', config: { keys: ['shop', 'item'], keep: 'first', time: 'processing' } }], ['sales > d', 'd > !out']), // prettier-ignore
  one('rows so far, by number and by time', [
    { id: 'rows', type: 'over', config: { partitionBy: ['shop'], frame: { type: 'rows', preceding: 1 }, aggregates: [COUNT, { as: 'sum', fn: 'SUM', expr: 'pieces' }] } }, // prettier-ignore
    { id: 'range', type: 'over', config: { partitionBy: ['shop'], frame: { type: 'range', preceding: '15 seconds' }, aggregates: [{ as: 'total', fn: 'SUM', expr: 'price' }] } }, // prettier-ignore
  ], ['sales > rows', 'rows > !out', 'sales > range', 'range > !inTime']), // prettier-ignore
  one('joins of a stream with its own windows', [
    { id: 'w', type: 'aggregate.window', config: { groupBy: ['item'], window: WINDOWS.tumbling, aggregates: [{ as: 'most', fn: 'MAX', expr: 'price' }] } }, // prettier-ignore
    { id: 'j', type: 'join.interval', config: { on: [{ left: 'item', right: 'item' }], lowerBound: '0 seconds', upperBound: '10 seconds', kind: 'left' } }, // prettier-ignore
    { id: 'k', type: 'join.window', config: { on: [{ left: 'item', right: 'item' }], window: WINDOWS.tumbling, kind: 'full' } }, // prettier-ignore
    { id: 's', type: 'join.stream', config: { on: [{ left: 'item', right: 'item' }], kind: 'full', condition: 'pieces > 3' } }, // prettier-ignore
  ], ['sales > w', 'sales > j.left', 'w > j.right', 'j > !interval', 'w > k.left', 'sales > k.right', 'k > !window', 'sales > s.left', 'w > s.right', 's > !stream']), // prettier-ignore
  one('arithmetic, NULLs and texts of values', [
    { id: 'p', type: 'project', config: { fields: [
      { as: 'half', expr: 'pieces / 2' }, { as: 'rest', expr: 'pieces % 2' }, { as: 'decimal', expr: 'price * pieces' }, { as: 'third', expr: 'price / 3' },
      { as: 'mixed', expr: 'price + weight' }, { as: 'tall', expr: 'CAST(price AS STRING)' }, { as: 'heavy', expr: 'CAST(weight AS STRING)' }, { as: 'when', expr: 'CAST(ts AS STRING)' },
      { as: 'day', expr: 'CAST(ts AS DATE)' }, { as: 'later', expr: "ts + INTERVAL '90' MINUTE" }, { as: 'isFew', expr: 'pieces < 3 OR price > 3' }, { as: 'name', expr: "COALESCE(shop, '?') || '/' || item" },
      { as: 'kind', expr: "CASE WHEN pieces IS NULL THEN 'none' WHEN pieces < 0 THEN 'back' ELSE 'sold' END" }, { as: 'ago', expr: "ts - TIMESTAMP '2026-01-01 00:00:00'" },
      { as: 'like', expr: "item LIKE 'a%' AND shop NOT IN ('s', 'x')" }, { as: 'rounded', expr: 'CAST(weight * 10 AS BIGINT)' }, { as: 'wide', expr: 'CAST(pieces AS DECIMAL(20,5))' },
    ] } }, // prettier-ignore
  ], ['sales > p', 'p > !out']), // prettier-ignore
];

/** Every function's own example, a case for each family; what no engine has, and what differs from call to call, is left out. */
function functionCases(): readonly Case[] {
  const functions = functionCatalog.filter(({ isDeterministic, needsContext, example }) => isDeterministic && !needsContext && enginesWith(example.expression).length > 0); // prettier-ignore
  const groups = new Set(functions.map(groupOf));
  return [...groups].map((family): Case => {
    const fields = functions
      .filter((one) => groupOf(one) === family)
      .map(({ name, example }) => ({ as: `f_${name.toLowerCase()}`, expr: example.expression }));
    return {
      name: `semantics functions: ${family}`,
      document: document(
        family,
        [
          { id: 'one', type: 'source.file', config: { path: 'one.jsonl', format: 'jsonl', schema: [{ name: 'x', type: 'INT' }] } }, // prettier-ignore
          { id: 'f', type: 'project', config: { fields } },
        ],
        ['one > f', 'f > !out'],
      ),
      baseFolder: '',
      files: { 'one.jsonl': '{"x":1}\n' },
    };
  });
}

/** A case of their own have those that real engines fail at, so that the others are still compared. */
function groupOf({ family, name, example }: (typeof functionCatalog)[number]): string {
  if (ALONE.includes(name)) return `${family}, ${name}`;
  const engines = enginesWith(example.expression);
  return engines.length === ENGINES.length ? family : `${family}, of ${engines.join(' and ')} alone`;
}

const ALONE = ['MAP_FROM_ARRAYS', 'MAP_UNION'];

const ENGINES = ['flink', 'spark'] as const;

/** Those that have all functions in it. */
function enginesWith(text: string): readonly string[] {
  const { expression } = checkExpression(text, scopeOf({ fields: [] }));
  return expression === null ? [] : ENGINES.filter((engine) => untranslatable(expression, engine).length === 0);
}

function graphCases(): readonly Case[] {
  const [rows] = fc.sample(anyRows, { seed: SEED, numRuns: 1 });
  const files = Object.fromEntries(
    Object.entries(rows!).map(([name, all]) => [`${name}.jsonl`, all.map((row) => `${JSON.stringify(row)}\n`).join('')]), // prettier-ignore
  );
  return Object.entries(GRAPHS).map(([name, [nodes, edges]]): Case => {
    const used = Object.keys(rows!).filter((id) => edges.some((edge) => edge.startsWith(`${id} >`)));
    const sources = GRAPH_SOURCES.filter(({ id }) => used.includes(id));
    const last = nodes.at(-1)!.id;
    return {
      name: `semantics ${name}`,
      document: document(name, [...sources, ...nodes], [...edges, `${last} > !out`]),
      baseFolder: '',
      files,
    };
  });
}

export const semantics: readonly Case[] = [...windowCases(), ...operators, ...functionCases(), ...graphCases()];
