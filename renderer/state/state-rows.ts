/** What operators keep: from the metrics of their subtasks to the rows of the panel. */
import type { NodeId } from '../../runtime/core/ids.ts';
import type { HotKeysOfTable, HotKeysReport, JobMetrics, OperatorMetrics } from '../../runtime/protocol/job.ts';

export interface StateRow {
  readonly nodeId: NodeId;
  readonly bytes: number;
  readonly entries: number;
  /** Bytes in a minute, of the last minute; null before there are two reports. */
  readonly growth: number | null;
  /** Rows of the busiest subtask against the mean; null with one subtask, or without rows. */
  readonly skew: number | null;
  /** Of the managed memory's budget, 0 to 1. */
  readonly share: number;
  readonly subtasks: OperatorMetrics['subtasks'];
}

const GROWTH_MS = 60_000;

/** Operators that keep something, in the job's order. `history` oldest first. */
export function stateRows(history: readonly JobMetrics[]): readonly StateRow[] {
  const now = history.at(-1);
  if (now === undefined) return [];
  const before = history.find(({ at }) => at >= now.at - GROWTH_MS) ?? now;
  const minutes = (now.at - before.at) / GROWTH_MS;
  const bytesBefore = new Map(before.operators.map((operator) => [operator.nodeId, bytesOf(operator)]));
  return now.operators
    .map(({ nodeId, subtasks }): StateRow => {
      const bytes = bytesOf({ subtasks });
      return {
        nodeId,
        bytes,
        entries: subtasks.reduce((sum, one) => sum + one.stateEntries, 0),
        growth: minutes === 0 ? null : (bytes - (bytesBefore.get(nodeId) ?? 0)) / minutes,
        skew: skewOf(subtasks.map((one) => one.numRecordsIn)),
        share: bytes / now.managedMemory.budgetBytes,
        subtasks,
      };
    })
    .filter((row) => row.bytes > 0 || row.entries > 0);
}

export interface HotKey {
  readonly key: string;
  /** Of the rows of its table, 0 to 1. */
  readonly share: number;
}

export interface HotTable {
  readonly name: string;
  readonly fields: readonly string[];
  readonly sampled: number;
  readonly keys: readonly HotKey[];
}

const SHOWN_KEYS = 20;

/** Of a node, over its subtasks, each of which has keys of its own. */
export function hotTables(reports: Iterable<HotKeysReport>, nodeId: string): readonly HotTable[] {
  const tables = new Map<string, HotKeysOfTable[]>();
  for (const report of reports) {
    if (report.nodeId !== nodeId) continue;
    for (const table of report.tables) tables.set(table.name, [...(tables.get(table.name) ?? []), table]);
  }
  return [...tables].map(([name, parts]): HotTable => {
    const sampled = parts.reduce((sum, part) => sum + part.sampled, 0);
    const keys = parts
      .flatMap((part) => part.keys)
      .sort((a, b) => b.rows - a.rows)
      .slice(0, SHOWN_KEYS)
      .map(({ values, rows }) => ({ key: values.map(textOf).join(' · '), share: rows / sampled }));
    return { name, fields: parts[0]!.fields, sampled, keys };
  });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'NULL');
}

function bytesOf({ subtasks }: Pick<OperatorMetrics, 'subtasks'>): number {
  return subtasks.reduce((sum, one) => sum + one.stateSize, 0);
}

function skewOf(rows: readonly number[]): number | null {
  const total = rows.reduce((sum, one) => sum + one, 0);
  return rows.length < 2 || total === 0 ? null : Math.max(...rows) / (total / rows.length);
}
