/** Parquet, in and out of columns. Apart from the text formats: the catalogue does not need the library behind it. */
export { ParquetEncoder } from './parquet-encoder.ts';
export { hasFooter, type ByteSource } from './parquet-footer.ts';
export { ParquetReader, type ParquetPosition } from './parquet-reader.ts';
