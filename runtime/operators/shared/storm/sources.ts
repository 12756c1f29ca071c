/** What spouts have in common. */
import type { Remark } from '../../../core/exporter.ts';
import { say } from '../../../core/say.ts';
import { javaText } from '../../../expression/index.ts';
import type { SourceTimeConfig } from '../event-time-config.ts';
import { milliseconds } from './windows.ts';

/** Statements of a constructor. */
export function timeSetup(time: SourceTimeConfig | null): readonly string[] {
  if (time === null) return [];
  if (time.time === 'ingestion') return ['setIngestionTime();'];
  const { field, maxOutOfOrdernessMs, perRow } = time;
  return [`setEventTime(${javaText(field)}, ${milliseconds(maxOutOfOrdernessMs)}, ${perRow});`];
}

export function timeRemarks(time: SourceTimeConfig | null): readonly Remark[] {
  if (time?.time !== 'event') return [];
  const remarks: Remark[] = time.idleTimeoutMs > 0 ? [NEVER_IDLE] : [];
  if (time.alignment !== null) remarks.push({ fidelity: 'note', text: say`Sources do not wait for each other (alignment).` }); // prettier-ignore
  return remarks;
}

export const NEVER_IDLE: Remark = {
  fidelity: 'approximate',
  text: say`A task without rows holds back event time for those behind it: there is no idle timeout.`,
};
