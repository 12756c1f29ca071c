/** Formats of rows as text: what a line of a file, or a message, holds. */
export type TextFormat = 'csv' | 'jsonl';
/** Formats that files of rows have. */
export type FileFormat = TextFormat | 'parquet';

/** Label by format, for forms. */
export const TEXT_FORMATS = { csv: 'CSV', jsonl: 'JSON Lines' } as const satisfies Readonly<Record<TextFormat, string>>;
/** Label and extension by format, for forms and file names. */
export const FILE_FORMATS = { ...TEXT_FORMATS, parquet: 'Parquet' } as const satisfies Readonly<
  Record<FileFormat, string>
>;
