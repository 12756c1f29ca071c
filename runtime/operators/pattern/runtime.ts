import { MAX_BATCH_ROWS, type Batch } from '../../core/batch.ts';
import { assert, StreamError } from '../../core/errors.ts';
import type { Operator, OperatorContext, OperatorFactory, OperatorPlan } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { fieldIndex, type Schema } from '../../core/schema.ts';
import type { DueTimers, KeyedListState, KeyedState, KeyedTimers, ValueState } from '../../core/state.ts';
import { BOOLEAN, type DataType } from '../../core/types.ts';
import { evaluate, type EvaluationContext } from '../../expression/index.ts';
import { evaluationContext } from '../shared/expressions.ts';
import { rowCodec, rowValues, type RowValues } from '../shared/rows/row-values.ts';
import { compilePattern } from './automaton.ts';
import { checkPattern } from './check-pattern.ts';
import { EventProgress } from './event-progress.ts';
import { matchStateCodec, type MatchState, type MatchView } from './match-state.ts';
import { MatchWriter } from './match-writer.ts';
import { Matcher } from './matcher.ts';
import { compileNavigation } from './navigate.ts';
import { checkMatchExpression, ignoresVariables, rowsBefore, type MatchExpression } from './navigation.ts';
import { variablesOf } from './pattern-syntax.ts';
import type { PatternConfig } from './spec.ts';

export const createPattern: OperatorFactory<PatternConfig> = (plan, context) => new PatternOperator(plan, context);

/** Rows wait until the watermark has passed them; then those of each key go to the matcher, in the order of their event times. */
class PatternOperator implements Operator {
  readonly #keyIndices: readonly number[];
  readonly #context: OperatorContext;
  readonly #progress: EventProgress;
  readonly #matcher: Matcher;
  readonly #matches: MatchWriter;
  readonly #timedOut: MatchWriter;
  readonly #keyed: KeyedState;
  /** As they came. */
  readonly #waiting: KeyedListState<RowValues>;
  readonly #state: ValueState<MatchState>;
  /** At the event time of each waiting row, and where an attempt fails. Some have lost their meaning. */
  readonly #timers: KeyedTimers;

  constructor(plan: OperatorPlan<PatternConfig>, context: OperatorContext) {
    const { config, inputs, outputs } = plan;
    const { schema } = inputs[0]!.shape;
    this.#context = context;
    this.#keyIndices = config.partitionBy.map((name) => fieldIndex(schema, name));
    this.#progress = new EventProgress(plan, context);
    const { pattern } = checkPattern(config.pattern);
    assert(pattern !== null, 'a wrong pattern reached the runtime');
    const compiled = (text: string, expected?: DataType): MatchExpression =>
      matchExpression(text, variablesOf(pattern), schema, expected);
    const evaluation = evaluationContext(context);
    const conditions = config.define.map((one) => ({ ...one, compiled: compiled(one.condition, BOOLEAN) }));
    const measures = config.measures.map(({ expr }) => compiled(expr));
    this.#matches = new MatchWriter(measures, this.#keyIndices, outputs.out!, context.output('out'), evaluation);
    const timedOut = context.output('timedOut');
    this.#timedOut = new MatchWriter(measures, this.#keyIndices, outputs.timedOut!, timedOut, evaluation);
    this.#matcher = new Matcher({
      automaton: compilePattern(pattern),
      conditions: new Map(conditions.map((one) => [one.variable, compileCondition(one.compiled, evaluation)])),
      isForgetful: conditions.every((one) => ignoresVariables(one.compiled, one.variable)),
      rowsBefore: Math.max(0, ...[...conditions.map((one) => one.compiled), ...measures].map(rowsBefore)),
      withinMs: config.within,
      afterMatch: config.afterMatch,
      onMatch: (match, at) => this.#matches.append(match, at),
      onTimeout: (match, at) => this.#timedOut.append(match, at),
    });
    this.#keyed = context.state.keyed({ name: 'pattern', keys: this.#keyIndices.map((i) => schema.fields[i]!) });
    this.#waiting = this.#keyed.listState('waiting', rowCodec(schema));
    this.#state = this.#keyed.value('matching', matchStateCodec(schema));
    this.#timers = this.#keyed.timers('due');
  }

  processBatch(batch: Batch): void {
    const { eventTimes, length } = batch;
    if (length === 0) return;
    if (eventTimes === null) throw noEventTime();
    this.#keyed.load(
      this.#keyIndices.map((i) => batch.columns[i]!),
      length,
    );
    let late = 0;
    for (let row = 0; row < length; row++) {
      const time = eventTimes[row]!;
      if (time !== time) throw noEventTime();
      if (time <= this.#progress.watermark) {
        late++;
        continue;
      }
      this.#keyed.select(row);
      this.#waiting.add(rowValues(batch, row));
      this.#timers.add(time);
    }
    if (late > 0) this.#context.countLate(late);
  }

  onWatermark(watermark: number): boolean {
    const due = this.#timers.takeDue(watermark, MAX_BATCH_ROWS);
    if (due !== null) {
      this.#handle(due);
      return true;
    }
    this.#progress.watermark = Math.max(this.#progress.watermark, watermark);
    return false;
  }

  #handle({ keys, count, at }: DueTimers): void {
    this.#keyed.load(keys, count);
    // By time: what is due later than all of them is left for the next call.
    const until = at[count - 1]!;
    for (let row = 0; row < count; row++) {
      this.#keyed.select(row);
      this.#advance(until);
    }
    this.#matches.flush();
    this.#timedOut.flush();
  }

  /** Event time of the selected key has come to `until`. */
  #advance(until: number): void {
    const state = this.#state.get() ?? { rows: [], attempts: [] };
    const rows = this.#takeWaiting(until);
    if (rows.length === 0 && this.#matcher.deadlineOf(state) > until) return;
    // Before the change: a checkpoint under way has to see what was there.
    this.#state.set(state);
    for (const row of rows) this.#matcher.take(state, row);
    this.#matcher.advanceTo(state, until);
    if (state.rows.length === 0) this.#state.clear();
    const deadline = this.#matcher.deadlineOf(state);
    if (deadline !== Infinity) this.#timers.add(deadline);
  }

  /** By event time, then as they came. */
  #takeWaiting(until: number): RowValues[] {
    const waiting = this.#waiting.get();
    const due = waiting.filter((row) => row.eventTime <= until);
    if (due.length > 0) this.#waiting.set(waiting.filter((row) => row.eventTime > until));
    return due.sort((a, b) => a.eventTime - b.eventTime);
  }

  snapshot(): void {
    this.#progress.snapshot();
  }
}

function matchExpression(
  text: string,
  variables: readonly string[],
  schema: Schema,
  expected?: DataType,
): MatchExpression {
  const { expression } = checkMatchExpression(text, variables, schema, expected);
  assert(expression !== null, `an expression reached the runtime unchecked: ${text}`);
  return expression;
}

function compileCondition(
  { expression, navigations }: MatchExpression,
  context: EvaluationContext,
): (match: MatchView) => boolean {
  const navigates = navigations.map((one) => compileNavigation(one, context));
  return (match) =>
    evaluate(
      expression,
      navigates.map((navigate) => navigate(match)),
      context,
    ) === true;
}

function noEventTime(): StreamError {
  return new StreamError('MR2104', say`a row without an event time cannot be put in order`, { domain: 'user' });
}
