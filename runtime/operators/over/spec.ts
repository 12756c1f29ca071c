import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import type { OperatorSpec, Report } from '../../core/operator.ts';
import { say, type Say } from '../../core/say.ts';
import { fieldIndex, type Schema } from '../../core/schema.ts';
import { printDuration } from '../../core/time.ts';
import { printDataType } from '../../core/types.ts';
import { scopeOf } from '../../expression/index.ts';
import { aggregatesField, inferAggregates } from '../shared/aggregates/index.ts';

const config = configSpec({
  partitionBy: c.fields({
    label: 'Partition by',
    help: 'Fields whose values make a partition; none: one partition of all rows, in one subtask.',
  }),
  orderBy: c.withDefault(
    c.choice(
      { label: 'Order by', help: 'By the event time of rows, or by the clock when they arrive.' },
      { event: 'Event time', processing: 'Processing time' },
    ),
    'event',
  ),
  frame: c.withDefault(
    c.variant({ label: 'Frame', help: 'The rows before a row that its aggregates are over, beside itself.' }, 'type', {
      range: {
        label: 'RANGE',
        fields: {
          preceding: c.optional(
            c.duration({ label: 'Preceding', help: 'Rows up to so much older; left out: all rows before.' }),
          ),
        },
      },
      rows: {
        label: 'ROWS',
        fields: {
          preceding: c.optional(
            c.integer({ label: 'Preceding', help: 'So many rows before; left out: all rows before.' }, { min: 0 }),
          ),
        },
      },
    }),
    { type: 'range' },
  ),
  aggregates: aggregatesField,
});
export type OverConfig = ConfigOf<typeof config>;
export type Frame = OverConfig['frame'];

export const overSpec: OperatorSpec<OverConfig> = {
  type: 'over',
  version: 1,
  label: 'Over aggregate',
  summary: 'Adds to every row aggregates over the rows before it.',
  category: 'aggregate',
  keywords: ['over', 'rolling', 'moving average', 'running total', 'partition by', 'preceding', 'rows', 'range'],
  config,
  ports: () => ({
    inputs: [{ name: 'in', label: 'Input' }],
    outputs: [
      { name: 'out', label: 'Results' },
      { name: 'late', label: 'Late rows', isOptional: true },
    ],
  }),
  traits: ({ partitionBy, orderBy }) => ({
    isStateful: true,
    keepsOrder: orderBy === 'processing',
    needsEventTime: orderBy === 'event',
    assignsWatermarks: false,
    emitsBehindWatermark: false,
    acceptsUpdates: false,
    maxParallelism: partitionBy.length === 0 ? 1 : null,
  }),
  distribution: ({ partitionBy }) =>
    partitionBy.length === 0 ? { type: 'single' } : { type: 'hash', fields: partitionBy },
  infer({ partitionBy, orderBy, aggregates }, [input], report) {
    if (input === undefined) return {};
    const { schema, eventTime } = input.shape;
    if (orderBy === 'event' && !eventTime) {
      report({
        code: 'MR1501',
        message: say`the input has no watermarks, so its rows would never be in order: give the source an eventTime, or order by processing time`,
        path: 'orderBy',
      });
    }
    checkKeys(partitionBy, schema, report);
    const results = inferAggregates(aggregates, scopeOf(schema), report);
    const late = { late: input.shape };
    if (reportDuplicates(schema, aggregates, report)) return late;
    return { out: { ...input.shape, schema: { fields: [...schema.fields, ...results] } }, ...late };
  },
  describe({ partitionBy, frame }, say) {
    const described = describeFrame(frame, say);
    return partitionBy.length === 0 ? described : say`${described} by ${partitionBy.join(', ')}`;
  },
};

function describeFrame(frame: Frame, say: Say): string {
  if (frame.preceding === null) return say`all rows before`;
  return frame.type === 'range' ? printDuration(frame.preceding) : say`${frame.preceding} rows`;
}

function checkKeys(partitionBy: readonly string[], schema: Schema, report: Report): void {
  partitionBy.forEach((name, i) => {
    const path = `partitionBy[${i}]`;
    const key = schema.fields[fieldIndex(schema, name)];
    if (key === undefined) {
      report({ code: 'MR1403', message: say`the input has no field "${name}"`, path });
    } else if (key.type.kind === 'ARRAY' || key.type.kind === 'MAP' || key.type.kind === 'ROW') {
      report({ code: 'MR1405', message: say`rows cannot be partitioned by ${printDataType(key.type)}`, path });
    }
  });
}

/** Whether an aggregate has the name of a field or of another aggregate. */
function reportDuplicates(schema: Schema, aggregates: OverConfig['aggregates'], report: Report): boolean {
  const names = [...schema.fields.map((field) => field.name), ...aggregates.map(({ as }) => as)];
  const first = schema.fields.length;
  const repeated = aggregates.flatMap(({ as }, i) => (names.indexOf(as) < first + i ? [{ as, i }] : []));
  for (const { as, i } of repeated) {
    report({
      code: 'MR1402',
      message: say`the result would have two fields "${as}": rows keep their fields`,
      path: `aggregates[${i}].as`,
    });
  }
  return repeated.length > 0;
}
