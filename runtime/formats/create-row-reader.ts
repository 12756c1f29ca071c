import { CsvReader } from './csv-reader.ts';
import { JsonlReader } from './jsonl-reader.ts';
import type { ReaderOptions, RowReader } from './row-reader.ts';

/** The reader throws StreamError MR2103, on reading, when a CSV header lacks a field. */
export function createRowReader(options: ReaderOptions): RowReader {
  return options.format === 'csv' ? new CsvReader(options) : new JsonlReader(options);
}
