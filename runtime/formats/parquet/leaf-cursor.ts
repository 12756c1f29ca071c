/** The values of one primitive column of a row group, page by page. */
import type { ColumnMetaData, DecodedArray, PageHeader, SchemaElement } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { parquetHeader } from 'hyparquet/src/column.js';
import { DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { decompressPage, readDataPage, readDataPageV2 } from 'hyparquet/src/datapage.js';
import { readPlain } from 'hyparquet/src/plain.js';
import { columnBuilder } from '../../core/column-builder.ts';
import type { Column } from '../../core/column.ts';
import { say } from '../../core/say.ts';
import type { Leaf } from './read-plan.ts';

type PageDecoder = Parameters<typeof readDataPage>[2];

export class LeafCursor {
  readonly #leaf: Leaf;
  readonly #decoder: PageDecoder;
  readonly #reader: { readonly view: DataView<ArrayBuffer>; offset: number };
  /** Values (NULLs and empty lists among them) in pages that have not been read. */
  #valuesLeft: number;
  /** With a NULL behind its values. */
  #dictionary: Column | null = null;
  #definitionLevels: readonly number[] = [];
  #repetitionLevels: readonly number[] = [];
  #page: Column | null = null;
  #at = 0;

  /** `bytes` is the column's chunk. */
  constructor(leaf: Leaf, chunk: ColumnMetaData, bytes: Uint8Array<ArrayBuffer>) {
    this.#leaf = leaf;
    this.#decoder = {
      pathInSchema: chunk.path_in_schema,
      type: chunk.type,
      element: this.#element,
      schemaPath: [...leaf.path],
      codec: chunk.codec,
      compressors,
      parsers: DEFAULT_PARSERS,
    };
    this.#reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
    this.#valuesLeft = Number(chunk.num_values);
  }

  get #element(): SchemaElement {
    return this.#leaf.path.at(-1)!.element;
  }

  /** Values of the current page from the current one on; reads the next page when it is used up, 0 behind the last. */
  get remaining(): number {
    while (this.#page === null || this.#at === this.#page.length) if (!this.#nextPage()) return 0;
    return this.#page.length - this.#at;
  }

  /** The current page, one cell a value, NULL where its path is not all there. Valid after `remaining`. */
  get page(): Column {
    return this.#page!;
  }

  /** Index of the current value in `page`. */
  get at(): number {
    return this.#at;
  }

  /** How much of the path of the current value is there. */
  get definition(): number {
    if (this.remaining === 0) throw new Error(say`the column has fewer values than its row group has rows`);
    return this.#definitionLevels[this.#at] ?? this.#leaf.level;
  }

  /** The list that the current value goes on; 0 at the start of a row, and behind the last value. */
  get repetition(): number {
    return this.#leaf.isRepeated && this.remaining > 0 ? (this.#repetitionLevels[this.#at] ?? 0) : 0;
  }

  advance(values: number): void {
    this.#at += values;
  }

  #nextPage(): boolean {
    while (this.#valuesLeft > 0) {
      const header = parquetHeader(this.#reader);
      const bytes = this.#take(header.compressed_page_size);
      if (header.type === 'DICTIONARY_PAGE') this.#readDictionary(header, bytes);
      else if (header.data_page_header !== undefined || header.data_page_header_v2 !== undefined) {
        this.#readData(header, bytes);
        return true;
      }
    }
    return false;
  }

  #take(size: number): Uint8Array<ArrayBuffer> {
    const { view, offset } = this.#reader;
    if (!(size >= 0) || offset + size > view.byteLength) throw new Error(say`a page ends behind its column`);
    this.#reader.offset = offset + size;
    return new Uint8Array(view.buffer, view.byteOffset + offset, size);
  }

  #readDictionary(header: PageHeader, bytes: Uint8Array): void {
    const { codec, type } = this.#decoder;
    const page = decompressPage(bytes, header.uncompressed_page_size, codec, compressors);
    const reader = { view: new DataView(page.buffer, page.byteOffset, page.byteLength), offset: 0 };
    const { num_values: count } = header.dictionary_page_header!;
    this.#dictionary = withNull(this.#leaf.convert(readPlain(reader, type, count, this.#element.type_length)));
  }

  #readData(header: PageHeader, bytes: Uint8Array): void {
    const { data_page_header: v1, data_page_header_v2: v2 } = header;
    const { codec } = this.#decoder;
    const page =
      v1 === undefined
        ? readDataPageV2(bytes, header, this.#decoder)
        : readDataPage(decompressPage(bytes, header.uncompressed_page_size, codec, compressors), v1, this.#decoder);
    const { num_values: count, encoding } = v1 ?? v2!;
    this.#valuesLeft -= count;
    this.#definitionLevels = page.definitionLevels ?? [];
    this.#repetitionLevels = page.repetitionLevels;
    this.#page = this.#columnOf(page.dataPage, encoding.endsWith('_DICTIONARY'), count);
    this.#at = 0;
  }

  #columnOf(values: DecodedArray, isDictionary: boolean, count: number): Column {
    const isGapless = values.length === count;
    if (!isDictionary && isGapless) return this.#leaf.convert(values);
    if (isDictionary && this.#dictionary === null) throw new Error(say`a page needs a dictionary that is not there`);
    const from = isDictionary ? this.#dictionary! : withNull(this.#leaf.convert(values));
    const missing = from.length - 1;
    const indices = new Int32Array(count);
    for (let i = 0, next = 0; i < count; i++) {
      if (!isGapless && this.#definitionLevels[i] !== this.#leaf.level) indices[i] = missing;
      else {
        const index = isDictionary ? (values[next] as number) : next;
        next++;
        if (!(index < missing)) throw new Error(say`a page holds fewer values, or another dictionary, than it says`);
        indices[i] = index;
      }
    }
    const builder = columnBuilder(this.#leaf.type, count);
    builder.appendRows(from, indices, count);
    return builder.finish();
  }
}

/** So that a row without value can be gathered like all others. */
function withNull(values: Column): Column {
  const builder = columnBuilder(values.type, values.length + 1);
  builder.appendRange(values, 0, values.length);
  builder.appendNull();
  return builder.finish();
}
