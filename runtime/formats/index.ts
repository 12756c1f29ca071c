/** CSV, JSON and raw bytes, in and out of columns. Pure: the app infers schemas with it as well. Parquet is in `parquet/`. */
export { createRowReader } from './create-row-reader.ts';
export type { FileEncoder } from './file-encoder.ts';
export { FILE_FORMATS, TEXT_FORMATS, type FileFormat, type TextFormat } from './file-format.ts';
export { inferSchema, type InferOptions } from './infer-schema.ts';
export { formatValue, type CellPrinter } from './json-text.ts';
export { valueOfJson } from './json-value.ts';
export {
  createMessageReader,
  MESSAGE_FORMATS,
  rawSchemaProblem,
  type MessageFormat,
  type MessageOptions,
  type MessageReader,
} from './message-reader.ts';
export {
  notNullReason,
  type CsvLayout,
  type ReaderOptions,
  type ReaderPosition,
  type RejectedRow,
  type RowReader,
} from './row-reader.ts';
export { cellPrinter, CHANGE_FIELD, createRowWriter, type RowWriter, type WriterOptions } from './row-writer.ts';
export { TextFileEncoder } from './text-encoder.ts';
export { valueOfText } from './text-value.ts';
