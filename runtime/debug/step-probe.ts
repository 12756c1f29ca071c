/** What a step of a debug run does, as its operators tell it while they work. */
import type { Batch } from '../core/batch.ts';
import type { NodeId } from '../core/ids.ts';
import type { RowId, StepKind } from '../protocol/debug.ts';
import type { StateWatch } from './state-watch.ts';

export interface EmittedRow {
  readonly id: RowId;
  readonly port: string;
  readonly batch: Batch;
}

/** A call of an operator. A step makes one at most, but for the machinery's. */
export interface OperatorCall {
  readonly kind: StepKind;
  readonly nodeId: NodeId;
  readonly subtask: number;
  /** 0: no row was handed over. */
  readonly row: RowId;
  readonly batch: Batch | null;
  /** Index of the input it came to. */
  readonly input: number;
  /** Of a watermark or timer. */
  readonly time: number | null;
  readonly emitted: EmittedRow[];
  lateRows: number;
  /** Timers under keys that were taken since they are due, by whichever clock. */
  dueTimers: number;
}

/** What a subtask has taken from a channel last, to handle it next. The same row may wait under other ids elsewhere: it is no key. */
export interface Hand {
  row: RowId;
}

export class StepProbe {
  readonly #hands = new Map<string, Hand>();
  /** The id that the next row gets. */
  nextRow: RowId;
  /** Of the row that is on its way from an operator into channels. */
  sentRow: RowId = 0;
  /** Told of what operators do with their state; null: nobody wants to know. */
  watch: StateWatch | null = null;
  #call: OperatorCall | null = null;
  /** The call that says most about the step. */
  #first: OperatorCall | null = null;

  constructor(nextRow: RowId) {
    this.nextRow = nextRow;
  }

  handOf(nodeId: NodeId, subtask: number): Hand {
    const key = `${nodeId}#${subtask}`;
    const known = this.#hands.get(key);
    if (known !== undefined) return known;
    const hand = { row: 0 };
    this.#hands.set(key, hand);
    return hand;
  }

  begin(call: Omit<OperatorCall, 'emitted' | 'lateRows' | 'dueTimers'>): void {
    const { kind, nodeId, subtask, row, batch, input, time } = call;
    this.#call = { kind, nodeId, subtask, row, batch, input, time, emitted: [], lateRows: 0, dueTimers: 0 };
    // Later ones are the machinery's: a checkpoint that is complete, say.
    this.#first ??= this.#call;
    this.watch?.begin(this.#call);
  }

  end(): void {
    if (this.#call !== null) this.watch?.end(this.#call);
    this.#call = null;
  }

  /** The row's id, under which it is sent until the next one. */
  emit(nodeId: NodeId, subtask: number, port: string, batch: Batch): void {
    const id = this.nextRow++;
    this.sentRow = id;
    // Outside a call (`open`) nothing is emitted.
    this.#call?.emitted.push({ id, port, batch });
    this.watch?.emit(nodeId, subtask, { id, port, batch });
  }

  countLate(rows: number): void {
    if (this.#call !== null) this.#call.lateRows += rows;
  }

  countTimers(due: number): void {
    if (this.#call !== null) this.#call.dueTimers += due;
  }

  /** What was done since the last time; null when no operator was called. */
  take(): OperatorCall | null {
    const first = this.#first;
    this.#first = null;
    this.#call = null;
    return first;
  }
}
