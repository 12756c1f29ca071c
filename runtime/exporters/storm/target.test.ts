import { describe, expect, it } from 'vitest';
import { readDocument } from '../../graph/index.ts';
import { exportDocument, type DocumentExport } from '../export-document.ts';
import { library } from './library.ts';
import { stormTarget } from './target.ts';

const ORDERS = {
  id: 'orders',
  type: 'source.file',
  config: {
    path: 'in/orders.jsonl',
    format: 'jsonl',
    schema: [
      { name: 'id', type: 'BIGINT' },
      { name: 'user', type: 'STRING' },
      { name: 'amount', type: 'DECIMAL(10,2)' },
      { name: 'ts', type: 'TIMESTAMP' },
    ],
    eventTime: { field: 'ts', maxOutOfOrdernessMs: 5000 },
  },
};
const PRINT = { id: 'out', type: 'sink.print', config: {} };

function exported(nodes: readonly object[], edges: readonly object[], settings: object = {}): DocumentExport {
  const { document } = readDocument({
    format: 'millrace/pipeline',
    version: 1,
    name: 'Orders',
    nodes,
    edges,
    settings,
  });
  return exportDocument(document!, stormTarget, { baseFolder: '/data/job' });
}

/** Orders, the operator `it`, and a sink. */
function around(type: string, config: object, settings: object = {}): DocumentExport {
  const edges = [
    { from: 'orders', to: 'it' },
    { from: 'it', to: 'out' },
  ];
  return exported([ORDERS, { id: 'it', type, config }, PRINT], edges, settings);
}

/** The class of the node `it`, behind what it imports. */
function classOf({ files, diagnostics }: DocumentExport, name = 'It'): string {
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const { text } = files.find(({ path }) => path === `src/main/java/pipeline/orders/${name}.java`)!;
  return text.slice(text.indexOf('public final class'));
}

function reasons({ diagnostics }: DocumentExport): readonly string[] {
  return diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
}

describe('Storm', () => {
  it('writes a filter as a bolt whose condition knows NULL', () => {
    const condition = "user LIKE 'a%' AND (amount / 2 > 3 OR ts IS NULL)";
    expect(classOf(around('filter', { condition }))).toMatchInlineSnapshot(`
      "public final class It extends RowBolt {
        public It() {
          super("id", "user", "amount", "ts");
        }

        @Override
        protected void process(Row row) {
          if (isTrue(and(like(row.getString("user"), "a%"), () -> or(greater(divide(row.getDecimal("amount"), new BigDecimal("2"), 21, 13), new BigDecimal("3")), () -> (row.getInstant("ts") == null))))) {
            emit(row);
          }
        }
      }
      "
    `);
  });

  it('writes a window aggregate by its groups', () => {
    const config = {
      groupBy: ['user'],
      window: { type: 'hopping', size: '1 minute', slide: '10 seconds' },
      aggregates: [
        { as: 'n', fn: 'COUNT', expr: '*' },
        { as: 'total', fn: 'SUM', expr: 'amount', filter: 'id > 5', distinct: true },
      ],
      allowedLateness: '2 seconds',
    };
    expect(classOf(around('aggregate.window', config))).toMatchInlineSnapshot(`
      "public final class It extends WindowBolt {
        public It() {
          super(
              Windows.hopping(60_000L, 10_000L, 0L),
              List.of("user"),
              "user",
              "window_start",
              "window_end",
              "n",
              "total");
          allowLateness(2_000L);
        }

        @Override
        protected List<Aggregate> aggregates() {
          return List.of(
              Aggregate.count(),
              Aggregate.sum(row -> row.getDecimal("amount")).where(row -> isTrue(greater(row.getLong("id"), 5L))).distinct());
        }
      }
      "
    `);
  });

  it('sends rows by key, watermarks to all, and changes to one task in their order', () => {
    const { files } = around('aggregate.running', { groupBy: ['user'] }, { parallelism: 3 });
    expect(files[0]!.path).toBe('orders.yaml');
    expect(files[0]!.text.slice(files[0]!.text.indexOf('spouts:'))).toMatchInlineSnapshot(`
      "spouts:
        - id: orders
          className: pipeline.orders.Orders
          parallelism: 3

      bolts:
        - id: it
          className: pipeline.orders.It
          parallelism: 3
        - id: out
          className: pipeline.orders.Out
          parallelism: 3

      # Rows, and on the stream "watermark" how far event time has come, which every task behind has to know.
      streams:
        - from: orders
          to: it
          grouping: {type: FIELDS, args: [user]}
        - from: orders
          to: it
          grouping: {type: ALL, streamId: watermark}
        - from: it
          to: out
          grouping: {type: GLOBAL}
        - from: it
          to: out
          grouping: {type: ALL, streamId: watermark}
      "
    `);
  });

  it('gives a join that reads one stream twice two of them', () => {
    const join = { id: 'it', type: 'join.stream', config: { on: [{ left: 'id', right: 'id' }], condition: 'left.amount > right.amount' } }; // prettier-ignore
    const edges = [
      { from: 'orders', to: 'it', toPort: 'left' },
      { from: 'orders', to: 'it', toPort: 'right' },
      { from: 'it', to: 'out' },
    ];
    const whole = exported([ORDERS, join, PRINT], edges);
    expect(classOf(whole)).toContain('greater(left.getDecimal("amount"), right.getDecimal("amount"))');
    expect(whole.files[0]!.text).toContain('args:\n          - it-right\n          - default');
    expect(whole.files.map(({ path }) => path)).toContain('src/main/java/millrace/storm/ForwardBolt.java');
  });

  it('takes along only the library that is used', () => {
    const paths = around('filter', { condition: 'id > 1' }).files.map(({ path }) => path);
    expect(paths).toContain('src/main/java/millrace/storm/RowBolt.java');
    expect(paths).not.toContain('src/main/java/millrace/storm/WindowBolt.java');
  });

  it('keeps names apart from those of the library', () => {
    const nodes = [ORDERS, { id: 'row', type: 'filter', config: { condition: 'id > 1' } }, PRINT];
    const whole = exported(nodes, [{ from: 'orders', to: 'row' }, { from: 'row', to: 'out' }]); // prettier-ignore
    expect(classOf(whole, 'RowNode')).toContain('class RowNode extends RowBolt');
  });

  it('refuses what there is nothing for, and says what to do', () => {
    const pattern = { partitionBy: ['user'], pattern: 'A B', define: [{ variable: 'A', condition: 'id > 1' }], measures: [{ as: 'a', expr: 'A.id' }], within: '1 minute' }; // prettier-ignore
    expect(reasons(around('project', { fields: [{ as: 'x', expr: 'UNIX_TIMESTAMP()' }] }))).toEqual([
      'Storm: "Project" computes UNIX_TIMESTAMP(), and the library of the export has no UNIX_TIMESTAMP for these values. Say it by other functions, or leave it to who reads the rows',
    ]);
    expect(reasons(around('pattern', pattern))[0]).toMatch(/has nothing for: run this part in Flink/);
  });

  it('has a library whose classes say what they are for', () => {
    for (const [name, text] of library)
      expect(text, name).toMatch(/\*\/\n(?:public )?(?:final |abstract )*(?:class|record) /);
  });
});
