import { describe, expect, it } from 'vitest';
import { readDocument } from '../../graph/index.ts';
import { exportDocument, type DocumentExport } from '../export-document.ts';
import { sparkTarget } from './target.ts';

interface Draft {
  readonly nodes: readonly object[];
  readonly edges: readonly object[];
  readonly runtimeMode?: 'batch' | 'streaming';
}

function exported({ nodes, edges, runtimeMode = 'streaming' }: Draft): DocumentExport {
  const { document } = readDocument({ format: 'millrace/pipeline', version: 1, name: 'Orders', nodes, edges, settings: { runtimeMode } }); // prettier-ignore
  return exportDocument(document!, sparkTarget, { baseFolder: '/data/job' });
}

/** The program from the comment with `id` on, up to the next one. */
function part({ files, diagnostics }: DocumentExport, id: string): string {
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const text = files[0]!.text;
  const from = text.indexOf(`(${id})\n`);
  return text.slice(text.indexOf(`${id} = `, from)).split('\n\n')[0]!;
}

function reasons({ diagnostics }: DocumentExport): readonly string[] {
  return diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
}

const ORDERS = {
  id: 'orders',
  type: 'source.file',
  config: {
    path: 'in/orders.jsonl',
    format: 'jsonl',
    schema: [
      { name: 'id', type: 'BIGINT' },
      { name: 'user', type: 'STRING' },
      { name: 'amount', type: 'INT' },
      { name: 'ts', type: 'TIMESTAMP' },
    ],
    eventTime: { field: 'ts', maxOutOfOrdernessMs: 5000 },
  },
};
const PRINT = { id: 'out', type: 'sink.print', config: {} };

/** Orders, the operator `it`, and a sink. */
function around(type: string, config: object, runtimeMode?: Draft['runtimeMode']): DocumentExport {
  return exported({
    nodes: [ORDERS, { id: 'it', type, config }, PRINT],
    edges: [
      { from: 'orders', to: 'it' },
      { from: 'it', to: 'out' },
    ],
    ...(runtimeMode === undefined ? {} : { runtimeMode }),
  });
}

describe('PySpark', () => {
  it('reads files as a stream, and writes until there are no more', () => {
    const whole = around('filter', { condition: "user LIKE 'a%' AND amount / 2 > 3" });
    expect(part(whole, 'orders')).toBe(`orders = (
    spark.readStream
    .schema("id BIGINT, \`user\` STRING, amount INT, ts TIMESTAMP")
    .option("mode", "FAILFAST")
    .option("pathGlobFilter", "orders.jsonl")
    .json("file:///data/job/in/")
    .withWatermark("ts", "5 seconds")
)`);
    expect(part(whole, 'it')).toBe(`it = orders.where("\`user\` LIKE 'a%' AND CAST(amount div 2 AS INT) > 3")`);
    expect(part(whole, 'out')).toContain('.option("checkpointLocation", f"{CHECKPOINTS}/out")');
    expect(whole.files[0]!.text.endsWith('    .trigger(availableNow=True)\n    .start()\n)\n\nout.awaitTermination()\n')).toBe(true); // prettier-ignore
    expect(part(around('filter', { condition: 'TRUE' }, 'batch'), 'orders')).not.toContain('Stream');
  });

  it('parts files by what it computes', () => {
    const partitionBy = [{ as: 'day', expr: 'CAST(ts AS DATE)' }, { as: 'user', expr: 'user' }]; // prettier-ignore
    const files = { id: 'out', type: 'sink.file', config: { path: 'out', format: 'jsonl', partitionBy } };
    const whole = exported({ nodes: [ORDERS, files], edges: [{ from: 'orders', to: 'out' }] });
    expect(part(whole, 'out')).toContain('.withColumn("day", F.expr("CAST(ts AS DATE)"))');
    expect(whole.files[0]!.text).toContain('import SparkSession, functions as F');
    expect(part(whole, 'out')).toContain('.partitionBy("day", "user")');
  });

  it('groups by windows, whose time goes on to the next', () => {
    const first = { groupBy: ['user'], window: { type: 'hopping', size: '1 minute', slide: '10 seconds', offset: '15 seconds' }, aggregates: [{ as: 'mean', fn: 'AVG', expr: 'amount' }, { as: 'most', fn: 'MAX', expr: 'amount' }] }; // prettier-ignore
    const whole = exported({
      nodes: [
        ORDERS,
        { id: 'it', type: 'aggregate.window', config: first },
        { id: 'then', type: 'aggregate.window', config: { groupBy: [], window: { type: 'tumbling', size: '1 hour' } } },
        PRINT,
      ],
      edges: [
        { from: 'orders', to: 'it' },
        { from: 'it', to: 'then' },
        { from: 'then', to: 'out' },
      ],
    });
    expect(part(whole, 'it')).toBe(`it = (
    orders
    .groupBy("user", F.window("ts", "1 minute", "10 seconds", "5 seconds"))
    .agg(
        F.expr("CAST(sum(amount) div count(amount) AS INT)").alias("mean"),
        F.max("amount").alias("most"),
    )
    .selectExpr(
        "\`user\`",
        "window.start AS window_start",
        "window.end AS window_end",
        "mean",
        "most",
        "window_time(window) AS rowtime",
    )
)`);
    expect(part(whole, 'then')).toContain('.groupBy(F.window("rowtime", "1 hour"))');
    expect(whole.report!.nodes.find(({ node }) => node === 'it')!.fidelity).toBe('approximate');
  });

  it('joins by keys and times, under names of their own', () => {
    const whole = exported({
      nodes: [
        ORDERS,
        { id: 'it', type: 'join.interval', config: { on: [{ left: 'id', right: 'id' }], lowerBound: '-1 minute', upperBound: '0 seconds', kind: 'left' } }, // prettier-ignore
        PRINT,
      ],
      edges: [
        { from: 'orders', to: 'it', toPort: 'left' },
        { from: 'orders', to: 'it', toPort: 'right' },
        { from: 'it', to: 'out' },
      ],
    });
    expect(part(whole, 'it')).toBe(`it = (
    orders
    .alias("L")
    .join(
        orders.alias("R"),
        F.expr("L.id = R.id AND R.ts BETWEEN L.ts - INTERVAL '1' MINUTE AND L.ts"),
        "left",
    )
    .selectExpr(
        "L.id",
        "L.\`user\`",
        "L.amount",
        "L.ts",
        "R.id AS right_id",
        "R.\`user\` AS right_user",
        "R.amount AS right_amount",
        "R.ts AS right_ts",
    )
)`);
  });

  it('joins by windows, and says which rows a stream may forget', () => {
    const config = {
      on: [{ left: 'id', right: 'id' }],
      window: { type: 'tumbling', size: '10 seconds' },
      kind: 'full',
    };
    const draft = (runtimeMode: 'batch' | 'streaming'): DocumentExport =>
      exported({
        nodes: [ORDERS, { id: 'it', type: 'join.window', config }, PRINT],
        edges: [
          { from: 'orders', to: 'it', toPort: 'left' },
          { from: 'orders', to: 'it', toPort: 'right' },
          { from: 'it', to: 'out' },
        ],
        runtimeMode,
      });
    const streaming = part(draft('streaming'), 'it');
    expect(streaming).toContain('.withColumn("window_start", F.window("ts", "10 seconds").start)');
    expect(streaming).toContain('R.ts BETWEEN L.ts - ');
    expect(streaming).toContain('"COALESCE(L.window_start, R.window_start) AS window_start"');
    expect(part(draft('batch'), 'it')).not.toContain('BETWEEN');
  });

  it('does in batch what streams of Spark cannot', () => {
    const ranking = { partitionBy: ['user'], orderBy: [{ expr: 'amount', direction: 'desc' }], n: 2 };
    expect(reasons(around('topn', ranking))).toEqual([
      'PySpark: "Top N" ranks rows, which streaming Spark has not: set runtimeMode to "batch"',
    ]);
    const ranked = part(around('topn', ranking, 'batch'), 'it');
    expect(ranked).toContain('row_number() OVER (PARTITION BY `user` ORDER BY amount DESC)');
    expect(ranked).toContain('.where("row_num <= 2")');
    const rolling = { partitionBy: ['user'], frame: { type: 'range', preceding: '1 hour' } };
    expect(part(around('over', rolling, 'batch'), 'it')).toContain(
      'count(*) OVER (PARTITION BY `user` ORDER BY ts RANGE',
    );
    expect(reasons(around('pattern', { partitionBy: [], pattern: 'A', define: [], measures: [{ as: 'n', expr: 'A.id' }] }, 'batch'))[0]).toContain('transformWithState'); // prettier-ignore
  });

  it('keeps no state over rows that change', () => {
    const sums = { groupBy: ['user'], aggregates: [{ as: 'sum', fn: 'SUM', expr: 'amount' }] };
    const draft = (runtimeMode: 'batch' | 'streaming'): Draft => ({
      nodes: [
        ORDERS,
        { id: 'sums', type: 'aggregate.running', config: sums },
        { id: 'it', type: 'aggregate.running', config: { groupBy: [], aggregates: sums.aggregates.map((one) => ({ ...one, as: 'all', expr: 'sum' })) } }, // prettier-ignore
        PRINT,
      ],
      edges: [
        { from: 'orders', to: 'sums' },
        { from: 'sums', to: 'it' },
        { from: 'it', to: 'out' },
      ],
      runtimeMode,
    });
    expect(reasons(exported(draft('streaming')))).toEqual([expect.stringContaining('two at once')]);
    expect(part(exported(draft('batch')), 'it')).toBe('it = sums.agg(F.expr("CAST(sum(`sum`) AS INT)").alias("all"))');
    expect(part(around('aggregate.running', sums), 'out')).toContain('.outputMode("update")');
  });

  it('has names that Python leaves free', () => {
    const filters = ['print', 'F', 'a-b'].map((id) => ({ id, type: 'filter', config: { condition: 'TRUE' } }));
    const whole = exported({
      nodes: [ORDERS, ...filters, PRINT],
      edges: [
        { from: 'orders', to: 'print' },
        { from: 'print', to: 'F' },
        { from: 'F', to: 'a-b' },
        { from: 'a-b', to: 'out' },
      ],
    });
    expect(whole.files[0]!.text).toMatch(/print2 = orders\.where[\s\S]*F2 = print2\.where[\s\S]*a_b = F2\.where/);
  });
});
