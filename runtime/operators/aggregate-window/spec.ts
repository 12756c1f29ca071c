import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import type { OperatorSpec, Report } from '../../core/operator.ts';
import { field, fieldIndex, type Schema } from '../../core/schema.ts';
import { printDataType, TIMESTAMP, type Field } from '../../core/types.ts';
import { scopeOf } from '../../expression/index.ts';
import { aggregatesField, inferAggregates } from '../shared/aggregates/index.ts';
import { checkWindow, describeWindow, windowField } from '../shared/windows.ts';

const config = configSpec({
  groupBy: c.fields({
    label: 'Group by',
    help: 'Fields whose values make a group; none: one group for all rows, in one subtask.',
  }),
  window: windowField,
  aggregates: aggregatesField,
  allowedLateness: c.withDefault(
    c.duration({
      label: 'Allowed lateness',
      help: 'For so long after its window has fired, a late row still counts: the window fires again with the new result.',
    }),
    '0 seconds',
  ),
});
export type AggregateWindowConfig = ConfigOf<typeof config>;

export const WINDOW_START = 'window_start';
export const WINDOW_END = 'window_end';

export const aggregateWindowSpec: OperatorSpec<AggregateWindowConfig> = {
  type: 'aggregate.window',
  version: 1,
  label: 'Window aggregate',
  summary: 'Aggregates the rows of each group in windows of time.',
  category: 'aggregate',
  keywords: [
    'group by',
    'count',
    'sum',
    'average',
    'tumbling',
    'hopping',
    'sliding',
    'cumulative',
    'session',
    'tumble',
    'hop',
  ],
  config,
  ports: () => ({
    inputs: [{ name: 'in', label: 'Input' }],
    outputs: [
      { name: 'out', label: 'Results' },
      { name: 'late', label: 'Late rows', isOptional: true },
    ],
  }),
  traits: ({ groupBy, window, allowedLateness }) => ({
    isStateful: true,
    keepsOrder: false,
    needsEventTime: window.time === 'event',
    assignsWatermarks: false,
    emitsBehindWatermark: window.time === 'event' && allowedLateness > 0,
    acceptsUpdates: false,
    maxParallelism: groupBy.length === 0 ? 1 : null,
  }),
  distribution: ({ groupBy }) => (groupBy.length === 0 ? { type: 'single' } : { type: 'hash', fields: groupBy }),
  infer({ groupBy, window, aggregates, allowedLateness }, [input], report) {
    if (input === undefined) return {};
    const { schema, eventTime, bounded } = input.shape;
    checkWindow(window, report);
    if (window.time === 'event' && !eventTime) {
      report({
        code: 'MR1501',
        message: 'the input has no watermarks, so its windows would never close',
        path: 'window',
      });
    }
    if (window.time === 'processing' && allowedLateness > 0) {
      report({
        severity: 'warning',
        code: 'MR1203',
        message: 'no row is late in processing time',
        path: 'allowedLateness',
      });
    }
    const keys = keyFields(groupBy, schema, report);
    const results = inferAggregates(aggregates, scopeOf(schema), report);
    const fields = [...keys, field(WINDOW_START, TIMESTAMP, false), field(WINDOW_END, TIMESTAMP, false), ...results];
    const late = { late: input.shape };
    if (reportDuplicates(groupBy, aggregates, report)) return late;
    return {
      out: { schema: { fields }, eventTime: eventTime && window.time === 'event', changelog: 'append', bounded },
      ...late,
    };
  },
  describe: ({ groupBy, window }) =>
    groupBy.length === 0 ? describeWindow(window) : `${describeWindow(window)} by ${groupBy.join(', ')}`,
};

function keyFields(groupBy: readonly string[], schema: Schema, report: Report): readonly Field[] {
  return groupBy.flatMap((name, i) => {
    const key = schema.fields[fieldIndex(schema, name)];
    if (key === undefined) {
      report({ code: 'MR1403', message: `the input has no field "${name}"`, path: `groupBy[${i}]` });
      return [];
    }
    if (key.type.kind === 'ARRAY' || key.type.kind === 'MAP' || key.type.kind === 'ROW') {
      report({
        code: 'MR1405',
        message: `rows cannot be grouped by ${printDataType(key.type)}`,
        path: `groupBy[${i}]`,
      });
    }
    return [key];
  });
}

/** Whether two output fields have the same name. */
function reportDuplicates(
  groupBy: readonly string[],
  aggregates: AggregateWindowConfig['aggregates'],
  report: Report,
): boolean {
  const names = [
    ...groupBy.map((name, i) => ({ name, path: `groupBy[${i}]` })),
    { name: WINDOW_START, path: 'window' },
    { name: WINDOW_END, path: 'window' },
    ...aggregates.map(({ as }, i) => ({ name: as, path: `aggregates[${i}].as` })),
  ];
  const repeated = names.filter(({ name }, i) => names.findIndex((other) => other.name === name) < i);
  for (const { name, path } of repeated)
    report({ code: 'MR1402', message: `the result would have two fields "${name}"`, path });
  return repeated.length > 0;
}
