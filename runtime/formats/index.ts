/** CSV and JSON Lines, in and out of columns. Pure: the app infers schemas with it as well. */
export { createRowReader } from './create-row-reader.ts';
export { FILE_FORMATS, type FileFormat } from './file-format.ts';
export { inferSchema, type InferOptions } from './infer-schema.ts';
export { formatValue } from './json-text.ts';
export type { CsvLayout, ReaderOptions, ReaderPosition, RejectedRow, RowReader } from './row-reader.ts';
export { CHANGE_FIELD, createRowWriter, type RowWriter, type WriterOptions } from './row-writer.ts';
