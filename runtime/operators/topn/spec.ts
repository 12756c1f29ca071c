import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import type { OperatorSpec, Report } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { field, fieldIndex, type Schema } from '../../core/schema.ts';
import { BIGINT, printDataType, type DataType } from '../../core/types.ts';
import { checkExpression, scopeOf } from '../../expression/index.ts';
import { stateTtlField } from '../shared/state-ttl.ts';

/** What waits for a watermark, or moves down row by row, at once. */
const MAX_N = 10_000;

export const WINDOW_FIELDS = ['window_start', 'window_end'] as const;

const config = configSpec({
  partitionBy: c.fields({
    label: 'Partition by',
    help: 'Fields whose values make a partition with a ranking of its own; none: one ranking of all rows.',
  }),
  orderBy: c.list(
    { label: 'Order by', help: 'What ranks the rows; rows that are equal in all of it rank by arrival.' },
    c.object(
      { label: 'Sort key', help: 'A field or an expression, and which of its values come first.' },
      {
        expr: c.expression({ label: 'Expression', help: 'A field, or an expression over the fields.' }),
        direction: c.withDefault(
          c.choice(
            { label: 'Direction', help: 'Whether the least or the greatest value comes first.' },
            { asc: 'Ascending', desc: 'Descending' },
          ),
          'asc',
        ),
        nulls: c.optional(
          c.choice(
            {
              label: 'NULLs',
              help: 'Where NULLs come. Left out: first when ascending, last when descending, as in Flink.',
            },
            { first: 'First', last: 'Last' },
          ),
        ),
      },
    ),
    { itemLabel: 'sort key', minLength: 1 },
  ),
  n: c.integer({ label: 'N', help: 'How many rows of each partition are in the result.' }, { min: 1, max: MAX_N }),
  rank: c.optional(
    c.text({
      label: 'Rank field',
      help: 'Adds a BIGINT field of this name with the rank, from 1. Without it fewer updates are made.',
    }),
  ),
  perWindow: c.withDefault(
    c.flag({
      label: 'Per window',
      help: 'Ranks the rows of each window (window_start, window_end) and gives the result once, at the end of the window.',
    }),
    false,
  ),
  stateTtl: stateTtlField('A ranking that did not change for so long is forgotten, and begins anew with the next row.'),
});
export type TopnConfig = ConfigOf<typeof config>;

export const topnSpec: OperatorSpec<TopnConfig> = {
  type: 'topn',
  version: 1,
  label: 'Top N',
  summary: 'Keeps the best N rows of each partition, over all or per window.',
  category: 'aggregate',
  keywords: ['rank', 'row_number', 'order by', 'limit', 'best', 'largest', 'leaderboard', 'sort'],
  config,
  ports: () => ({
    inputs: [{ name: 'in', label: 'Input' }],
    outputs: [{ name: 'out', label: 'Best rows' }],
  }),
  traits: ({ partitionBy, perWindow }) => ({
    isStateful: true,
    passesRows: true,
    keepsOrder: false,
    needsEventTime: perWindow,
    assignsWatermarks: false,
    // Rows that are taken back, or come up again, have the time they came with.
    emitsBehindWatermark: !perWindow,
    acceptsUpdates: true,
    maxParallelism: partitionBy.length === 0 && !perWindow ? 1 : null,
  }),
  distribution: (checked) => {
    const fields = keyNames(checked);
    return fields.length === 0 ? { type: 'single' } : { type: 'hash', fields };
  },
  infer(checked, [input], report) {
    if (input === undefined) return {};
    const { partitionBy, orderBy, rank, perWindow, stateTtl } = checked;
    const { schema, eventTime, bounded } = input.shape;
    checkPartition(partitionBy, schema, report);
    checkOrder(orderBy, schema, report);
    if (perWindow) checkWindow(schema, eventTime, report);
    if (perWindow && stateTtl !== null && stateTtl > 0) {
      report({
        severity: 'warning',
        code: 'MR1203',
        message: say`a TTL does nothing per window: the watermark frees windows. Leave it out`,
        path: 'stateTtl',
      });
    }
    if (rank !== null && fieldIndex(schema, rank) >= 0) {
      report({
        code: 'MR1402',
        message: say`the input has a field "${rank}" already: choose another name`,
        path: 'rank',
      });
      return {};
    }
    const fields = rank === null ? schema.fields : [...schema.fields, field(rank, BIGINT, false)];
    return { out: { schema: { fields }, eventTime, changelog: perWindow ? 'append' : 'update', bounded } };
  },
  describe: ({ n, orderBy, partitionBy, perWindow }, say) => {
    const order = orderBy.map(({ expr, direction }) => (direction === 'asc' ? expr : `${expr} desc`)).join(', ');
    const by = [...partitionBy, ...(perWindow ? [say`window`] : [])];
    return by.length === 0 ? say`first ${n} by ${order}` : say`first ${n} by ${order} per ${by.join(', ')}`;
  },
};

/** Fields that rows of one ranking are equal in. */
export function keyNames({ partitionBy, perWindow }: TopnConfig): readonly string[] {
  return [...new Set([...partitionBy, ...(perWindow ? WINDOW_FIELDS : [])])];
}

function checkPartition(partitionBy: readonly string[], schema: Schema, report: Report): void {
  partitionBy.forEach((name, i) => {
    const path = `partitionBy[${i}]`;
    const key = schema.fields[fieldIndex(schema, name)];
    if (key === undefined) {
      const names = schema.fields.map((f) => f.name).join(', ');
      const message = say`the input has no field "${name}"; it has ${names || 'none'}: choose one of them`;
      report({ code: 'MR1403', message, path });
    } else if (isNested(key.type)) {
      const type = printDataType(key.type);
      report({ code: 'MR1405', message: say`${type} cannot be a key: project a plain value out of "${name}"`, path });
    }
  });
}

function checkOrder(orderBy: TopnConfig['orderBy'], schema: Schema, report: Report): void {
  const scope = scopeOf(schema);
  orderBy.forEach(({ expr }, i) => {
    const path = `orderBy[${i}].expr`;
    const { expression, problems } = checkExpression(expr, scope);
    for (const problem of problems) report({ ...problem, path });
    if (expression !== null && isNested(expression.type)) {
      const type = printDataType(expression.type);
      report({ code: 'MR1405', message: say`${type} has no order: sort by a plain value in it`, path });
    }
  });
}

function isNested({ kind }: DataType): boolean {
  return kind === 'ARRAY' || kind === 'MAP' || kind === 'ROW';
}

function checkWindow(schema: Schema, eventTime: boolean, report: Report): void {
  for (const name of WINDOW_FIELDS) {
    const found = schema.fields[fieldIndex(schema, name)];
    if (found === undefined) {
      const message = say`the input has no field "${name}": put a window aggregate before it, or turn perWindow off`;
      report({ code: 'MR1403', message, path: 'perWindow' });
    } else if (found.type.kind !== 'TIMESTAMP') {
      const message = say`"${name}" is a ${printDataType(found.type)}, not a TIMESTAMP: CAST it, or turn perWindow off`;
      report({ code: 'MR1405', message, path: 'perWindow' });
    }
  }
  if (!eventTime) {
    report({
      code: 'MR1501',
      message: say`the input has no watermarks, so no window would end: give its source an event time, or turn perWindow off`,
      path: 'perWindow',
    });
  }
}
