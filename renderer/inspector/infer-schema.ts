/** A source's schema from the beginning of its file, or from the end of a Parquet file. */
import { printDataType, type Field } from '../../runtime/core/types.ts';
import {
  delimiterOf,
  epochUnit,
  inferSchema as inferFields,
  sampleRows,
  type EpochUnit,
  type InferOptions,
} from '../../runtime/formats/infer-schema.ts';
import { inferParquetSchema, parquetFooterBytes } from '../../runtime/formats/parquet/infer-parquet-schema.ts';
import type { FormField } from '../../runtime/core/config.ts';
import { isSchemaList } from './widgets/declared-fields.ts';
import { resolveFrom } from './widgets/relative-path.ts';

type TextFormat = Parameters<typeof inferFields>[1];

/** Formats whose schema can be told from their text. */
const TEXT_FORMATS = { csv: true, jsonl: true } as const satisfies Readonly<Record<TextFormat, true>>;

const SAMPLE_BYTES = 256 * 1024;

/** What the host reads of a file of the workspace: its first lines, or its last bytes. */
export interface FileSamples {
  readSample(path: string, maxBytes: number): Promise<string>;
  readTail(path: string, maxBytes: number): Promise<Uint8Array>;
}

/** Where a config says what to infer from and where the schema goes. */
export interface SchemaPlace {
  /** Key of the list of fields. */
  readonly target: string;
  readonly pathKey: string;
  readonly formatKey: string;
}

/** Null for a config that does not declare the schema of a file: it has no schema, or no path and format beside it. */
export function schemaPlace(fields: Readonly<Record<string, FormField>>): SchemaPlace | null {
  const target = Object.keys(fields).find((key) => isSchemaList(fields[key]!));
  const pathKey = Object.keys(fields).find((key) => fields[key]!.widget === 'path');
  const formatKey = Object.keys(fields).find((key) => isFormatChoice(fields[key]!));
  return target === undefined || pathKey === undefined || formatKey === undefined
    ? null
    : { target, pathKey, formatKey };
}

function isFormatChoice(form: FormField): boolean {
  return form.widget === 'choice' && form.options.some((option) => isTextFormat(option.value));
}

function isTextFormat(text: unknown): text is TextFormat {
  return typeof text === 'string' && Object.hasOwn(TEXT_FORMATS, text);
}

/** The file to read, relative to the workspace; null when the config does not name one yet, or one outside. */
export function sampleFile(
  config: Readonly<Record<string, unknown>>,
  place: SchemaPlace,
  documentPath: string,
  params: Readonly<Record<string, unknown>>,
  workspaceFiles: readonly string[],
): string | null {
  const raw = config[place.pathKey];
  if (typeof raw !== 'string' || raw === '') return null;
  const text = raw.replace(/\$\{([^}]*)\}/g, (whole, name: string) =>
    Object.hasOwn(params, name) ? String(params[name]) : whole,
  );
  const path = resolveFrom(documentPath, text);
  if (path === null) return null;
  if (workspaceFiles.includes(path)) return path;
  const pattern = globPattern(path);
  return workspaceFiles.toSorted().find((file) => pattern.test(file) || file.startsWith(`${path}/`)) ?? path;
}

/** `*` within a folder, `**` across folders, `?` for one character. */
function globPattern(glob: string): RegExp {
  const source = glob.replace(/\*\*\/?|\*|\?|[.+^${}()|[\]\\]/g, (part) => {
    if (part.startsWith('**')) return '.*';
    if (part === '*') return '[^/]*';
    return part === '?' ? '[^/]' : `\\${part}`;
  });
  return new RegExp(`^${source}$`);
}

/** What was found in a file. */
export interface FileSample {
  /** As a document writes them; empty when the file holds no row, or is not of a format that says. */
  readonly fields: readonly WrittenField[];
  /** The first rows as texts by field; none of a file that is no text. */
  readonly rows: readonly Readonly<Record<string, string | null>>[];
  /** By field, the unit of numbers that seem to be times. */
  readonly epochs: ReadonlyMap<string, EpochUnit>;
}

export type WrittenField = Readonly<Record<string, unknown>> & { readonly name: string; readonly type: string };

/** How the cells of a CSV file are told apart and named. */
export interface CsvLayout {
  readonly delimiter: string;
  readonly header: boolean;
}

/** The beginning of a file, to be looked at in one way and another. */
export interface ReadSample {
  /** Null for a file that is not CSV. */
  readonly csv: CsvLayout | null;
  of(csv: CsvLayout | null): FileSample;
}

const SHOWN_ROWS = 4;
/** Rows by which numbers are taken for times. */
const EPOCH_ROWS = 100;

/** With the layout that the config says, or where it says no delimiter, the one that the first line has. Rejects when it cannot be read. */
export async function readSample(
  samples: FileSamples,
  path: string,
  config: Readonly<Record<string, unknown>>,
  place: SchemaPlace,
  formatDefault: unknown,
): Promise<ReadSample> {
  const format = config[place.formatKey] ?? formatDefault;
  if (!isTextFormat(format)) {
    const fields = format === 'parquet' ? (await parquetFields(samples, path)).map(asWritten) : [];
    return { csv: null, of: () => ({ fields, rows: [], epochs: new Map() }) };
  }
  const text = await samples.readSample(path, SAMPLE_BYTES);
  const { delimiter, header } = config;
  const csv = {
    delimiter: typeof delimiter === 'string' && delimiter !== '' ? delimiter : delimiterOf(text),
    header: header !== false,
  };
  return { csv: format === 'csv' ? csv : null, of: (layout) => lookAt(text, format, layout ?? {}) };
}

function lookAt(text: string, format: TextFormat, options: InferOptions): FileSample {
  const fields = inferFields(text, format, options).map(asWritten);
  const rows = sampleRows(text, format, options, EPOCH_ROWS);
  const epochs = fields.flatMap(({ name }): [string, EpochUnit][] => {
    const unit = epochUnit(rows.map((row) => row[name] ?? null));
    return unit === null ? [] : [[name, unit]];
  });
  return { fields, rows: rows.slice(0, SHOWN_ROWS), epochs: new Map(epochs) };
}

async function parquetFields(samples: FileSamples, path: string): Promise<readonly Field[]> {
  const tail = await samples.readTail(path, SAMPLE_BYTES);
  const length = parquetFooterBytes(tail);
  if (length === null) return [];
  return inferParquetSchema(length > tail.length ? await samples.readTail(path, length) : tail);
}

function asWritten({ name, type, nullable }: Field): WrittenField {
  return { name, type: printDataType(type), ...(nullable ? {} : { nullable: false }) };
}
