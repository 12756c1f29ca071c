/** The config `eventTime`: what the time of a row is, as sources and the operator Watermark write it. */
import { c, type ConfigField } from '../../core/config.ts';
import type { Report, RowTime, WatermarkAlignment } from '../../core/operator.ts';
import { say, type Say } from '../../core/say.ts';
import { fieldIndex, type Schema } from '../../core/schema.ts';
import { printDuration } from '../../core/time.ts';
import { printDataType } from '../../core/types.ts';

/** Time by a field of the rows. */
export interface EventTimeConfig {
  readonly field: string;
  readonly maxOutOfOrdernessMs: number;
  /** 0 = never idle. */
  readonly idleTimeoutMs: number;
  readonly perRow: boolean;
}

/** Of a source: by a field, or by the clock when a row is read. */
export type SourceTimeConfig =
  | (EventTimeConfig & { readonly time: 'event'; readonly alignment: WatermarkAlignment | null })
  | { readonly time: 'ingestion' };

const TEXT = {
  label: 'Event time',
  help: 'When the rows happened, by one of their fields. Windows and joins over time need it.',
};

const byField = {
  field: c.field({ label: 'Field', help: 'TIMESTAMP field that holds the time of the row.' }),
  maxOutOfOrdernessMs: c.withDefault(
    c.integer(
      {
        label: 'Out of order by',
        help: 'How far a row may be behind the latest one without being late. Results wait this long.',
      },
      { min: 0, unit: 'ms' },
    ),
    0,
  ),
  idleTimeoutMs: c.withDefault(
    c.integer(
      {
        label: 'Idle after',
        help: 'Others do not wait for an input that was silent for so long; 0 = they always wait.',
      },
      { min: 0, unit: 'ms' },
    ),
    0,
  ),
  perRow: c.withDefault(
    c.flag({
      label: 'Watermark per row',
      help: 'Moves the watermark after every row instead of every batch: slower, but what is late no longer depends on batches.',
    }),
    false,
  ),
};

const alignment = c.optional(
  c.object(
    {
      label: 'Alignment',
      help: 'Sources of a group wait for each other, so that none runs far ahead in event time and makes windows pile up.',
    },
    {
      group: c.text({ label: 'Group', help: 'Sources that name the same group wait for each other.' }),
      maxDriftMs: c.integer(
        {
          label: 'Ahead by at most',
          help: 'How far the watermark of this source may be ahead of the one furthest behind before it waits.',
        },
        { min: 0, unit: 'ms' },
      ),
    },
  ),
);

/** For operators on the way: sources alone can wait for each other, or say when a row was read. */
export function eventTimeConfig(): ConfigField<EventTimeConfig> {
  return c.object(TEXT, byField);
}

export function sourceTimeConfig(): ConfigField<SourceTimeConfig> {
  return c.variant(
    { ...TEXT, help: 'The time of the rows, which windows and joins over time go by.' },
    'time',
    {
      event: { label: 'By a field', fields: { ...byField, alignment } },
      ingestion: { label: 'When a row is read', fields: {} },
    },
    { defaultCase: 'event' },
  );
}

/** Reports an event-time field that is not there or not a TIMESTAMP; false when there is such a problem. */
export function checkEventTime(config: EventTimeConfig | SourceTimeConfig, schema: Schema, report: Report): boolean {
  if (!('field' in config)) return true;
  const field = schema.fields[fieldIndex(schema, config.field)];
  const path = 'eventTime.field';
  if (field === undefined) {
    const names = schema.fields.map((f) => f.name).join(', ');
    report({ code: 'MR1403', message: say`There is no field "${config.field}"; there are ${names || 'none'}`, path });
    return false;
  }
  if (field.type.kind === 'TIMESTAMP') return true;
  report({ code: 'MR1502', message: say`"${field.name}" is a ${printDataType(field.type)}, not a TIMESTAMP`, path });
  return false;
}

/** What the traits of a source say of its watermarks. */
export function watermarkTraits(config: SourceTimeConfig | null): {
  readonly assignsWatermarks: boolean;
  readonly watermarkAlignment: WatermarkAlignment | null;
  readonly rowTime: RowTime | null;
} {
  return {
    assignsWatermarks: config !== null,
    rowTime: config,
    watermarkAlignment: config?.time === 'event' ? config.alignment : null,
  };
}

/** A line for the canvas: `event time ts − 5 seconds`. */
export function describeEventTime({ field, maxOutOfOrdernessMs }: EventTimeConfig, say: Say): string {
  return maxOutOfOrdernessMs === 0
    ? say`event time ${field}`
    : say`event time ${field} − ${printDuration(maxOutOfOrdernessMs)}`;
}
