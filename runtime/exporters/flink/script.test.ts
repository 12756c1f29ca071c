/** What is written; that it gives the same rows is shown by `npm run verify:engines`. */
import { describe, expect, it } from 'vitest';
import { readDocument } from '../../graph/index.ts';
import { exportGraph } from '../export-graph.ts';
import { flinkScript } from './script.ts';

const SCHEMA = [
  { name: 'hash', type: 'STRING' },
  { name: 'amount', type: 'INT' },
  { name: 'ts', type: 'TIMESTAMP' },
];
const source = (config: object): object => ({
  id: 'sales',
  type: 'source.file',
  config: { path: 'sales.jsonl', format: 'jsonl', schema: SCHEMA, eventTime: { field: 'ts', maxOutOfOrdernessMs: 1_001_000, perRow: true }, ...config }, // prettier-ignore
});
const PRINT = { id: 'out', type: 'sink.print' };

function scriptOf(
  nodes: readonly object[],
  edges: readonly object[],
): ReturnType<typeof flinkScript> & { sql: string } {
  const { document } = readDocument({ format: 'millrace/pipeline', version: 1, name: 'sales', nodes, edges });
  const { graph, diagnostics } = exportGraph(document!, { baseFolder: '/job' });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const script = flinkScript(graph!);
  return { ...script, sql: script.statements.map(({ sql }) => sql).join(';\n') };
}

describe('a script of Flink SQL', () => {
  it('quotes reserved words, and writes intervals that Flink takes', () => {
    const { sql } = scriptOf([source({}), PRINT], [{ from: 'sales', to: 'out' }]);
    expect(sql).toContain('  `hash` STRING,\n  amount INT,\n  ts TIMESTAMP_LTZ(3),');
    expect(sql).toContain("WATERMARK FOR ts AS ts - INTERVAL '0 00:16:41' DAY TO SECOND");
    expect(sql).toContain('INSERT INTO `out` (`hash`, amount, ts)');
  });

  it('reads CSV with a header through a view that leaves it out', () => {
    const { sql } = scriptOf([source({ path: 'sales.csv', format: 'csv' }), PRINT], [{ from: 'sales', to: 'out' }]);
    expect(sql).toContain("amount AS CASE WHEN amount_text <> 'amount' THEN CAST(amount_text AS INT) END");
    expect(sql).toContain("WHERE `hash` IS DISTINCT FROM 'hash'");
  });

  it('tells late rows by the end of their last window', () => {
    const window = { type: 'hopping', size: '1 minute', slide: '20 seconds' };
    const { sql } = scriptOf(
      [source({}), { id: 'w', type: 'aggregate.window', config: { groupBy: [], window } }, PRINT],
      [
        { from: 'sales', to: 'w' },
        { from: 'w', fromPort: 'late', to: 'out' },
      ],
    );
    expect(sql).toContain("FROM TABLE(TUMBLE(TABLE sales, DESCRIPTOR(ts), INTERVAL '20' SECOND))");
    expect(sql).toContain("WHERE window_time + INTERVAL '40' SECOND <= CURRENT_WATERMARK(window_time)");
  });

  it('keeps state for as long as the operator says, where Flink has a hint for it', () => {
    const { sql, losses } = scriptOf(
      [
        source({}),
        { id: 'sum', type: 'aggregate.running', config: { groupBy: ['hash'], stateTtl: '1 hour' } },
        { id: 'last', type: 'dedup', config: { keys: ['hash'], stateTtl: '1 hour' } },
        PRINT,
        { id: 'also', type: 'sink.print' },
      ],
      [
        { from: 'sales', to: 'sum' },
        { from: 'sum', to: 'out' },
        { from: 'sales', to: 'last' },
        { from: 'last', to: 'also' },
      ],
    );
    expect(sql).toContain("SELECT /*+ STATE_TTL('sales' = '3600000ms') */ `hash`");
    expect(losses.find(({ node }) => node === 'last')!.losses).toMatchObject([{ fidelity: 'approximate' }]);
  });

  it('refuses functions and forms that Flink takes otherwise', () => {
    const { losses } = scriptOf(
      [
        source({}),
        { id: 'p', type: 'project', config: { fields: [{ as: 'x', expr: "REGEXP_REPLACE(hash, '(a)', '$1')" }] } },
        PRINT,
      ],
      [
        { from: 'sales', to: 'p' },
        { from: 'p', to: 'out' },
      ],
    );
    expect(losses.find(({ node }) => node === 'p')!.losses).toMatchObject([{ fidelity: 'impossible' }]);
  });
});
