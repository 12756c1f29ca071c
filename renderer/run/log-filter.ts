import { said } from '../app/i18n/said.ts';
import type { LogLine } from '../stores/live-buffer.ts';

export type LogFilterLevel = 'debug' | 'info' | 'warn' | 'error';

const RANKS: Readonly<Record<LogLine['level'], number>> = { debug: 0, info: 1, print: 1, warn: 2, error: 3 };

export interface LogFilter {
  /** This level and above; what is printed counts as info. */
  readonly level: LogFilterLevel;
  readonly text: string;
  /** Lines of this node only; null = all. */
  readonly nodeId: string | null;
}

export function filterLog(
  lines: readonly LogLine[],
  filter: LogFilter,
  nameOf: (id: string) => string,
): readonly LogLine[] {
  const least = RANKS[filter.level];
  const wanted = filter.text.trim().toLowerCase();
  return lines.filter(
    (line) =>
      RANKS[line.level] >= least &&
      (filter.nodeId === null || line.nodeId === filter.nodeId) &&
      (wanted === '' ||
        said(line.message).toLowerCase().includes(wanted) ||
        (line.nodeId !== null && nameOf(line.nodeId).toLowerCase().includes(wanted))),
  );
}
