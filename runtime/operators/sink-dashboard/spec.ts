import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import { ROW_WISE, type OperatorSpec, type Report } from '../../core/operator.ts';
import { say, type Say } from '../../core/say.ts';
import { fieldIndex, type Schema, type StreamShape } from '../../core/schema.ts';
import { isNumeric, printDataType, type DataType } from '../../core/types.ts';
import { isHashable } from '../shared/row-hash.ts';

const category = c.field({ label: 'Category', help: 'The field that names the parts.' });
const top = (rows: number) =>
  c.withDefault(
    c.integer({ label: 'Most shown', help: 'How many of the largest are shown.' }, { min: 1, max: 50 }),
    rows,
  );
const value = c.field({ label: 'Value', help: 'The field with the number.' });

const config = configSpec({
  title: c.optional(c.text({ label: 'Title', help: 'Stands over the tile. Left out: the name of the node.' })),
  unit: c.optional(c.text({ label: 'Unit', help: 'Stands with the values, such as ¥ or ms.' })),
  decimals: c.optional(
    c.integer(
      { label: 'Decimals', help: 'Digits behind the point. Left out: as the values have them.' },
      { min: 0, max: 6 },
    ),
  ),
  view: c.variant({ label: 'Tile', help: 'How the rows are shown.' }, 'kind', {
    number: {
      label: 'Number',
      fields: {
        value,
        compareWith: c.optional(
          c.field({
            label: 'Compare with',
            help: "The field with what the value is measured against: yesterday's, or the target.",
          }),
        ),
        sparkline: c.withDefault(
          c.flag({ label: 'Trend', help: 'Whether a small line shows how the value came to be.' }),
          true,
        ),
      },
    },
    line: {
      label: 'Line',
      fields: {
        time: c.optional(
          c.field({ label: 'Time', help: 'The TIMESTAMP field along the axis. Left out: the event time.' }),
        ),
        values: c.fields({ label: 'Values', help: 'The fields with the numbers, a line for each.' }, { minLength: 1 }),
        series: c.optional(
          c.field({ label: 'Series', help: 'A line for each value of this field, where there is one number.' }),
        ),
        area: c.withDefault(c.flag({ label: 'Filled', help: 'Whether the area below the line is filled.' }), true),
      },
    },
    bar: { label: 'Bars', fields: { category, value, top: top(10) } },
    pie: { label: 'Donut', fields: { category, value, top: top(8) } },
    table: {
      label: 'Ranking',
      fields: {
        key: c.withDefault(
          c.fields({
            label: 'Key',
            help: 'A row with the same values in these fields takes the place of the one before. None: the latest rows.',
          }),
          [],
        ),
        columns: c.withDefault(c.fields({ label: 'Columns', help: 'The fields that are shown. None: all.' }), []),
        sortBy: c.optional(
          c.field({ label: 'Sort by', help: 'The largest value of this field is first. Left out: the newest row.' }),
        ),
        top: top(10),
      },
    },
    gauge: {
      label: 'Gauge',
      fields: {
        value,
        min: c.withDefault(c.number({ label: 'From', help: 'Where the scale begins.' }), 0),
        max: c.withDefault(c.number({ label: 'To', help: 'Where the scale ends.' }), 100),
        warnAt: c.optional(c.number({ label: 'Warning at', help: 'From here on the value is a warning.' })),
        alarmAt: c.optional(
          c.number({
            label: 'Alarm at',
            help: 'From here on the value is an alarm. Below the warning: small values are the bad ones.',
          }),
        ),
      },
    },
    china: {
      label: 'Map of China',
      fields: {
        province: c.field({
          label: 'Province',
          help: 'The field with its name in Chinese or English, its two letters (GD) or its code (44).',
        }),
        value,
      },
    },
    world: {
      label: 'Map of the world',
      fields: {
        longitude: c.field({ label: 'Longitude', help: 'The field with degrees east.' }),
        latitude: c.field({ label: 'Latitude', help: 'The field with degrees north.' }),
        value: c.optional(c.field({ label: 'Value', help: 'The field that makes a point large.' })),
        label: c.optional(c.field({ label: 'Label', help: 'The field that names a point.' })),
        key: c.withDefault(
          c.fields({
            label: 'Key',
            help: 'A row with the same values in these fields moves its point. None: the latest rows.',
          }),
          [],
        ),
      },
    },
  }),
  history: c.withDefault(
    c.integer(
      { label: 'Kept rows', help: 'How many rows, or keys, the tile keeps: the length of its lines.' },
      { min: 1, max: 5000 },
    ),
    240,
  ),
});
export type SinkDashboardConfig = ConfigOf<typeof config>;

export const sinkDashboardSpec: OperatorSpec<SinkDashboardConfig> = {
  type: 'sink.dashboard',
  version: 1,
  label: 'Dashboard tile',
  summary: 'Shows a number, chart, ranking or map on the dashboard while the job runs.',
  category: 'sink',
  showsOnly: true,
  keywords: ['chart', 'plot', 'big screen', 'wall', 'number', 'line', 'bar', 'pie', 'gauge', 'map', 'ranking', 'kpi'],
  config,
  ports: () => ({ inputs: [{ name: 'in', label: 'Rows' }], outputs: [] }),
  traits: () => ({ ...ROW_WISE, isStateful: true, maxParallelism: 1 }),
  distribution: () => ({ type: 'single' }),
  infer({ view }, [input], report) {
    if (input !== undefined) checkFields(view, input.shape, report);
    return {};
  },
  tile: ({ title, unit, decimals, view }) => ({ title, unit, decimals, view }),
  describe: ({ view }, say) => describeView(view.kind, say),
};

function describeView(kind: SinkDashboardConfig['view']['kind'], say: Say): string {
  switch (kind) {
    case 'number':
      return say`number`;
    case 'line':
      return say`line`;
    case 'bar':
      return say`bars`;
    case 'pie':
      return say`donut`;
    case 'table':
      return say`ranking`;
    case 'gauge':
      return say`gauge`;
    case 'china':
      return say`map of China`;
    case 'world':
      return say`map of the world`;
  }
}

/** Fields whose values tell kept rows apart; null: rows are kept as they come. `eventTime`: the row's event time is part of it. */
export interface RowKey {
  readonly fields: readonly string[];
  readonly eventTime: boolean;
}

export function rowKeyOf(view: SinkDashboardConfig['view']): RowKey | null {
  switch (view.kind) {
    case 'number':
    case 'gauge':
      return null;
    case 'line': {
      const series = view.series === null ? [] : [view.series];
      return view.time === null
        ? { fields: series, eventTime: true }
        : { fields: [view.time, ...series], eventTime: false };
    }
    case 'bar':
    case 'pie':
      return { fields: [view.category], eventTime: false };
    case 'china':
      return { fields: [view.province], eventTime: false };
    case 'table':
    case 'world':
      return view.key.length === 0 ? null : { fields: view.key, eventTime: false };
  }
}

function checkFields(view: SinkDashboardConfig['view'], { schema, eventTime }: StreamShape, report: Report): void {
  const check = new FieldCheck(schema, report);
  switch (view.kind) {
    case 'number':
      check.number(view.value, 'view.value');
      if (view.compareWith !== null) check.number(view.compareWith, 'view.compareWith');
      return;
    case 'gauge':
      check.number(view.value, 'view.value');
      if (view.min >= view.max)
        report({
          code: 'MR1203',
          message: say`the scale ends at ${view.max}, not above ${view.min}`,
          path: 'view.max',
        });
      return;
    case 'line':
      view.values.forEach((name, i) => check.number(name, `view.values[${i}]`));
      if (view.series !== null) check.key(view.series, 'view.series');
      if (view.series !== null && view.values.length > 1)
        report({ code: 'MR1203', message: say`with a series, choose a single field of values`, path: 'view.values' });
      if (view.time !== null) check.time(view.time, 'view.time');
      else if (!eventTime)
        report({
          code: 'MR1501',
          message: say`the input has no event time: choose a TIMESTAMP field for the axis, or give its source an event time`,
          path: 'view.time',
        });
      return;
    case 'bar':
    case 'pie':
      check.key(view.category, 'view.category');
      check.number(view.value, 'view.value');
      return;
    case 'china':
      check.key(view.province, 'view.province');
      check.number(view.value, 'view.value');
      return;
    case 'table':
      view.key.forEach((name, i) => check.key(name, `view.key[${i}]`));
      view.columns.forEach((name, i) => check.field(name, `view.columns[${i}]`));
      if (view.sortBy !== null) check.field(view.sortBy, 'view.sortBy');
      return;
    case 'world':
      check.number(view.longitude, 'view.longitude');
      check.number(view.latitude, 'view.latitude');
      if (view.value !== null) check.number(view.value, 'view.value');
      if (view.label !== null) check.field(view.label, 'view.label');
      view.key.forEach((name, i) => check.key(name, `view.key[${i}]`));
  }
}

class FieldCheck {
  readonly #schema: Schema;
  readonly #report: Report;

  constructor(schema: Schema, report: Report) {
    this.#schema = schema;
    this.#report = report;
  }

  /** Its type; null when there is no such field, which is reported. */
  field(name: string, path: string): DataType | null {
    const found = this.#schema.fields[fieldIndex(this.#schema, name)];
    if (found !== undefined) return found.type;
    const names = this.#schema.fields.map((field) => field.name).join(', ');
    const message = say`the input has no field "${name}"; it has ${names || 'none'}: choose one of them`;
    this.#report({ code: 'MR1403', message, path });
    return null;
  }

  number(name: string, path: string): void {
    const type = this.field(name, path);
    if (type === null || isNumeric(type)) return;
    this.#mismatch(say`"${name}" is a ${printDataType(type)}, not a number: CAST it in a project before`, path);
  }

  time(name: string, path: string): void {
    const type = this.field(name, path);
    if (type === null || type.kind === 'TIMESTAMP') return;
    this.#mismatch(say`"${name}" is a ${printDataType(type)}, not a TIMESTAMP: CAST it in a project before`, path);
  }

  key(name: string, path: string): void {
    const type = this.field(name, path);
    if (type === null || isHashable({ name, type, nullable: true })) return;
    this.#mismatch(say`${printDataType(type)} cannot be a key: project a plain value out of "${name}"`, path);
  }

  #mismatch(message: string, path: string): void {
    this.#report({ code: 'MR1405', message, path });
  }
}
