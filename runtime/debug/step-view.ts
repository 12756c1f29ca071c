/** Steps and rows of a run, as the protocol has them. */
import type { NodeId } from '../core/ids.ts';
import type { DebugRow, DebugStep, Moment, RowId } from '../protocol/debug.ts';
import { toErrorReport } from '../protocol/error-report.ts';
import { protocolTime } from './checkpoints.ts';
import type { DebugRun } from './debug-run.ts';
import type { MadeStep } from './replica.ts';
import { viewRow } from './row-store.ts';
import type { EmittedRow, OperatorCall } from './step-probe.ts';

export function viewStep(run: DebugRun, { moment, call, error }: MadeStep): DebugStep {
  const common = { moment, lateRows: call?.lateRows ?? 0, error: error === null ? null : toErrorReport(error.thrown) };
  if (call === null) {
    const nothing = { nodeId: null, subtask: 0, row: null, inputPort: null, time: null, emitted: [] };
    return { ...common, ...nothing, kind: 'internal' };
  }
  const { kind, nodeId, subtask, row, batch, input, time, emitted } = call;
  const origin = run.history.row(row);
  const port = run.debug.plan.operators.find((operator) => operator.nodeId === nodeId)?.inputs[input]?.port;
  return {
    ...common,
    kind,
    nodeId,
    subtask,
    row: batch === null || origin === null ? null : viewRow(batch, origin),
    inputPort: batch === null ? null : (port ?? null),
    time: time === null ? null : protocolTime(time),
    emitted: emitted.map((one) => viewEmitted(one, call, moment)),
  };
}

function viewEmitted({ id, port, batch }: EmittedRow, { nodeId, subtask }: OperatorCall, moment: Moment): DebugRow {
  return viewRow(batch, { id, nodeId, port, subtask, moment });
}

/** The rows that a row was made from, one by another: itself first, that of the source last. */
export function causesOf({ history }: DebugRun, row: RowId): readonly RowId[] {
  const path: RowId[] = [];
  for (let id = row; id !== 0; id = history.cause(id)) path.push(id);
  return path;
}

/** Rows with their values, in the order asked for. What is not at hand any more is found by making the run again. */
export async function viewRows(run: DebugRun, ids: readonly RowId[]): Promise<readonly DebugRow[]> {
  const missing = ids.filter((id) => run.rows.get(id) === undefined && run.history.row(id) !== null);
  const found = new Map<RowId, DebugRow>();
  const see = (id: RowId): void => {
    const batch = run.rows.get(id);
    const origin = run.history.row(id);
    if (batch !== undefined && origin !== null) found.set(id, viewRow(batch, origin));
  };
  for (const id of ids) see(id);
  // By moment, so that rows of one stretch are found in one go; looked at at once, since the store forgets.
  const moments = [...new Set(missing.map((id) => run.history.row(id)!.moment))].sort((a, b) => a - b);
  while (moments.length > 0) {
    const from = run.checkpoints.before(Math.max(0, moments[0]! - 1)).moment;
    const end = run.checkpoints.moments.find((moment) => moment > from && moment >= moments[0]!) ?? Infinity;
    const stretch = moments.filter((moment) => moment <= end);
    const wanted = new Set(stretch);
    await run.review(from, stretch.at(-1)!, ({ moment }) => {
      if (wanted.has(moment)) for (const id of missing) if (run.history.row(id)!.moment === moment) see(id);
    });
    moments.splice(0, stretch.length);
  }
  return ids.flatMap((id) => found.get(id) ?? []);
}

/** Whether an operator is a node of the document, or a part of it. */
export function belongsTo(nodeId: NodeId | null, wanted: NodeId | undefined): boolean {
  return wanted === undefined || nodeId === wanted || (nodeId?.startsWith(`${wanted}/`) ?? false);
}
