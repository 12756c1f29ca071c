/** Undo and redo by snapshots. Documents share what did not change, so a snapshot costs little. */

interface Step<T> {
  readonly state: T;
  /** What was done to leave `state`: `Delete 2 nodes`. */
  readonly label: string;
}

export interface History<T> {
  readonly present: T;
  /** Oldest first. */
  readonly past: readonly Step<T>[];
  /** Next first. */
  readonly future: readonly Step<T>[];
  /** Changes with this key still join the last step; null = the next change is a step of its own. */
  readonly openKey: string | null;
}

const MAX_STEPS = 200;

export function startHistory<T>(present: T): History<T> {
  return { present, past: [], future: [], openKey: null };
}

/**
 * `state` as the new present, one step that can be undone. Changes in a row with the same `key` (typing in one field, dragging
 * one node) are one step. No change, no step.
 */
export function record<T>(history: History<T>, state: T, label: string, key: string | null = null): History<T> {
  if (state === history.present) return history;
  if (key !== null && key === history.openKey) return { ...history, present: state, future: [] };
  const past = [...history.past, { state: history.present, label }].slice(-MAX_STEPS);
  return { present: state, past, future: [], openKey: key };
}

/** Ends the joining of changes: the next one is a step of its own whatever its key (a field lost focus, a drag ended). */
export function seal<T>(history: History<T>): History<T> {
  return history.openKey === null ? history : { ...history, openKey: null };
}

export function undo<T>(history: History<T>): History<T> {
  const step = history.past.at(-1);
  if (step === undefined) return history;
  const undone = { state: history.present, label: step.label };
  return { present: step.state, past: history.past.slice(0, -1), future: [undone, ...history.future], openKey: null };
}

export function redo<T>(history: History<T>): History<T> {
  const [step, ...future] = history.future;
  if (step === undefined) return history;
  const past = [...history.past, { state: history.present, label: step.label }];
  return { present: step.state, past, future, openKey: null };
}

/** What undo would undo; null when there is nothing. */
export function undoLabel(history: History<unknown>): string | null {
  return history.past.at(-1)?.label ?? null;
}

export function redoLabel(history: History<unknown>): string | null {
  return history.future[0]?.label ?? null;
}
