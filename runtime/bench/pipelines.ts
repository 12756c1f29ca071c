/** The pipelines that are measured. Throughput: generate → filter → project → tumbling count per key → discard. */
import type { PipelineDocument } from '../graph/index.ts';
import { parseDocument } from '../graph/index.ts';
import { assert } from '../core/errors.ts';

/** 10-second windows over rows that are 1 ms apart. */
export const WINDOW_MS = 10_000;
export const KEYS = 1000;
/** What the filter keeps: three rows of four. */
export const KEPT_OF_FOUR = 3;

const NUMERIC_FIELDS = [
  { name: 'key', type: 'INT', expr: `CAST(n % ${KEYS} AS INT)` },
  { name: 'amount', type: 'DOUBLE', expr: 'CAST(n % 100 AS DOUBLE)' },
  { name: 'kind', type: 'INT', expr: 'CAST(n % 4 AS INT)' },
  { name: 'ts', type: 'TIMESTAMP', expr: 'TO_TIMESTAMP_LTZ(1750000000000 + n, 3)' },
];

/** Two columns of 16 to 24 bytes: chosen from a few, as categories and pages are. */
const TEXT_FIELDS = [
  { name: 'page', type: 'STRING', expr: choice('page', 8) },
  { name: 'country', type: 'STRING', expr: choice('country', 5) },
];

function choice(name: string, count: number): string {
  const cases = Array.from({ length: count }, (_, i) => `WHEN ${i} THEN '/${name}/of/many/others/${i}'`);
  return `CASE n % ${count} ${cases.join(' ')} END`;
}

export interface CountOptions {
  readonly rows: number;
  readonly keys: number;
  /** Unthrottled unless given. */
  readonly rowsPerSecond?: number;
  /** Of a text column that goes along; none unless given. */
  readonly payloadBytes?: number;
  readonly windowSeconds?: number;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** generate → count per key and window → discard: keys come in no order. */
export function countDocument(options: CountOptions): PipelineDocument {
  const { rows, keys, rowsPerSecond = null, payloadBytes = 0, windowSeconds = 86_400, settings = {} } = options;
  const payload = { name: 'payload', type: 'STRING', expr: `LPAD(CAST(n AS STRING), ${payloadBytes}, '0123456789')` };
  const fields = [
    // A prime stride: neighbours in time are far apart in the table.
    { name: 'key', type: 'BIGINT', expr: `(n * 15485863) % ${keys}` },
    { name: 'ts', type: 'TIMESTAMP', expr: 'TO_TIMESTAMP_LTZ(1750000000000 + n / 1000, 3)' },
    ...(payloadBytes > 0 ? [payload] : []),
  ];
  return documentOf({
    format: 'millrace/pipeline',
    version: 1,
    name: 'count',
    settings: { checkpoint: { intervalMs: 0 }, ...settings },
    nodes: [
      node('rows', 'source.generator', { rows, rowsPerSecond, seed: 1, fields, eventTime: { field: 'ts' } }),
      node('counted', 'aggregate.window', {
        groupBy: ['key'],
        window: { type: 'tumbling', size: `${windowSeconds} seconds` },
        aggregates: [
          payloadBytes > 0 ? { as: 'rows', fn: 'COUNT', expr: 'payload' } : { as: 'rows', fn: 'COUNT', expr: '*' },
        ],
        allowedLateness: '0 seconds',
      }),
      node('discarded', 'sink.table', {}),
    ],
    edges: [
      { from: 'rows', to: 'counted' },
      { from: 'counted', to: 'discarded' },
    ],
    notes: [],
    groups: [],
  });
}

export function throughputDocument(options: { rows: number; parallelism: number; hasText: boolean }): PipelineDocument {
  const fields = options.hasText ? [...NUMERIC_FIELDS, ...TEXT_FIELDS] : NUMERIC_FIELDS;
  const kept = [
    { as: options.hasText ? 'page' : 'key', expr: options.hasText ? 'page' : 'key' },
    ...(options.hasText ? [{ as: 'country', expr: 'country' }] : []),
    { as: 'doubled', expr: 'amount * 2 + 1' },
    { as: 'ts', expr: 'ts' },
  ];
  return documentOf({
    format: 'millrace/pipeline',
    version: 1,
    name: 'throughput',
    settings: { parallelism: options.parallelism, checkpoint: { intervalMs: 0 } },
    nodes: [
      node('rows', 'source.generator', { rows: options.rows, seed: 1, fields, eventTime: { field: 'ts' } }),
      node('kept', 'filter', { condition: 'kind < 3' }),
      node('shaped', 'project', { fields: kept }),
      node('counted', 'aggregate.window', {
        groupBy: [options.hasText ? 'page' : 'key'],
        window: { type: 'tumbling', size: `${WINDOW_MS / 1000} seconds` },
        aggregates: [{ as: 'rows', fn: 'COUNT', expr: '*' }],
        allowedLateness: '0 seconds',
      }),
      node('discarded', 'sink.table', {}),
    ],
    edges: [
      { from: 'rows', to: 'kept' },
      { from: 'kept', to: 'shaped' },
      { from: 'shaped', to: 'counted' },
      { from: 'counted', to: 'discarded' },
    ],
    notes: [],
    groups: [],
  });
}

/** The same step in three ways. */
const STEPS = {
  project: {
    type: 'project',
    config: {
      fields: [
        { as: 'key', expr: 'key' },
        { as: 'doubled', expr: 'amount * 2 + 1' },
      ],
    },
  },
  'process.js': { type: 'process.js', config: { code: doublingCode('2'), ...doubledSchema() } },
  'process.js, a state per key': {
    type: 'process.js',
    config: {
      code: doublingCode("2 + ((n) => (ctx.state.value('n').set(n + 1), n))(ctx.state.value('n').get() ?? 0)"),
      ...doubledSchema(),
      keys: ['key'],
      state: [{ name: 'n', kind: 'value', type: 'DOUBLE' }],
    },
  },
} as const;

function doublingCode(factor: string): string {
  return `export function onRow(row, ctx) { ctx.emit({ key: row.key, doubled: row.amount * ${factor} + 1 }); }`;
}

function doubledSchema() {
  return {
    outputSchema: [
      { name: 'key', type: 'INT' },
      { name: 'doubled', type: 'DOUBLE' },
    ],
  };
}

export const USER_CODE_STEPS = Object.keys(STEPS) as (keyof typeof STEPS)[];

/** generate → one step → discard. */
export function userCodeDocument({ rows, step }: { rows: number; step: keyof typeof STEPS }): PipelineDocument {
  const { type, config } = STEPS[step];
  return documentOf({
    format: 'millrace/pipeline',
    version: 1,
    name: 'user-code',
    settings: { parallelism: 1, checkpoint: { intervalMs: 0 } },
    nodes: [
      node('rows', 'source.generator', { rows, seed: 1, fields: NUMERIC_FIELDS, eventTime: { field: 'ts' } }),
      node('step', type, config),
      node('discarded', 'sink.table', {}),
    ],
    edges: [
      { from: 'rows', to: 'step' },
      { from: 'step', to: 'discarded' },
    ],
    notes: [],
    groups: [],
  });
}

function node(id: string, type: string, config: unknown): unknown {
  return { id, type, position: { x: 0, y: 0 }, config };
}

function documentOf(raw: unknown): PipelineDocument {
  const { document, diagnostics } = parseDocument(JSON.stringify(raw));
  assert(document !== null, `the benchmark's document is not valid: ${diagnostics[0]?.message}`);
  return document;
}
