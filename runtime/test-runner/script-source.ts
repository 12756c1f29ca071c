/** Plays the part of a node: emits what the steps of a case say, when it is told to. */
import type { Batch } from '../core/batch.ts';
import type { OperatorContext, OperatorPlan, SourceOperator, SourceStatus } from '../core/operator.ts';
import { fieldIndex } from '../core/schema.ts';
import { createEventTimes, type EventTimes, type SplitTime } from '../operators/shared/event-time.ts';
import type { ScriptConfig } from './isolate.ts';

export type ScriptCommand =
  | { readonly type: 'rows'; readonly port: string; readonly batch: Batch }
  /** In ms since the epoch. */
  | { readonly type: 'watermark'; readonly watermark: number }
  | { readonly type: 'idle' }
  | { readonly type: 'end' };

/**
 * As a file that is one split: all rows come from the first subtask, the others have nothing. Watermarks follow the rows as the node's own
 * event time says, after each of them, and where the case says so.
 */
export class ScriptSource implements SourceOperator {
  readonly #plan: OperatorPlan<ScriptConfig>;
  readonly #context: OperatorContext;
  /** By port whose rows hold their event time. */
  readonly #times = new Map<string, { readonly times: EventTimes; readonly split: SplitTime }>();
  readonly #commands: ScriptCommand[] = [];
  #isEnded = false;

  constructor(plan: OperatorPlan<ScriptConfig>, context: OperatorContext) {
    this.#plan = plan;
    this.#context = context;
  }

  open(): void {
    const { config, outputs } = this.#plan;
    const { rowTime } = config;
    if (rowTime === null || this.#isSpare) return;
    const time = rowTime.time === 'event' ? { ...rowTime, perRow: true, alignment: null } : rowTime;
    for (const [port, { schema, eventTime }] of Object.entries(outputs)) {
      if (!eventTime || (time.time === 'event' && fieldIndex(schema, time.field) < 0)) continue;
      const times = createEventTimes(time, schema, this.#context, this.#context.output(port));
      this.#times.set(port, { times, split: times.addSplit() });
    }
  }

  push(command: ScriptCommand): void {
    this.#commands.push(command);
    this.#context.wake();
  }

  poll(): SourceStatus {
    if (this.#isSpare || this.#isEnded) return 'ended';
    const command = this.#commands.shift();
    if (command === undefined) {
      if (this.#plan.config.isSilent) this.#context.emitIdle();
      else for (const { times, split } of this.#times.values()) times.foundNothing(split);
      return 'waiting';
    }
    this.#obey(command);
    return this.#isEnded ? 'ended' : 'ready';
  }

  processBatch(): void {
    // It has no inputs.
  }

  onTimer(): void {
    for (const { times } of this.#times.values()) times.onTimer();
  }

  get #isSpare(): boolean {
    return this.#plan.subtask > 0;
  }

  #obey(command: ScriptCommand): void {
    switch (command.type) {
      case 'rows': {
        const timed = this.#times.get(command.port);
        if (timed === undefined) this.#context.output(command.port).emit(command.batch);
        else timed.times.emit(command.batch, timed.split);
        break;
      }
      case 'watermark':
        this.#context.emitWatermark(command.watermark);
        break;
      case 'idle':
        this.#context.emitIdle();
        break;
      case 'end':
        this.#isEnded = true;
        break;
    }
  }
}
