/**
 * Flink's regular join (its StreamingJoinOperator). A row meets all rows of the other side that are there and equal in the key, and is
 * kept; a row that is taken back takes back what it made. Of an outer side it is known of each row how many of the other side match
 * it: the first match takes back the row beside NULLs, and when the last one goes that row comes again.
 *
 * For a row that comes: -D of those it matches beside NULLs, then +I of the pairs; for one that goes: -D of the pairs, then +I of those
 * it leaves alone. An inner join passes -U and +U of its inputs on. NULL in a key matches nothing, so such rows are not kept.
 */
import { DELETE, INSERT, MAX_BATCH_ROWS, UPDATE_AFTER, type Batch, type ChangeKind } from '../../core/batch.ts';
import type { Operator, OperatorContext, OperatorFactory, OperatorPlan, Output } from '../../core/operator.ts';
import type { EvaluationContext, Predicate } from '../../expression/index.ts';
import { evaluationContext } from '../shared/expressions.ts';
import { keepsLeft, keepsRight } from '../shared/joins/config.ts';
import { hasNullKey } from '../shared/joins/keys.ts';
import { joinPredicate } from '../shared/joins/predicate.ts';
import { KeptRows, type Candidates } from './kept-rows.ts';
import { NOBODY, PairBuilder } from './pair-builder.ts';
import { ttlsOf, type JoinStreamConfig } from './spec.ts';

export const createJoinStream: OperatorFactory<JoinStreamConfig> = (plan, context) =>
  new JoinStreamOperator(plan, context);

class JoinStreamOperator implements Operator {
  readonly #left: KeptRows;
  readonly #right: KeptRows;
  readonly #isRight: readonly boolean[];
  readonly #predicate: Predicate | null;
  readonly #evaluation: EvaluationContext;
  readonly #selection = new Int32Array(MAX_BATCH_ROWS);
  readonly #candidates: PairBuilder;
  readonly #out: PairBuilder;
  readonly #output: Output;
  /** By row of the batch at hand: how many rows it matches. */
  #matches = new Int32Array(0);
  #kept = new Int32Array(0);

  constructor({ config, inputs, outputs }: OperatorPlan<JoinStreamConfig>, context: OperatorContext) {
    const { on, kind, condition } = config;
    const left = inputs.find(({ port }) => port === 'left')!.shape;
    const right = inputs.find(({ port }) => port === 'right')!.shape;
    const ttls = ttlsOf(config);
    this.#left = new KeptRows(
      {
        port: 'left',
        schema: left.schema,
        keys: on.map((pair) => pair.left),
        isOuter: keepsLeft(kind),
        hasUpdates: left.changelog === 'update',
        ttlMs: ttls.left,
      },
      context,
    );
    this.#right = new KeptRows(
      {
        port: 'right',
        schema: right.schema,
        keys: on.map((pair) => pair.right),
        isOuter: keepsRight(kind),
        hasUpdates: right.changelog === 'update',
        ttlMs: ttls.right,
      },
      context,
    );
    this.#isRight = inputs.map(({ port }) => port === 'right');
    this.#predicate = condition === null ? null : joinPredicate(condition, left.schema, right.schema);
    this.#evaluation = evaluationContext(context);
    const leftWidth = left.schema.fields.length;
    this.#candidates = new PairBuilder(outputs.out!.schema, leftWidth);
    this.#out = new PairBuilder(outputs.out!.schema, leftWidth);
    this.#output = context.output('out');
  }

  processBatch(batch: Batch, input: number): void {
    if (batch.length === 0) return;
    const isRight = this.#isRight[input] === true;
    const [side, other] = isRight ? [this.#right, this.#left] : [this.#left, this.#right];
    if (this.#matches.length < batch.length) {
      this.#matches = new Int32Array(batch.length);
      this.#kept = new Int32Array(batch.length);
    }
    this.#matches.fill(0, 0, batch.length);
    this.#candidates.begin(batch, isRight, other.stored);
    this.#out.begin(batch, isRight, other.stored);
    this.#join(batch, side, other);
    this.#flush();
    this.#keep(batch, side);
  }

  #join(batch: Batch, side: KeptRows, other: KeptRows): void {
    // Those before `next` are done with.
    let next = 0;
    for (const part of other.candidates(side.keysOf(batch), batch.length)) {
      if (this.#predicate !== null) this.#select(part, this.#predicate);
      for (let from = 0; from < part.count;) {
        const row = part.rows[from]!;
        let to = from + 1;
        while (to < part.count && part.rows[to] === row) to++;
        next = this.#passUpTo(row, next, batch, side);
        if (isAdded(batch.kind(row))) this.#come(batch, row, part, from, to, side, other);
        else this.#go(batch, row, part, from, to, side, other);
        this.#matches[row]! += to - from;
        from = to;
      }
    }
    this.#passUpTo(batch.length, next, batch, side);
  }

  /** Rows that have met all rows of the other side; returns where to go on. */
  #passUpTo(end: number, from: number, batch: Batch, side: KeptRows): number {
    if (!side.isOuter) return end;
    for (let row = from; row < end; row++) {
      if (this.#matches[row] === 0) this.#emit(row, NOBODY, isAdded(batch.kind(row)) ? INSERT : DELETE);
    }
    return end;
  }

  /** Leaves in candidates of which the condition is TRUE. */
  #select(part: Candidates, predicate: Predicate): void {
    for (let i = 0; i < part.count; i++) this.#candidates.add(part.rows[i]!, part.slots[i]!);
    const pairs = this.#candidates.finish();
    part.count = predicate(pairs.columns, pairs.length, this.#evaluation, this.#selection);
    for (let i = 0; i < part.count; i++) {
      part.rows[i] = part.rows[this.#selection[i]!]!;
      part.slots[i] = part.slots[this.#selection[i]!]!;
    }
  }

  /** A row comes and matches `[from, to)` of the part. */
  #come(
    batch: Batch,
    row: number,
    { slots }: Candidates,
    from: number,
    to: number,
    side: KeptRows,
    other: KeptRows,
  ): void {
    const kind = side.isOuter || other.isOuter ? INSERT : batch.kind(row);
    for (let i = from; other.isOuter && i < to; i++) {
      if (other.matchesOf(slots[i]!) === 0) this.#emit(NOBODY, slots[i]!, DELETE);
      other.addMatches(slots[i]!, 1, row);
    }
    for (let i = from; i < to; i++) this.#emit(row, slots[i]!, kind);
  }

  /** A row goes that matches `[from, to)` of the part. */
  #go(
    batch: Batch,
    row: number,
    { slots }: Candidates,
    from: number,
    to: number,
    side: KeptRows,
    other: KeptRows,
  ): void {
    const kind = side.isOuter || other.isOuter ? DELETE : batch.kind(row);
    for (let i = from; i < to; i++) this.#emit(row, slots[i]!, kind);
    for (let i = from; other.isOuter && i < to; i++) {
      if (other.matchesOf(slots[i]!) === 1) this.#emit(NOBODY, slots[i]!, INSERT);
      other.addMatches(slots[i]!, -1, row);
    }
  }

  /** What the batch changes of the rows of its side. */
  #keep(batch: Batch, side: KeptRows): void {
    const keys = side.keysOf(batch);
    side.begin(batch);
    let count = 0;
    for (let row = 0; row < batch.length; row++) {
      if (hasNullKey(keys, row)) continue;
      if (isAdded(batch.kind(row))) {
        this.#kept[count++] = row;
        continue;
      }
      // It may be one of the rows before it in the batch.
      side.add(batch, this.#kept, count, this.#matches);
      count = 0;
      side.takeBack(batch, row);
    }
    side.add(batch, this.#kept, count, this.#matches);
  }

  #emit(row: number, slot: number, kind: ChangeKind): void {
    this.#out.add(row, slot, kind);
    if (this.#out.length >= MAX_BATCH_ROWS) this.#flush();
  }

  #flush(): void {
    if (this.#out.length > 0) this.#output.emit(this.#out.finish());
  }
}

function isAdded(kind: ChangeKind): boolean {
  return kind === INSERT || kind === UPDATE_AFTER;
}
