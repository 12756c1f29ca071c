/** What the debugger says of steps and breakpoints. */
import type { TFunction } from 'i18next';
import type {
  BreakpointPlace,
  DebugColumn,
  DebugPlanInfo,
  DebugPort,
  DebugRow,
  DebugStop,
} from '../../runtime/protocol/debug.ts';
import { formatEventTimeFull, formatExact } from '../ui/format.ts';
import { shownValue } from './values.ts';

export interface Speech {
  readonly t: TFunction;
  readonly nameOf: (id: string) => string;
}

/** Where the session stands and what comes next. */
export function stepSentence(stop: DebugStop, { t, nameOf }: Speech): string {
  const moment = formatExact(stop.moment);
  if (stop.isFinished) return t('debug:atEnd', { moment });
  const { next } = stop;
  if (next === null) return t('debug:waiting', { moment });
  const what = t(`debug:kind.${next.kind}`, {
    node: next.nodeId === null ? '' : nameOf(next.nodeId),
    time: timeText(next.time, t),
    row: next.row === null ? '' : `#${next.row.id}`,
  });
  return t('debug:standsAt', { moment, what });
}

export function timeText(time: number | 'end' | null, t: TFunction): string {
  if (time === null) return '–';
  return time === 'end' ? t('debug:endOfTime') : shortTime(time);
}

export function placeSentence(place: BreakpointPlace, { t, nameOf }: Speech): string {
  const node = place.nodeId === null ? t('debug:anyNode') : nameOf(place.nodeId);
  const port = 'port' in place && place.port !== undefined ? place.port : '';
  if (place.type === 'node' && port !== '') return t('debug:place.input', { node, port });
  const row = place.type === 'lineage' ? `#${place.row}` : '';
  return t(`debug:place.${place.type}`, { node, port, row });
}

/** Of a time as `timeText` writes it, in UTC, or of a number of ms since the epoch; null: it is none. */
export function timeOf(text: string): number | null {
  const trimmed = text.trim();
  if (/^-?\d+$/.test(trimmed)) return Number(trimmed);
  const time = Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(trimmed) ? trimmed : `${trimmed.replace(' ', 'T')}Z`);
  return Number.isNaN(time) ? null : time;
}

/** The port that rows leave; null: there is none in the plan. */
export function portOf(plan: DebugPlanInfo | null, nodeId: string, port: string): DebugPort | null {
  const operator = plan?.operators.find((one) => one.nodeId === nodeId);
  return operator?.outputs.find(({ name }) => name === port) ?? null;
}

/** `user: "u1", n: 3` in a line. */
export function rowText(row: DebugRow, fields: readonly DebugColumn[]): string {
  return row.values
    .map((value, i) => `${fields[i]?.name ?? i}: ${shownValue(value, fields[i]?.type ?? '') ?? 'NULL'}`)
    .join(', ');
}

/** Of times after 2001 as such: a window's start; else a number. */
export function namespaceText(namespace: number): string {
  return isTime(namespace) ? shortTime(namespace) : String(namespace);
}

export function isTime(namespace: number): boolean {
  return namespace > 1e12 && namespace < 1e14;
}

/** Without milliseconds where there are none. */
function shortTime(ms: number): string {
  return formatEventTimeFull(ms).replace(/\.000$/, '');
}
