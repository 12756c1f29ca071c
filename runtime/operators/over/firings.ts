/** Results of rows on their way out, in their order: with frames that move on, and with frames that reach back for ever. */
import { BatchBuilder } from '../../core/batch.ts';
import { columnBuilder } from '../../core/column-builder.ts';
import type { Schema } from '../../core/schema.ts';
import type { KeyedTable } from '../../core/state.ts';
import type { AggregateGroup } from '../shared/aggregates/aggregate-group.ts';
import { FrameAggregates } from './frame-aggregates.ts';
import { frameStart, type BoundedFrame } from './frames.ts';
import type { OverRows } from './over-rows.ts';
import type { RowBuffer } from './row-buffer.ts';
import type { Frame } from './spec.ts';

/** Rows `[from, to)` of a partition, all of one time. */
export interface Peers {
  /** Of the partition's entry. */
  readonly slot: number;
  readonly buffer: RowBuffer;
  readonly from: number;
  readonly to: number;
}

export type Firing = (all: readonly Peers[], out: OverRows) => void;

/** Partition by partition, each with the rows that its frames need; the results are then put in order. */
export function boundedFiring(frame: BoundedFrame, group: AggregateGroup, input: Schema, output: Schema): Firing {
  const builders = output.fields.slice(input.fields.length).map((field) => columnBuilder(field.type));
  const frames = new FrameAggregates(group, builders);
  return (all, out) => {
    /** Index of the result of the first row of each peers. */
    const resultOf = new Int32Array(all.length);
    let results = 0;
    for (const members of byPartition(all)) {
      const first = all[members[0]!]!;
      const { rows } = first.buffer;
      if (first.from === all[members.at(-1)!]!.to) continue;
      let start = frameStart(frame, rows, first.from, first.buffer.start);
      const base = start;
      frames.load(batchOfRows(input, first.buffer, base, all[members.at(-1)!]!.to));
      for (const member of members) {
        const { from, to } = all[member]!;
        resultOf[member] = results;
        results += to - from;
        for (let row = from; row < to; row++) {
          start = frameStart(frame, rows, row, start);
          // In a RANGE rows of one time are in each other's frames.
          frames.append(start - base, (frame.type === 'range' ? to : row + 1) - base);
        }
      }
    }
    const columns = builders.map((builder) => builder.finish());
    all.forEach(({ buffer, from, to }, i) => {
      for (let row = from; row < to; row++) out.add(buffer.rows[row]!, columns, resultOf[i]! + row - from);
    });
  };
}

/** All rows in their order, each added to the aggregates of its partition. */
export function unboundedFiring(frame: Frame, group: AggregateGroup, input: Schema, table: KeyedTable): Firing {
  return (all, out) => {
    const builder = new BatchBuilder(input);
    for (const { buffer, from, to } of all) {
      for (let row = from; row < to; row++) builder.appendRow(buffer.rows[row]!.values);
    }
    const batch = builder.finish();
    const slots = new Int32Array(batch.length);
    let length = 0;
    for (const { slot, from, to } of all) {
      slots.fill(slot, length, length + to - from);
      length += to - from;
    }
    group.load(batch.columns, batch.length);
    group.bind(table);
    const results = out.resultBuilders();
    let at = 0;
    for (const { from, to } of all) {
      const step = frame.type === 'range' ? to - from : 1;
      for (const end = at + to - from; at < end; at += step) {
        group.add(slots, at, at + step);
        group.append(slots.subarray(at, at + step), step, results, 0);
      }
    }
    const columns = results.map((result) => result.finish());
    let result = 0;
    for (const { buffer, from, to } of all) {
      for (let row = from; row < to; row++) out.add(buffer.rows[row]!, columns, result++);
    }
  };
}

/** Indices of the peers of each partition, in order. */
function byPartition(all: readonly Peers[]): Iterable<readonly number[]> {
  const partitions = new Map<number, number[]>();
  all.forEach(({ slot }, i) => {
    const members = partitions.get(slot);
    if (members === undefined) partitions.set(slot, [i]);
    else members.push(i);
  });
  return partitions.values();
}

function batchOfRows(schema: Schema, { rows }: RowBuffer, from: number, to: number) {
  const builder = new BatchBuilder(schema, to - from);
  for (let row = from; row < to; row++) builder.appendRow(rows[row]!.values);
  return builder.finish();
}
