/**
 * The receiving end of a blocking exchange, in front of an operator with keyed state. It is a decorator, an operator itself.
 *
 * Rows go to the operator as they come while its state is small: nothing beats a table in memory. Once the state is over its share of
 * the memory, it is spilled: written to a file by ranges of key groups, as a savepoint would hold it, and all further rows behind it,
 * in the same ranges. At the end of the input the ranges are worked off one after the other, each by an operator of its own, which is
 * restored with its share of the state, gets its rows, and emits at the last watermark. So the state in memory is that of one range.
 */
import { BatchBuilder, type Batch } from '../../core/batch.ts';
import { assert } from '../../core/errors.ts';
import type { Operator, Pending } from '../../core/operator.ts';
import type { Schema } from '../../core/schema.ts';
import { decodeBatch, encodeBatch } from '../../core/wire-batch.ts';
import type { KeyPartitions } from './key-partitions.ts';
import type { Extent, SpillFile } from './spill-file.ts';
import {
  decodeStateSnapshot,
  encodeStateSnapshot,
  finishSnapshot,
  type KeyGroupRange,
  type StateBackend,
  type StateSnapshot,
} from '../state/index.ts';
import type { SwitchedState } from './switched-state.ts';

export interface BlockingInput {
  readonly schema: Schema;
  /** Field indexes of the key. */
  readonly keys: readonly number[];
}

export interface BlockingOptions {
  readonly inputs: readonly BlockingInput[];
  readonly batchRows: number;
  readonly partitions: KeyPartitions;
  readonly state: SwitchedState;
  /** Bytes of state from which on it is spilled. */
  readonly spillAfterBytes: number;
  createFile(): SpillFile;
  createState(keyGroups: KeyGroupRange, restored: readonly StateSnapshot[]): StateBackend;
  /** Takes its state from `state` as it is then. */
  createOperator(): Operator;
}

export class BlockingExchange implements Operator {
  readonly #options: BlockingOptions;
  /** Null between two ranges. */
  #operator: Operator | null;
  #canSpill: boolean;
  #spilled: SpilledRows | null = null;
  /** What is being worked off: the range, and how many of its batches have been. */
  #partition = 0;
  #batches = 0;
  #isOver = false;

  constructor(options: BlockingOptions) {
    this.#options = options;
    this.#operator = options.createOperator();
    this.#canSpill = options.partitions.count > 1;
  }

  open(): void | Promise<void> {
    const opening = this.#operator!.open?.();
    // Those that follow are opened between two batches: there is no time to wait.
    if (opening !== undefined) this.#canSpill = false;
    return opening;
  }

  processBatch(batch: Batch, input: number): void {
    if (this.#spilled !== null) {
      this.#spilled.write(batch, input);
      return;
    }
    this.#operator!.processBatch(batch, input);
    if (this.#canSpill && this.#options.state.bytes > this.#options.spillAfterBytes) this.#spill();
  }

  pending(): Pending {
    return this.#operator?.pending?.() ?? 'none';
  }

  onWake(): void {
    this.#operator?.onWake?.();
  }

  flush(): void {
    this.#operator?.flush?.();
  }

  onTimer(at: number): void {
    this.#operator?.onTimer?.(at);
  }

  onWatermark(watermark: number): boolean {
    if (this.#spilled === null) return this.#operator!.onWatermark?.(watermark) === true;
    // Before the end no row could say that its time has come.
    return watermark === Infinity && !this.#isOver && this.#workOff(this.#spilled);
  }

  onEnd(): void {
    if (this.#spilled === null) this.#operator!.onEnd?.();
  }

  snapshot(checkpointId: number): void {
    assert(this.#spilled === null || this.#isOver, 'a checkpoint in the middle of a batch job');
    this.#operator!.snapshot?.(checkpointId);
  }

  checkpointComplete(checkpointId: number): void {
    this.#operator!.checkpointComplete?.(checkpointId);
  }

  close(): void {
    this.#operator?.close?.();
    this.#spilled?.remove();
  }

  #spill(): void {
    const { state, partitions } = this.#options;
    this.#operator!.snapshot?.(0);
    state.settle();
    const whole = finishSnapshot(state.snapshot('savepoint'));
    this.#spilled = new SpilledRows(this.#options);
    for (let p = 0; p < partitions.count; p++) this.#spilled.writeState(p, partitions.shareOf(whole, p));
    this.#leave();
    state.switchTo(this.#options.createState(partitions.keyGroups(0), []));
  }

  #leave(): void {
    this.#operator!.close?.();
    this.#operator = null;
  }

  /** One step; true when there is another. */
  #workOff(spilled: SpilledRows): boolean {
    if (this.#operator === null) {
      this.#enter(spilled);
      return true;
    }
    const next = spilled.readBatch(this.#partition, this.#batches);
    if (next !== null) {
      this.#batches++;
      this.#operator.processBatch(next.batch, next.input);
      return true;
    }
    if (this.#operator.onWatermark?.(Infinity) === true) return true;
    this.#operator.onEnd?.();
    this.#batches = 0;
    this.#isOver = ++this.#partition === this.#options.partitions.count;
    if (this.#isOver) spilled.remove();
    else this.#leave();
    return !this.#isOver;
  }

  #enter(spilled: SpilledRows): void {
    const { state, partitions, createState, createOperator } = this.#options;
    state.switchTo(createState(partitions.keyGroups(this.#partition), [spilled.readState(this.#partition)]));
    this.#operator = createOperator();
    void this.#operator.open?.();
  }
}

/** Rows and state on disk, by ranges of key groups. */
class SpilledRows {
  readonly #options: BlockingOptions;
  readonly #file: SpillFile;
  /** By input, then by range. */
  readonly #builders: readonly (readonly BatchBuilder[])[];
  /** By range. */
  readonly #states: Extent[] = [];
  readonly #batches: readonly { readonly input: number; readonly extent: Extent }[][];
  readonly #counts: Int32Array;
  #selections: Int32Array[];
  #isComplete = false;

  constructor(options: BlockingOptions) {
    const { count } = options.partitions;
    const perPartition = <T>(make: () => T): T[] => Array.from({ length: count }, make);
    this.#options = options;
    this.#file = options.createFile();
    this.#builders = options.inputs.map(({ schema }) => perPartition(() => new BatchBuilder(schema)));
    this.#batches = perPartition(() => []);
    this.#counts = new Int32Array(count);
    this.#selections = perPartition(() => new Int32Array(0));
  }

  writeState(partition: number, state: StateSnapshot): void {
    this.#states[partition] = this.#file.write(encodeStateSnapshot(state));
  }

  readState(partition: number): StateSnapshot {
    if (!this.#isComplete) this.#complete();
    return decodeStateSnapshot(this.#file.read(this.#states[partition]!));
  }

  write(batch: Batch, input: number): void {
    const { inputs, partitions, batchRows } = this.#options;
    if (this.#selections[0]!.length < batch.length) {
      this.#selections = this.#selections.map(() => new Int32Array(batch.length));
    }
    const keys = inputs[input]!.keys.map((key) => batch.columns[key]!);
    partitions.select(keys, batch.length, this.#selections, this.#counts);
    for (let p = 0; p < partitions.count; p++) {
      if (this.#counts[p]! === 0) continue;
      const builder = this.#builders[input]![p]!;
      builder.appendRows(batch, this.#selections[p]!, this.#counts[p]!);
      if (builder.length >= batchRows) this.#flush(input, p);
    }
  }

  readBatch(partition: number, index: number): { readonly batch: Batch; readonly input: number } | null {
    const entry = this.#batches[partition]![index];
    if (entry === undefined) return null;
    const { schema } = this.#options.inputs[entry.input]!;
    return { batch: decodeBatch(schema, this.#file.read(entry.extent).buffer), input: entry.input };
  }

  remove(): void {
    this.#file.remove();
  }

  #flush(input: number, partition: number): void {
    const batch = this.#builders[input]![partition]!.finish();
    const extent = this.#file.write(new Uint8Array(encodeBatch(batch)));
    this.#batches[partition]!.push({ input, extent });
  }

  #complete(): void {
    this.#isComplete = true;
    this.#builders.forEach((builders, input) =>
      builders.forEach((builder, p) => {
        if (builder.length > 0) this.#flush(input, p);
      }),
    );
    this.#file.endWriting();
  }
}
