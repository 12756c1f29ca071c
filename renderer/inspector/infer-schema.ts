/** A source's schema from the beginning of its file, or from the end of a Parquet file. */
import { printDataType, type Field } from '../../runtime/core/types.ts';
import { inferSchema as inferFields, sampleRows, type InferOptions } from '../../runtime/formats/infer-schema.ts';
import { inferParquetSchema, parquetFooterBytes } from '../../runtime/formats/parquet/infer-parquet-schema.ts';
import type { FormField } from '../../runtime/core/config.ts';
import { isRecord } from './form/config-path.ts';
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
}

export type WrittenField = Readonly<Record<string, unknown>> & { readonly name: string; readonly type: string };

const SHOWN_ROWS = 4;

/** Rejects when it cannot be read. */
export async function inferredSample(
  samples: FileSamples,
  path: string,
  config: Readonly<Record<string, unknown>>,
  place: SchemaPlace,
  formatDefault: unknown,
): Promise<FileSample> {
  const format = config[place.formatKey] ?? formatDefault;
  if (format === 'parquet') return { fields: (await parquetFields(samples, path)).map(asWritten), rows: [] };
  if (!isTextFormat(format)) return { fields: [], rows: [] };
  const sample = await samples.readSample(path, SAMPLE_BYTES);
  const csv = isRecord(config['csv']) ? config['csv'] : config;
  const { delimiter, header } = csv;
  const options: InferOptions = {
    ...(typeof delimiter === 'string' && delimiter !== '' ? { delimiter } : {}),
    ...(typeof header === 'boolean' ? { header } : {}),
  };
  const rows = sampleRows(sample, format, options, SHOWN_ROWS);
  return { fields: inferFields(sample, format, options).map(asWritten), rows };
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
