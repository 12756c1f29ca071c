/** What sources have in common: a schema, and a watermark. */
import type { PythonCall, Remark, SparkJob, Unsupported } from '../../../core/exporter.ts';
import { say } from '../../../core/say.ts';
import type { Schema } from '../../../core/schema.ts';
import { printSparkType } from '../../../expression/index.ts';
import type { EventTimeConfig, SourceTimeConfig } from '../event-time-config.ts';
import { sqlName } from '../flink-sql/names.ts';
import { columnText } from './columns.ts';
import { call, pythonText } from './python.ts';
import { durationText } from './windows.ts';

/** `.schema("user STRING, ts TIMESTAMP")` */
export function schemaCall({ fields }: Schema): PythonCall {
  return call(
    'schema',
    pythonText(fields.map(({ name, type }) => `${sqlName(name)} ${printSparkType(type)}`).join(', ')),
  );
}

/** Of a batch job none: all its rows are there. */
export function watermarkCalls(
  eventTime: EventTimeConfig | SourceTimeConfig | null,
  { mode }: SparkJob,
): readonly PythonCall[] {
  if (mode === 'batch' || eventTime === null || !('field' in eventTime)) return [];
  return [call('withWatermark', columnText(eventTime.field), durationText(eventTime.maxOutOfOrdernessMs))];
}

export function timeRemarks(
  eventTime: EventTimeConfig | SourceTimeConfig | null,
  { mode }: SparkJob,
): readonly Remark[] {
  if (eventTime === null || mode === 'batch') return [];
  if (!('field' in eventTime)) {
    return [{ fidelity: 'note', text: say`Has no event time in Spark: the time when a row was read is not kept.` }];
  }
  return eventTime.idleTimeoutMs > 0
    ? [
        {
          fidelity: 'note',
          text: say`Spark has no idle timeout: a silent source holds the watermark of the whole query.`,
        },
      ]
    : [];
}

export function rejectedPort(): Unsupported {
  return { unsupported: say`hands on the rows that cannot be read, and Spark drops them or fails: leave the port "rejected" open` }; // prettier-ignore
}
