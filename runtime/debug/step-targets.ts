/** Where each kind of step ends: in front of the first step that fits. */
import type { StepTarget } from '../protocol/debug.ts';
import type { DebugRun } from './debug-run.ts';
import { hasTimerDue, isFiring } from './history.ts';
import type { MadeStep } from './replica.ts';
import { belongsTo, causesOf } from './step-view.ts';

export type StepTest = (step: MadeStep) => boolean;

/** From where the run stands now. */
export function stepTest(run: DebugRun, target: StepTarget): StepTest {
  switch (target.to) {
    case 'into':
      return isVisible;
    case 'over':
      return beyond(run, run.next);
    case 'out':
      return outOf(run, run.next);
    case 'row':
      return ({ call }) => call?.kind === 'row' && belongsTo(call.nodeId, target.nodeId);
    case 'batch':
      return ({ call }) => call?.emitted.some(({ batch }) => run.isBatchHead(batch)) ?? false;
    case 'firing':
      return ({ call }) => call !== null && isFiring(call) && belongsTo(call.nodeId, target.nodeId);
    case 'timer':
      return ({ call }) => call !== null && hasTimerDue(call) && belongsTo(call.nodeId, target.nodeId);
    case 'watermark':
    case 'barrier':
      return ({ call }) => call?.kind === target.to && belongsTo(call.nodeId, target.nodeId);
    case 'checkpoint':
      return ({ call }) => call?.kind === 'checkpoint';
  }
}

function isVisible({ call }: MadeStep): boolean {
  return call !== null && call.kind !== 'checkpoint';
}

/** Behind all rows that this step makes, and those that are made of them; a mark passes all operators behind. */
function beyond(run: DebugRun, current: MadeStep | null): StepTest {
  const call = current?.call ?? null;
  if (current === null || call === null) return isVisible;
  const { moment } = current;
  if (call.kind !== 'row' && call.kind !== 'source') return pastMark(run, current);
  return (step) => isVisible(step) && !rowsOf(run, step).some((row) => run.history.row(row)?.moment === moment);
}

function outOf(run: DebugRun, current: MadeStep | null): StepTest {
  const row = current?.call?.row ?? 0;
  if (row === 0) return beyond(run, current);
  const from = run.history.cause(row) || row;
  return (step) => isVisible(step) && !rowsOf(run, step).includes(from);
}

/** Back at the operator, or at a source. */
function pastMark(run: DebugRun, { call: from, moment }: MadeStep): StepTest {
  return (step) => {
    if (!isVisible(step)) return false;
    const { kind, nodeId, subtask } = step.call!;
    if (kind === 'row') return !rowsOf(run, step).some((row) => (run.history.row(row)?.moment ?? 0) >= moment);
    return kind === 'source' || (nodeId === from!.nodeId && subtask === from!.subtask);
  };
}

function rowsOf(run: DebugRun, { call }: MadeStep): readonly number[] {
  return call === null || call.row === 0 ? [] : causesOf(run, call.row);
}
