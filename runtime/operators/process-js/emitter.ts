/** Where rows of user code go, and which event time they get. */
import type { OperatorContext, OperatorPlan } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { RowWriter } from './row-writer.ts';
import { MAIN_PORT, type ProcessJsConfig } from './spec.ts';
import { userError } from './user-error.ts';
import { describeValue, instantFromUser, MISFIT } from './user-values.ts';

export class Emitter {
  readonly #writers: ReadonlyMap<string, RowWriter>;
  readonly #all: readonly RowWriter[];
  readonly #main: RowWriter;
  readonly #hasEventTime: boolean;
  /** The last one that has gone on: no row may fall behind it that was not behind it before. */
  watermark: number;
  /** Of a row that says nothing of its own. */
  #time = NaN;
  /** Earliest that a row may get. */
  #floor = NaN;

  constructor({ inputs, outputs }: OperatorPlan<ProcessJsConfig>, context: OperatorContext, watermark: number) {
    this.#hasEventTime = inputs[0]!.shape.eventTime;
    this.watermark = watermark;
    this.#writers = new Map(
      Object.entries(outputs).map(([port, { schema }]) => [port, new RowWriter(port, schema, context.output(port))]),
    );
    this.#all = [...this.#writers.values()];
    this.#main = this.#writers.get(MAIN_PORT)!;
  }

  /** Rows come from a row of this event time. One that is late itself may give late rows. */
  ofRow(eventTime: number): void {
    this.#time = eventTime;
    this.#floor = eventTime <= this.watermark ? eventTime : this.watermark + 1;
  }

  /** Rows come from an event timer. */
  ofTimer(at: number): void {
    this.#floor = this.watermark + 1;
    this.#time = Math.max(at, this.#floor);
  }

  /** Rows come from the clock: its time is their event time. */
  ofClock(now: number): void {
    this.ofTimer(now);
    if (!this.#hasEventTime) this.#time = NaN;
  }

  /** `ctx.emit([port,] row[, { at }])`. */
  emit(first: unknown, second: unknown, third: unknown): void {
    if (typeof first === 'string') this.#writer(first).write(second, this.#timeOf(third));
    else this.#main.write(first, this.#timeOf(second));
  }

  get isFull(): boolean {
    for (const writer of this.#all) if (writer.isFull) return true;
    return false;
  }

  flush(): void {
    for (const writer of this.#all) writer.flush();
  }

  #writer(port: string): RowWriter {
    const writer = this.#writers.get(port);
    if (writer !== undefined) return writer;
    const known = [...this.#writers.keys()].join(', ');
    throw userError('MR2303', say`there is no output "${port}"; outputs are ${known}`);
  }

  #timeOf(options: unknown): number {
    if (options === undefined) return this.#time;
    const given = (options as { readonly at?: unknown } | null)?.at;
    if (given === undefined) return this.#time;
    if (!this.#hasEventTime)
      throw userError('MR2303', say`a row was emitted { at } a time, and the input has no event time`);
    const at = instantFromUser(given);
    if (at === MISFIT) throw userError('MR2302', say`a row was emitted at ${describeValue(given)}, which is no time`);
    // Without a watermark so far the floor is -Infinity.
    return Math.max(at, this.#floor);
  }
}
