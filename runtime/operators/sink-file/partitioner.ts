/** Deals the rows of a batch out to the folders of their partitions. */
import type { Batch } from '../../core/batch.ts';
import type { Column } from '../../core/column.ts';
import { hashRows } from '../../core/hash.ts';
import type { OperatorContext } from '../../core/operator.ts';
import { fieldIndex, type Schema } from '../../core/schema.ts';
import type { DataType } from '../../core/types.ts';
import { compileKernel, type EvaluationContext, type Kernel } from '../../expression/index.ts';
import { cellPrinter, type CellPrinter } from '../../formats/index.ts';
import { evaluationContext, typedExpression } from '../shared/expressions.ts';
import { partitionFolder } from '../shared/partition-path.ts';
import { isSameCell } from '../shared/rows/same-cell.ts';
import type { SinkFileConfig } from './spec.ts';

interface PartitionKey {
  readonly name: string;
  readonly kernel: Kernel;
  readonly print: CellPrinter;
}

export class Partitioner {
  readonly #keys: readonly PartitionKey[];
  readonly #schema: Schema;
  /** Index in the input of each field that is written. */
  readonly #written: readonly number[];
  readonly #context: EvaluationContext;
  #hashes = new Int32Array(0);
  /** Of each row of the batch, the number of its partition in it. */
  #partitions = new Int32Array(0);

  /** `written`: the fields of the input that the files have. */
  constructor(
    partitionBy: NonNullable<SinkFileConfig['partitionBy']>,
    input: Schema,
    written: Schema,
    context: OperatorContext,
  ) {
    this.#keys = partitionBy.map(({ as, expr }) => {
      const expression = typedExpression(expr, input);
      return { name: as, kernel: compileKernel(expression), print: textOf(expression.type) };
    });
    this.#schema = written;
    this.#written = written.fields.map((field) => fieldIndex(input, field.name));
    this.#context = evaluationContext(context);
  }

  /** Calls `write` with the rows of each partition that the batch has rows of, in the order they came. */
  split(batch: Batch, write: (rows: Batch, folder: string) => void): void {
    const columns = this.#keys.map(({ kernel }) => kernel(batch.columns, batch.length, this.#context));
    const rows = batch.withColumns(
      this.#schema,
      this.#written.map((column) => batch.columns[column]!),
    );
    const firsts = this.#number(columns, batch.length);
    if (firsts.length === 1) {
      write(rows, this.#folder(columns, 0));
      return;
    }
    const { order, ends } = this.#sort(firsts.length, batch.length);
    firsts.forEach((first, partition) => {
      const start = partition === 0 ? 0 : ends[partition - 1]!;
      const end = ends[partition]!;
      write(rows.take(order.subarray(start, end), end - start), this.#folder(columns, first));
    });
  }

  /** Numbers the partitions of the batch; returns the first row of each. */
  #number(columns: readonly Column[], length: number): readonly number[] {
    if (this.#hashes.length < length) {
      this.#hashes = new Int32Array(length);
      this.#partitions = new Int32Array(length);
    }
    const hashes = this.#hashes;
    hashRows(columns, length, hashes);
    const firsts: number[] = [];
    const byHash = new Map<number, number>();
    for (let row = 0; row < length; row++) {
      // Rows of one partition often follow each other.
      if (row > 0 && hashes[row] === hashes[row - 1] && isSameKey(columns, row, row - 1)) {
        this.#partitions[row] = this.#partitions[row - 1]!;
        continue;
      }
      let partition = byHash.get(hashes[row]!) ?? -1;
      if (partition === -1 || !isSameKey(columns, row, firsts[partition]!)) {
        // Another key of the same hash, or none yet.
        partition = partition === -1 ? -1 : firsts.findIndex((first) => isSameKey(columns, row, first));
        if (partition === -1) partition = firsts.push(row) - 1;
        byHash.set(hashes[row]!, partition);
      }
      this.#partitions[row] = partition;
    }
    return firsts;
  }

  /** Rows by partition, each in the order they came, and where each partition ends: a counting sort. */
  #sort(partitions: number, length: number): { readonly order: Int32Array; readonly ends: Int32Array } {
    const ends = new Int32Array(partitions);
    for (let row = 0; row < length; row++) ends[this.#partitions[row]!]!++;
    for (let i = 1; i < partitions; i++) ends[i]! += ends[i - 1]!;
    const order = new Int32Array(length);
    const next = ends.slice();
    for (let row = length - 1; row >= 0; row--) order[--next[this.#partitions[row]!]!] = row;
    return { order, ends };
  }

  #folder(columns: readonly Column[], row: number): string {
    return this.#keys
      .map(({ name, print }, i) => partitionFolder(name, columns[i]!.isNull(row) ? null : print(columns[i]!, row)))
      .join('/');
  }
}

function isSameKey(columns: readonly Column[], a: number, b: number): boolean {
  return columns.every((column) => isSameCell(column, a, b));
}

/** A value as CSV writes it, without quotes. */
function textOf(type: DataType): CellPrinter {
  return cellPrinter(type, (text) => text);
}
