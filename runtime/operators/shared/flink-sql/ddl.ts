/** Columns of a CREATE TABLE. */
import { say } from '../../../core/say.ts';
import type { Field } from '../../../core/types.ts';
import { printFlinkType } from '../../../expression/index.ts';
import type { EventTimeConfig, SourceTimeConfig } from '../event-time-config.ts';
import { sqlInterval } from './expressions.ts';
import { sqlName } from './names.ts';

/** `name TYPE`. Without NOT NULL: Flink checks it per row, and never finds what was not found here already. */
export function columnOf({ name, type }: Field): string {
  return `${sqlName(name)} ${printFlinkType(type)}`;
}

/** `WATERMARK FOR …`, where the rows have an event time by a field. */
export function watermarkOf(eventTime: EventTimeConfig | SourceTimeConfig | null): readonly string[] {
  if (eventTime === null || !('field' in eventTime)) return [];
  const { field, maxOutOfOrdernessMs: bound } = eventTime;
  const name = sqlName(field);
  return [`WATERMARK FOR ${name} AS ${name}${bound === 0 ? '' : ` - ${sqlInterval(bound, 'flink')}`}`];
}

/** Why a source's time has no place in a table; null: it has. */
export function timeProblem(eventTime: SourceTimeConfig | null): { readonly unsupported: string } | null {
  if (eventTime === null || eventTime.time === 'event') return null;
  return { unsupported: say`takes the time when a row is read for its event time: use a field of the rows` };
}
