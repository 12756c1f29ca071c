/** CSV, JSON and raw bytes, in and out of columns. Pure: the app infers schemas with it as well. */
export { parseBase64, printBase64 } from './base64.ts';
export { createRowReader } from './create-row-reader.ts';
export { FILE_FORMATS, type FileFormat } from './file-format.ts';
export { inferSchema, type InferOptions } from './infer-schema.ts';
export { formatValue } from './json-text.ts';
export {
  createMessageReader,
  MESSAGE_FORMATS,
  rawSchemaProblem,
  type MessageFormat,
  type MessageOptions,
  type MessageReader,
} from './message-reader.ts';
export type { CsvLayout, ReaderOptions, ReaderPosition, RejectedRow, RowReader } from './row-reader.ts';
export { valueOfText } from './text-value.ts';
export { CHANGE_FIELD, createRowWriter, type RowWriter, type WriterOptions } from './row-writer.ts';
