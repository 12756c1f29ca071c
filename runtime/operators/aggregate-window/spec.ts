import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import type { OperatorSpec, Report } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { field, fieldIndex, type Schema } from '../../core/schema.ts';
import { printDataType, TIMESTAMP, type Field } from '../../core/types.ts';
import { scopeOf } from '../../expression/index.ts';
import { aggregatesField, inferAggregates } from '../shared/aggregates/index.ts';
import {
  anyFiringOf,
  anyWindowField,
  checkAnyWindow,
  describeAnyWindow,
  isCountWindow,
  type AnyWindowConfig,
} from './window-config.ts';

const config = configSpec({
  groupBy: c.fields({
    label: 'Group by',
    help: 'Fields whose values make a group; none: one group for all rows, in one subtask.',
  }),
  window: anyWindowField,
  aggregates: aggregatesField,
  allowedLateness: c.withDefault(
    c.duration({
      label: 'Allowed lateness',
      help: 'For so long after its window has fired, a late row still counts: the window fires again with the new result.',
    }),
    '0 seconds',
  ),
  emitEarlyEvery: c.optional(
    c.duration({
      label: 'Early results every',
      help: 'So often, by the clock, a window of time that has changed gives the result it has come to. Its results are then updates of each other.',
    }),
  ),
  emitEarlyCount: c.optional(
    c.integer(
      {
        label: 'Early results by rows',
        help: 'With every so many rows of a group, its window of time gives the result it has come to. Its results are then updates of each other.',
      },
      { min: 1, unit: 'rows' },
    ),
  ),
});
export type AggregateWindowConfig = ConfigOf<typeof config>;

export const WINDOW_START = 'window_start';
export const WINDOW_END = 'window_end';

export const aggregateWindowSpec: OperatorSpec<AggregateWindowConfig> = {
  type: 'aggregate.window',
  version: 1,
  label: 'Window aggregate',
  summary: 'Aggregates the rows of each group in windows of time or of a number of rows.',
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
    'count window',
    'global',
    'trigger',
    'early firing',
  ],
  config,
  ports: () => ({
    inputs: [{ name: 'in', label: 'Input' }],
    outputs: [
      { name: 'out', label: 'Results' },
      { name: 'late', label: 'Late rows', isOptional: true },
    ],
  }),
  traits: (config) => ({
    isStateful: true,
    // A window by count fires with the row that completes it.
    keepsOrder: isCountWindow(config.window),
    needsEventTime: isByEventTime(config),
    assignsWatermarks: false,
    // A session that has grown takes back a result whose end may have passed.
    emitsBehindWatermark:
      isByEventTime(config) && (config.allowedLateness > 0 || (firesEarly(config) && config.window.type === 'session')),
    acceptsUpdates: false,
    maxParallelism: config.groupBy.length === 0 ? 1 : null,
  }),
  distribution: ({ groupBy }) => (groupBy.length === 0 ? { type: 'single' } : { type: 'hash', fields: groupBy }),
  infer(checked, [input], report) {
    if (input === undefined) return {};
    const { groupBy, window, aggregates } = checked;
    const { schema, eventTime, bounded } = input.shape;
    checkAnyWindow(window, report);
    if (isByEventTime(checked) && !eventTime) {
      report({
        code: 'MR1501',
        message: say`the input has no watermarks, so its windows would never close`,
        path: 'window',
      });
    }
    reportContradictions(checked, report);
    const keys = keyFields(groupBy, schema, report);
    const results = inferAggregates(aggregates, scopeOf(schema), report);
    const fields = [...keys, ...boundsOf(window), ...results];
    const late = { late: input.shape };
    if (reportDuplicates(checked, report)) return late;
    return {
      out: {
        schema: { fields },
        eventTime: eventTime && (isCountWindow(window) || window.time === 'event'),
        changelog: firesEarly(checked) ? 'update' : 'append',
        bounded,
      },
      ...late,
    };
  },
  firing: ({ window }) => anyFiringOf(window),
  describe({ groupBy, window }, say) {
    const described = describeAnyWindow(window, say);
    return groupBy.length === 0 ? described : say`${described} by ${groupBy.join(', ')}`;
  },
};

function isByEventTime({ window }: AggregateWindowConfig): boolean {
  return !isCountWindow(window) && window.time === 'event';
}

/** Whether a window of time gives results before it fires: as updates. */
export function firesEarly({ window, emitEarlyEvery, emitEarlyCount }: AggregateWindowConfig): boolean {
  return !isCountWindow(window) && (emitEarlyEvery !== null || emitEarlyCount !== null);
}

/** A window by count has no bounds. */
function boundsOf(window: AnyWindowConfig): readonly Field[] {
  return isCountWindow(window) ? [] : [field(WINDOW_START, TIMESTAMP, false), field(WINDOW_END, TIMESTAMP, false)];
}

/** Reports what does not go with the windows (MR1203). */
function reportContradictions(
  { window, allowedLateness, emitEarlyEvery, emitEarlyCount }: AggregateWindowConfig,
  report: Report,
): void {
  const code = 'MR1203';
  if (allowedLateness > 0 && (isCountWindow(window) || window.time === 'processing')) {
    const where = isCountWindow(window) ? say`for a window that goes by the number of rows` : say`in processing time`;
    report({ severity: 'warning', code, message: say`no row is late ${where}`, path: 'allowedLateness' });
  }
  for (const [path, value] of Object.entries({ emitEarlyEvery, emitEarlyCount })) {
    if (value === null || !isCountWindow(window)) continue;
    const message = say`a window that goes by the number of rows does not fire early: leave it out, or choose a window of time`;
    report({ code, message, path });
  }
  if (emitEarlyEvery === 0) {
    const message = say`must be longer than 0: for a result with every row set emitEarlyCount to 1`;
    report({ code, message, path: 'emitEarlyEvery' });
  }
}

function keyFields(groupBy: readonly string[], schema: Schema, report: Report): readonly Field[] {
  return groupBy.flatMap((name, i) => {
    const key = schema.fields[fieldIndex(schema, name)];
    if (key === undefined) {
      report({ code: 'MR1403', message: say`the input has no field "${name}"`, path: `groupBy[${i}]` });
      return [];
    }
    if (key.type.kind === 'ARRAY' || key.type.kind === 'MAP' || key.type.kind === 'ROW') {
      report({
        code: 'MR1405',
        message: say`rows cannot be grouped by ${printDataType(key.type)}`,
        path: `groupBy[${i}]`,
      });
    }
    return [key];
  });
}

/** Whether two output fields have the same name. */
function reportDuplicates({ groupBy, window, aggregates }: AggregateWindowConfig, report: Report): boolean {
  const names = [
    ...groupBy.map((name, i) => ({ name, path: `groupBy[${i}]` })),
    ...boundsOf(window).map(({ name }) => ({ name, path: 'window' })),
    ...aggregates.map(({ as }, i) => ({ name: as, path: `aggregates[${i}].as` })),
  ];
  const repeated = names.filter(({ name }, i) => names.findIndex((other) => other.name === name) < i);
  for (const { name, path } of repeated)
    report({ code: 'MR1402', message: say`the result would have two fields "${name}"`, path });
  return repeated.length > 0;
}
