/** What is remembered of every step and row of a run: a few integers each. The rest is found by making the run again. */
import type { NodeId } from '../core/ids.ts';
import type { PhysicalPlan } from '../compiler/physical-plan.ts';
import { STEP_KINDS, type Moment, type RowId, type StepKind, type TimelinePart } from '../protocol/debug.ts';
import { Ints } from './ints.ts';
import type { OperatorCall } from './step-probe.ts';

const KIND_NUMBERS = Object.fromEntries(STEP_KINDS.map((kind, i) => [kind, i])) as Readonly<Record<StepKind, number>>;
const NO_NODE = -1;
const FIRED = 1;
const LATE = 2;
const FAILED = 4;
const TIMED = 8;

/** Where a row came from. */
export interface RowOrigin {
  readonly id: RowId;
  readonly nodeId: NodeId;
  readonly port: string;
  readonly subtask: number;
  readonly moment: Moment;
  /** The row that was handled when this one was made; 0: none was. */
  readonly cause: RowId;
}

export interface StepSummary {
  readonly kind: StepKind;
  readonly nodeId: NodeId | null;
  readonly subtask: number;
  readonly row: RowId;
}

export class History {
  readonly #ids: readonly NodeId[];
  readonly #indexOf: ReadonlyMap<NodeId, number>;
  readonly #ports: readonly (readonly string[])[];
  /** Step `m` is at index `m - 1`. */
  readonly #kinds = new Ints();
  readonly #nodes = new Ints();
  readonly #subtasks = new Ints();
  readonly #rows = new Ints();
  readonly #flags = new Ints();
  /** Row `id` is at index `id - 1`. */
  readonly #rowMoments = new Ints();
  readonly #rowCauses = new Ints();
  readonly #rowNodes = new Ints();
  readonly #rowPorts = new Ints();
  readonly #rowSubtasks = new Ints();

  constructor({ operators }: PhysicalPlan) {
    this.#ids = operators.map(({ nodeId }) => nodeId);
    this.#indexOf = new Map(this.#ids.map((id, i) => [id, i]));
    this.#ports = operators.map(({ outputs }) => Object.keys(outputs));
  }

  /** Steps so far. */
  get length(): number {
    return this.#kinds.length;
  }

  get rows(): number {
    return this.#rowMoments.length;
  }

  /** The step that leads to `moment`, unless it is known. */
  addStep(moment: Moment, call: OperatorCall | null, hasFailed: boolean): void {
    if (moment <= this.#kinds.length) return;
    this.#kinds.push(KIND_NUMBERS[call?.kind ?? 'internal']);
    this.#nodes.push(call === null ? NO_NODE : this.#indexOf.get(call.nodeId)!);
    this.#subtasks.push(call?.subtask ?? 0);
    this.#rows.push(call?.row ?? 0);
    let flags = hasFailed ? FAILED : 0;
    if (call !== null) {
      if (isFiring(call)) flags |= FIRED;
      if (call.lateRows > 0) flags |= LATE;
      if (hasTimerDue(call)) flags |= TIMED;
    }
    this.#flags.push(flags);
  }

  addRow({ id, nodeId, port, subtask, moment, cause }: RowOrigin): void {
    if (id <= this.#rowMoments.length) return;
    const node = this.#indexOf.get(nodeId)!;
    this.#rowMoments.push(moment);
    this.#rowCauses.push(cause);
    this.#rowNodes.push(node);
    this.#rowPorts.push(this.#ports[node]!.indexOf(port));
    this.#rowSubtasks.push(subtask);
  }

  step(moment: Moment): StepSummary | null {
    if (moment < 1 || moment > this.length) return null;
    const node = this.#nodes.at(moment - 1);
    return {
      kind: STEP_KINDS[this.#kinds.at(moment - 1)]!,
      nodeId: node === NO_NODE ? null : this.#ids[node]!,
      subtask: this.#subtasks.at(moment - 1),
      row: this.#rows.at(moment - 1),
    };
  }

  /** Whether the step leads anywhere that somebody who steps wants to stop at. */
  isVisible(moment: Moment): boolean {
    const kind = STEP_KINDS[this.#kinds.at(moment - 1)];
    return kind !== 'internal' && kind !== 'checkpoint';
  }

  row(id: RowId): RowOrigin | null {
    if (id < 1 || id > this.rows) return null;
    const node = this.#rowNodes.at(id - 1);
    return {
      id,
      nodeId: this.#ids[node]!,
      port: this.#ports[node]![this.#rowPorts.at(id - 1)]!,
      subtask: this.#rowSubtasks.at(id - 1),
      moment: this.#rowMoments.at(id - 1),
      cause: this.#rowCauses.at(id - 1),
    };
  }

  cause(id: RowId): RowId {
    return id < 1 || id > this.rows ? 0 : this.#rowCauses.at(id - 1);
  }

  /** The newest `limit` rows handled at a node up to a moment, oldest first. */
  rowsInto(nodeId: NodeId, moment: Moment, limit: number): readonly RowId[] {
    const node = this.#indexOf.get(nodeId);
    const row = KIND_NUMBERS.row;
    const found: RowId[] = [];
    for (let i = Math.min(moment, this.length) - 1; i >= 0 && found.length < limit; i--) {
      if (this.#nodes.at(i) === node && this.#kinds.at(i) === row) found.push(this.#rows.at(i));
    }
    return found.reverse();
  }

  forgetAfter(moment: Moment): void {
    for (const ints of [this.#kinds, this.#nodes, this.#subtasks, this.#rows, this.#flags]) ints.cut(moment);
    let rows = this.rows;
    while (rows > 0 && this.#rowMoments.at(rows - 1) > moment) rows--;
    this.forgetRows(rows);
  }

  /** All but the first `rows`. */
  forgetRows(rows: number): void {
    for (const ints of [this.#rowMoments, this.#rowCauses, this.#rowNodes, this.#rowPorts, this.#rowSubtasks]) {
      ints.cut(rows);
    }
  }

  /** Steps `(from, to]` in `parts` equal parts. */
  timeline(from: Moment, to: Moment, parts: number): readonly TimelinePart[] {
    const end = Math.min(to, this.length);
    const count = Math.max(1, Math.min(parts, end - from));
    return Array.from({ length: count }, (_, i) => {
      const start = from + Math.floor(((end - from) * i) / count);
      return this.#count(start, from + Math.floor(((end - from) * (i + 1)) / count));
    });
  }

  #count(from: Moment, to: Moment): TimelinePart {
    const byKind = new Array<number>(STEP_KINDS.length).fill(0);
    let [firings, late, errors, timers] = [0, 0, 0, 0];
    for (let i = from; i < to; i++) {
      byKind[this.#kinds.at(i)]!++;
      const flags = this.#flags.at(i);
      if ((flags & FIRED) !== 0) firings++;
      if ((flags & LATE) !== 0) late++;
      if ((flags & FAILED) !== 0) errors++;
      if ((flags & TIMED) !== 0) timers++;
    }
    const of = (kind: StepKind): number => byKind[KIND_NUMBERS[kind]]!;
    return {
      from,
      to,
      rows: of('row'),
      watermarks: of('watermark'),
      firings,
      timers,
      barriers: of('barrier'),
      late,
      errors,
    };
  }
}

/** Whether rows left since event time or the clock has moved. */
export function isFiring({
  kind,
  emitted,
}: Pick<OperatorCall, 'kind'> & { readonly emitted: readonly unknown[] }): boolean {
  return (kind === 'watermark' || kind === 'timer') && emitted.length > 0;
}

/** Whether a timer was due: of the operator by the clock, or of a key by event time or the clock. */
export function hasTimerDue({ kind, dueTimers }: Pick<OperatorCall, 'kind' | 'dueTimers'>): boolean {
  return kind === 'timer' || dueTimers > 0;
}
