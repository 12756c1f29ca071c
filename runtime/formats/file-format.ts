/** Formats that files of rows have. */
export type FileFormat = 'csv' | 'jsonl';

/** Label and extension by format, for forms and file names. */
export const FILE_FORMATS = { csv: 'CSV', jsonl: 'JSON Lines' } as const satisfies Readonly<Record<FileFormat, string>>;
