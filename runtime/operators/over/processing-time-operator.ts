/**
 * OVER by processing time: every row comes out at once, with the rows that came before it. A partition has an entry with the rows
 * that frames may still need, or with its aggregates where frames reach back for ever.
 */
import { BatchBuilder, type Batch } from '../../core/batch.ts';
import { columnBuilder, type ColumnBuilder } from '../../core/column-builder.ts';
import type { Column } from '../../core/column.ts';
import type { Operator, OperatorContext, OperatorPlan, Output } from '../../core/operator.ts';
import { fieldIndex, type Schema } from '../../core/schema.ts';
import type { KeyedTable } from '../../core/state.ts';
import { AggregateGroup } from '../shared/aggregates/aggregate-group.ts';
import { FrameAggregates } from './frame-aggregates.ts';
import { firstNeeded, frameStart, isBounded } from './frames.ts';
import { bufferCodec, emptyBuffer, withFired, withRow, type RowBuffer } from './row-buffer.ts';
import type { Frame, OverConfig } from './spec.ts';

const BUFFER = 'buffer';

export class ProcessingTimeOver implements Operator {
  readonly #schema: Schema;
  readonly #outputSchema: Schema;
  readonly #frame: Frame;
  readonly #keyIndices: readonly number[];
  readonly #group: AggregateGroup;
  readonly #table: KeyedTable;
  readonly #builders: readonly ColumnBuilder[];
  readonly #frames: FrameAggregates;
  readonly #context: OperatorContext;
  readonly #output: Output;
  #slots = new Int32Array(0);

  constructor({ config, inputs, outputs }: OperatorPlan<OverConfig>, context: OperatorContext) {
    this.#schema = inputs[0]!.shape.schema;
    this.#outputSchema = outputs.out!.schema;
    this.#frame = config.frame;
    this.#keyIndices = config.partitionBy.map((name) => fieldIndex(this.#schema, name));
    this.#group = new AggregateGroup(config.aggregates, this.#schema, context);
    this.#table = context.state.table({
      name: 'partitions',
      keys: this.#keyIndices.map((i) => this.#schema.fields[i]!),
      namespaced: false,
      columns: isBounded(config.frame)
        ? [{ name: BUFFER, type: 'object', codec: bufferCodec(this.#schema) }]
        : this.#group.columns,
      ...ttlOf(config.frame),
    });
    this.#builders = this.#outputSchema.fields
      .slice(this.#schema.fields.length)
      .map((field) => columnBuilder(field.type));
    this.#frames = new FrameAggregates(this.#group, this.#builders);
    this.#context = context;
    this.#output = context.output('out');
  }

  processBatch(batch: Batch): void {
    const count = batch.length;
    if (count === 0) return;
    if (this.#slots.length < count) this.#slots = new Int32Array(count);
    this.#table.slots(
      this.#keyIndices.map((i) => batch.columns[i]!),
      count,
      null,
      this.#slots,
    );
    const results = isBounded(this.#frame) ? this.#overFrames(batch) : this.#overAll(batch);
    this.#output.emit(batch.withColumns(this.#outputSchema, [...batch.columns, ...results]));
  }

  #overAll(batch: Batch): readonly Column[] {
    this.#group.load(batch.columns, batch.length);
    this.#group.bind(this.#table);
    for (let row = 0; row < batch.length; row++) {
      this.#group.add(this.#slots, row, row + 1);
      this.#group.append(this.#slots.subarray(row, row + 1), 1, this.#builders, 0);
    }
    return this.#builders.map((builder) => builder.finish());
  }

  /** Partition by partition; the results are then put in the order of the rows. */
  #overFrames(batch: Batch): readonly Column[] {
    const buffers = this.#table.objects(BUFFER) as (RowBuffer | undefined)[];
    const resultOf = new Int32Array(batch.length);
    let results = 0;
    for (const [slot, rows] of this.#byPartition(batch.length)) {
      buffers[slot] = this.#addAll(buffers[slot] ?? emptyBuffer(), batch, rows);
      for (const row of rows) resultOf[row] = results++;
    }
    return this.#builders.map((builder, i) => {
      const ordered = columnBuilder(this.#outputSchema.fields[this.#schema.fields.length + i]!.type, batch.length);
      ordered.appendRows(builder.finish(), resultOf, batch.length);
      return ordered.finish();
    });
  }

  #byPartition(count: number): Map<number, number[]> {
    const partitions = new Map<number, number[]>();
    for (let row = 0; row < count; row++) {
      const rows = partitions.get(this.#slots[row]!);
      if (rows === undefined) partitions.set(this.#slots[row]!, [row]);
      else rows.push(row);
    }
    return partitions;
  }

  /** The buffer with the rows, each of which has come out with the results over its frame. */
  #addAll(old: RowBuffer, batch: Batch, rows: readonly number[]): RowBuffer {
    const frame = this.#frame as Frame & { readonly preceding: number };
    // The clock may go back, a partition's rows may not.
    const now = Math.max(this.#context.clock.now(), old.firedTo ?? -Infinity);
    let buffer = old;
    for (const row of rows) buffer = withRow(buffer, { values: batch.row(row), eventTime: now });
    const builder = new BatchBuilder(this.#schema, buffer.end - buffer.start);
    for (let i = buffer.start; i < buffer.end; i++) builder.appendRow(buffer.rows[i]!.values);
    this.#frames.load(builder.finish());
    let start = buffer.start;
    for (let i = buffer.fired; i < buffer.end; i++) {
      start = frameStart(frame, buffer.rows, i, start);
      this.#frames.append(start - buffer.start, i + 1 - buffer.start);
    }
    // Rows of the same millisecond may still come.
    const needed = firstNeeded(frame, buffer.rows, buffer.start, buffer.end, now - 1);
    return withFired(buffer, buffer.end, needed);
  }

  snapshot(): void {
    this.#group.snapshot();
  }
}

/** Once no row has come for as long as a RANGE reaches back, no frame needs any. */
function ttlOf(frame: Frame) {
  return frame.type === 'range' && isBounded(frame)
    ? { ttl: { ms: frame.preceding + 1, update: 'on-create-and-write' as const } }
    : {};
}
