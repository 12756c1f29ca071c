/** Steps and events in words, for terminals and debug adapters. */
import type { NodeId } from '../../core/ids.ts';
import type { BreakpointPlace, DebugStep } from '../../protocol/debug.ts';

/** `count handles row 12 ["a",1]`. */
export function describeStep(step: DebugStep | null): string {
  if (step === null) return 'nothing more can be done';
  const { nodeId, kind, row, time, emitted, lateRows, error } = step;
  const made = emitted.length === 0 ? '' : ` → ${emitted.length === 1 ? 'a row' : `${emitted.length} rows`}`;
  const late = lateRows > 0 ? ', late' : '';
  const failure = error === null ? '' : `: ${error.message}`;
  return `${nodeId ?? 'the machinery'} ${WHAT[kind]}${row === null ? timeText(time) : ` ${row.id} ${JSON.stringify(row.values)}`}${late}${made}${failure}`;
}

const WHAT: Readonly<Record<DebugStep['kind'], string>> = {
  internal: 'goes on',
  row: 'handles row',
  source: 'reads',
  watermark: 'gets watermark',
  idle: 'hears of idleness',
  timer: 'has a timer due',
  answer: 'gets an answer',
  barrier: 'takes its part of a checkpoint',
  checkpoint: 'hears of a complete checkpoint',
  end: 'comes to its end',
};

export function timeText(time: DebugStep['time']): string {
  if (time === null) return '';
  return time === 'end' ? ' of the end' : ` ${instant(time)}`;
}

export function instant(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
}

export const EVENT_FORMS =
  'NODE, NODE.PORT, firing [NODE], late [NODE], timer [NODE], watermark [NODE] [TIME], barrier [NODE], error [NODE], state NODE [KEY], lineage ROW [NODE]';

/** A place to stop at from words such as `firing count`; what is wrong with them otherwise. */
export function parseEvent(text: string): BreakpointPlace | string {
  const [word = '', ...rest] = text.trim().split(/\s+/);
  const node = (rest[0] ?? null) as NodeId | null;
  switch (word) {
    case '':
      return `Say where to stop: ${EVENT_FORMS}.`;
    case 'firing':
    case 'late':
    case 'timer':
    case 'barrier':
    case 'error':
      return { type: word, nodeId: node };
    case 'watermark': {
      const time = rest.find((one) => !Number.isNaN(timeOf(one)));
      const at = rest.find((one) => one !== time);
      return {
        type: 'watermark',
        nodeId: (at ?? null) as NodeId | null,
        atLeast: time === undefined ? null : timeOf(time),
      };
    }
    case 'state':
      if (node === null) return 'Say whose state: state NODE [KEY].';
      return { type: 'state', nodeId: node, ...(rest.length > 1 ? { key: rest.slice(1) } : {}) };
    case 'lineage': {
      const row = Number(node);
      if (!Number.isInteger(row) || row < 1) return 'Say which row: lineage ROW [NODE].';
      return { type: 'lineage', row, nodeId: (rest[1] ?? null) as NodeId | null };
    }
    default: {
      const [nodeId, port] = word.split('.') as [NodeId, string | undefined];
      return port === undefined ? { type: 'node', nodeId } : { type: 'output', nodeId, port };
    }
  }
}

function timeOf(text: string): number {
  return /^-?\d+$/.test(text) ? Number(text) : Date.parse(text);
}
