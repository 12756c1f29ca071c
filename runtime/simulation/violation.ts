/** What must hold in every run. */
export type Invariant =
  /** Never more batches in a channel than it has credits; all are back at the end. */
  | 'credits'
  /** Rows, watermarks, barriers and ends come in an order that makes sense, on every channel and in every operator. */
  | 'channel order'
  /** Watermarks never go back. */
  | 'watermarks'
  /** No row is at or behind a watermark where none can be. */
  | 'late rows'
  /** Where the watermark has come to, all rows up to it have come. */
  | 'complete'
  /** What was sent before a barrier was handled before the snapshot, or is kept with it: once. */
  | 'in flight'
  /** Every timer fires once its time has come. */
  | 'timers'
  /** The job comes to its end. */
  | 'progress'
  /** What is committed is what the reference gives, or a part of it; at the end, all of it. */
  | 'output'
  /** A job that starts from a completed checkpoint gives the same. */
  | 'restore'
  /** No attempt fails but by the machine's death. */
  | 'no failure';

export class Violation extends Error {
  readonly invariant: Invariant;

  constructor(invariant: Invariant, message: string) {
    super(message);
    this.name = 'Violation';
    this.invariant = invariant;
  }
}

export function must(condition: boolean, invariant: Invariant, message: () => string): void {
  if (!condition) throw new Violation(invariant, message());
}

/** What an error that ended a run breaks. */
export function violationOf(error: unknown): { readonly invariant: Invariant; readonly message: string } {
  const violation = causesOf(error).find((cause) => cause instanceof Violation);
  if (violation !== undefined) return violation;
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { invariant: /deadlock|does not fire/.test(message) ? 'progress' : 'no failure', message };
}

/** The error itself first: tasks wrap what operators throw. */
export function causesOf(error: unknown): readonly unknown[] {
  return error instanceof Error ? [error, ...causesOf(error.cause)] : [];
}
