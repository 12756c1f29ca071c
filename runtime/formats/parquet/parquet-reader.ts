/** Rows of a Parquet file: row group by row group, page by page, only the columns that a schema names. */
import type { ColumnMetaData, FileMetaData, RowGroup } from 'hyparquet';
import { BatchBuilder } from '../../core/batch.ts';
import { StreamError } from '../../core/errors.ts';
import { say } from '../../core/say.ts';
import type { Schema } from '../../core/schema.ts';
import { fieldReader, type FieldReader } from './field-reader.ts';
import { LeafCursor } from './leaf-cursor.ts';
import { messageOf, readFooter, type ByteSource } from './parquet-footer.ts';
import { readPlans, type Leaf, type ReadPlan } from './read-plan.ts';

/** Where a reader stands: plain JSON, for state. */
export type ParquetPosition = {
  readonly rowGroup: number;
  /** Rows of that group that have been read. */
  readonly row: number;
};

/**
 * Holds, of one row group, the compressed columns that the schema names, and a page of each as values; nothing between row groups.
 * Throws StreamError MR2101 for a file that is damaged, MR2103 for one whose columns do not fit the schema.
 */
export class ParquetReader {
  readonly #source: ByteSource;
  readonly #file: string;
  readonly #metadata: FileMetaData;
  readonly #plans: readonly ReadPlan[];
  #rowGroup: number;
  #row: number;
  #open: readonly FieldReader[] | null = null;

  /** `file` is its name in messages. */
  constructor(source: ByteSource, file: string, schema: Schema, position: ParquetPosition) {
    this.#source = source;
    this.#file = file;
    this.#metadata = readFooter(source, file);
    const plans = readPlans(this.#metadata, schema);
    if (!plans.ok) {
      throw new StreamError('MR2103', say`${file}: ${plans.error}`, {
        domain: 'user',
        remedy: say`Correct the name or the type in the schema; "Infer from a sample" takes them from the file.`,
      });
    }
    this.#plans = plans.value;
    this.#rowGroup = position.rowGroup;
    this.#row = position.row;
    this.#passEmptyGroups();
  }

  get position(): ParquetPosition {
    return { rowGroup: this.#rowGroup, row: this.#row };
  }

  /** Whether all rows have been read. */
  get isDone(): boolean {
    return this.#rowGroup >= this.#metadata.row_groups.length;
  }

  /** Whether it holds a row group in memory. */
  get isInGroup(): boolean {
    return this.#open !== null;
  }

  /** Number of the next row in the file, from 1. */
  get rowNumber(): number {
    const before = this.#metadata.row_groups.slice(0, this.#rowGroup);
    return before.reduce((rows, group) => rows + Number(group.num_rows), this.#row + 1);
  }

  /** Appends up to `limit` rows, of one row group; returns how many. `into` has the reader's schema. */
  read(into: BatchBuilder, limit: number): number {
    if (this.isDone || limit === 0) return 0;
    const group = this.#metadata.row_groups[this.#rowGroup]!;
    const rows = Math.min(limit, Number(group.num_rows) - this.#row);
    this.#open ??= this.#plans.map((plan, field) => this.#guard(field, () => this.#openField(plan, group)));
    this.#open.forEach((reader, field) => this.#guard(field, () => reader.read(into.columns[field]!, rows)));
    into.length += rows;
    this.#row += rows;
    this.#passEmptyGroups();
    return rows;
  }

  #openField(plan: ReadPlan, group: RowGroup): FieldReader {
    const reader = fieldReader(plan, (leaf) => this.#openLeaf(leaf, group));
    reader.skip(this.#row);
    return reader;
  }

  #openLeaf(leaf: Leaf, group: RowGroup): LeafCursor {
    const path = leaf.path.slice(1).map(({ element }) => element.name);
    const isOfLeaf = (names: readonly string[]): boolean =>
      names.length === path.length && names.every((name, i) => name === path[i]);
    const chunk = group.columns.find(({ meta_data: meta }) => meta !== undefined && isOfLeaf(meta.path_in_schema));
    if (chunk?.meta_data === undefined) throw new Error(say`the row group does not have it`);
    if (chunk.file_path !== undefined && chunk.file_path !== '') throw new Error(say`it is in another file`);
    return new LeafCursor(leaf, chunk.meta_data, this.#chunkBytes(chunk.meta_data));
  }

  #chunkBytes(chunk: ColumnMetaData): Uint8Array<ArrayBuffer> {
    const { data_page_offset: data, dictionary_page_offset: dictionary, total_compressed_size: size } = chunk;
    // Some writers say 0 where there is no dictionary.
    const start = Number(dictionary !== undefined && dictionary > 0n && dictionary < data ? dictionary : data);
    const bytes = this.#source.read(start, start + Number(size));
    if (bytes.length < Number(size)) throw new Error(say`the file was cut`);
    return bytes;
  }

  #passEmptyGroups(): void {
    const groups = this.#metadata.row_groups;
    while (this.#rowGroup < groups.length && this.#row >= Number(groups[this.#rowGroup]!.num_rows)) {
      this.#open = null;
      this.#rowGroup++;
      this.#row = 0;
    }
  }

  #guard<T>(field: number, action: () => T): T {
    try {
      return action();
    } catch (error) {
      if (error instanceof StreamError) throw error;
      const { path } = firstLeaf(this.#plans[field]!);
      const column = path[1]?.element.name ?? '';
      throw new StreamError(
        'MR2101',
        say`${this.#file}: the column "${column}" of row group ${this.#rowGroup} cannot be read: ${messageOf(error)}`,
        { domain: 'user', remedy: say`The file is damaged: write it again, or take it out.`, cause: error },
      );
    }
  }
}

function firstLeaf(plan: ReadPlan): Leaf {
  switch (plan.node) {
    case 'leaf':
      return plan.leaf;
    case 'list':
      return firstLeaf(plan.element);
    case 'map':
      return firstLeaf(plan.key);
    case 'row':
      return firstLeaf(plan.fields[0]!);
  }
}
