/** A schema for a file from a sample of its text: the narrowest types that hold every value seen. */
import { stringify } from 'lossless-json';
import {
  arrayOf,
  BIGINT,
  BOOLEAN,
  DATE,
  DOUBLE,
  INT,
  NULL,
  rowOf,
  sameType,
  STRING,
  TIMESTAMP,
  type DataType,
  type Field,
} from '../core/types.ts';
import { decodeUtf8, encodeUtf8 } from '../core/utf8.ts';
import { ByteWindow } from './byte-window.ts';
import { CsvRecord, ESCAPED, PLAIN, unescape } from './csv-record.ts';
import type { TextFormat } from './file-format.ts';
import { numberText, parseJson } from './json-parse.ts';
import { isObject } from './json-value.ts';
import { INT_MAX, INT_MIN, valueOfText } from './text-value.ts';

export interface InferOptions {
  /** CSV: between cells; a comma unless given. */
  readonly delimiter?: string;
  /** CSV: whether the first line names the columns; without names they are `column1`, `column2`, …. True unless given. */
  readonly header?: boolean;
}

/**
 * Fields of the rows in `sample`, the beginning of a file; its last line may be cut off. A field without any value is a
 * STRING, and so is one whose values have nothing narrower in common. Empty when the sample holds no row.
 */
export function inferSchema(sample: string, format: TextFormat, options: InferOptions = {}): readonly Field[] {
  const text = sample.replace(/^\uFEFF/, '');
  return format === 'csv' ? inferCsv(text, options) : inferJsonl(text);
}

/** The first rows of `sample` as texts by field, at most `maxRows`; null where a row has nothing. Read as `inferSchema` reads. */
export function sampleRows(
  sample: string,
  format: TextFormat,
  { delimiter = ',', header = true }: InferOptions,
  maxRows: number,
): readonly Readonly<Record<string, string | null>>[] {
  const text = sample.replace(/^\uFEFF/, '');
  if (format === 'csv') {
    const records = csvRecords(text, delimiter);
    const names = csvNames(records, header);
    return records
      .slice(0, maxRows)
      .map((record) => Object.fromEntries(names.map((name, c) => [name, record[c] ?? null])));
  }
  const objects = text
    .split('\n')
    .slice(0, 2 * maxRows)
    .map((line) => parseJson(line, true))
    .filter(isObject);
  return objects
    .slice(0, maxRows)
    .map((object) =>
      Object.fromEntries(
        Object.entries(object).map(([name, value]) => [
          name,
          value === null || typeof value === 'string' ? value : (stringify(value) ?? null),
        ]),
      ),
    );
}

const DELIMITERS = [',', ';', '\t', '|'] as const;

/** The one that divides the first line into the most cells. */
export function delimiterOf(text: string): string {
  const [line = ''] = text.split(/\r?\n/, 1);
  return DELIMITERS.reduce((best, one) => (line.split(one).length > line.split(best).length ? one : best));
}

/** Units in which numbers tell times since 1970: seconds, milliseconds, microseconds. */
export type EpochUnit = 's' | 'ms' | 'us';

const PER_SECOND: Readonly<Record<EpochUnit, number>> = { s: 1, ms: 1e3, us: 1e6 };
/** In seconds: other numbers are more likely counts or keys. */
const EPOCHS = { from: Date.UTC(2000, 0) / 1000, to: Date.UTC(2100, 0) / 1000 };

/** The unit in which all texts are times between 2000 and 2100; null for none. */
export function epochUnit(texts: readonly (string | null)[]): EpochUnit | null {
  const given = texts.filter((text) => text !== null);
  const isIn = (unit: EpochUnit): boolean =>
    given.every((text) => {
      const seconds = INTEGER.test(text.trim()) ? Number(text) / PER_SECOND[unit] : NaN;
      return seconds >= EPOCHS.from && seconds < EPOCHS.to;
    });
  return given.length === 0 ? null : ((['s', 'ms', 'us'] as const).find(isIn) ?? null);
}

/** Whether a text of `sampleRows` can be read as a value of the type; of nested types nobody asks. */
export function textFits(text: string, type: DataType): boolean {
  const isNested = type.kind === 'ARRAY' || type.kind === 'MAP' || type.kind === 'ROW';
  return isNested || type.kind === 'STRING' || valueOfText(type, text) !== undefined;
}

/** Takes the first record away when it is the header. */
function csvNames(records: (string | null)[][], header: boolean): readonly string[] {
  const cells = header ? records.shift() : records[0]?.map(() => null);
  return (cells ?? []).map((name, c) => (name ?? '').trim() || `column${c + 1}`);
}

function inferCsv(text: string, { delimiter = ',', header = true }: InferOptions): readonly Field[] {
  const records = csvRecords(text, delimiter);
  const names = csvNames(records, header);
  const rows = records.filter((record) => record.length === names.length);
  const types = names.map((_, c) =>
    rows.reduce<DataType>((type, row) => commonType(type, typeOfText(row[c] ?? null)), NULL),
  );
  return fieldsOf(new Map(names.map((name, c) => [name, types[c]!] as const)));
}

/** Cells of every record; null for an empty one. A last record without newline is left out when others came before: it may be cut. */
function csvRecords(text: string, delimiter: string): (string | null)[][] {
  const window = new ByteWindow(0);
  window.append(encodeUtf8(text));
  const record = new CsvRecord(delimiter);
  const records: (string | null)[][] = [];
  const take = (isLast: boolean): boolean => {
    if (!record.scan(window, isLast)) return false;
    if (!record.isBlank && record.problem === null) records.push(cellTexts(window.bytes, record));
    window.start = record.next;
    return true;
  };
  while (take(false));
  if (records.length < 3) take(true);
  return records;
}

function cellTexts(bytes: Uint8Array, record: CsvRecord): (string | null)[] {
  return Array.from({ length: record.cells }, (_, c) => {
    const start = record.starts[c]!;
    const end = record.ends[c]!;
    if (start === end && record.kinds[c] === PLAIN) return null;
    return decodeUtf8(record.kinds[c] === ESCAPED ? unescape(bytes, start, end) : bytes.subarray(start, end));
  });
}

function inferJsonl(text: string): readonly Field[] {
  const types = new Map<string, DataType>();
  for (const line of text.split('\n')) {
    const json = parseJson(line, true);
    if (isObject(json)) mergeObject(types, json);
  }
  return fieldsOf(types);
}

function mergeObject(types: Map<string, DataType>, json: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(json)) {
    types.set(name, commonType(types.get(name) ?? NULL, typeOfJson(value)));
  }
}

function fieldsOf(types: ReadonlyMap<string, DataType>): readonly Field[] {
  return [...types].map(([name, type]) => ({ name, type: settled(type), nullable: true }));
}

/** Nothing was seen where NULL is left: text holds whatever comes. */
function settled(type: DataType): DataType {
  switch (type.kind) {
    case 'NULL':
      return STRING;
    case 'ARRAY':
      return arrayOf(settled(type.element));
    case 'ROW':
      return rowOf(type.fields.map((f) => ({ ...f, type: settled(f.type) })));
    default:
      return type;
  }
}

function typeOfJson(json: unknown): DataType {
  if (json === null) return NULL;
  if (typeof json === 'string') return typeOfInstant(json) ?? STRING;
  if (typeof json === 'boolean') return BOOLEAN;
  const number = numberText(json);
  if (number !== null) return typeOfNumber(number) ?? STRING;
  if (Array.isArray(json)) return arrayOf(json.map(typeOfJson).reduce(commonType, NULL));
  const types = new Map<string, DataType>();
  mergeObject(types, json as Readonly<Record<string, unknown>>);
  // An object without keys has no shape yet.
  return types.size === 0 ? NULL : rowOf([...types].map(([name, type]) => ({ name, type, nullable: true })));
}

function typeOfText(text: string | null): DataType {
  if (text === null) return NULL;
  const trimmed = text.trim();
  if (valueOfText(BOOLEAN, trimmed) !== undefined) return BOOLEAN;
  if (/^[[{]/.test(trimmed)) {
    const json = parseJson(trimmed, true);
    return json === undefined ? STRING : typeOfJson(json);
  }
  return typeOfNumber(trimmed) ?? typeOfInstant(trimmed) ?? STRING;
}

/** Digits behind a leading zero are a code (a postcode, an account), not a number. */
const CODE = /^[+-]?0\d/;
const INTEGER = /^[+-]?\d+$/;
/** NaN and Infinity are more likely words. */
const WORD = /[a-df-z]/i;

function typeOfNumber(text: string): DataType | null {
  if (CODE.test(text) || WORD.test(text)) return null;
  if (INTEGER.test(text)) {
    const value = valueOfText(BIGINT, text) as bigint | undefined;
    // Beyond 64 bits text keeps the digits that a DOUBLE would lose.
    if (value === undefined) return null;
    return value >= INT_MIN && value <= INT_MAX ? INT : BIGINT;
  }
  return valueOfText(DOUBLE, text) === undefined ? null : DOUBLE;
}

function typeOfInstant(text: string): DataType | null {
  if (!/^\d{4}-\d\d-\d\d/.test(text)) return null;
  if (valueOfText(DATE, text) !== undefined) return DATE;
  return valueOfText(TIMESTAMP, text) === undefined ? null : TIMESTAMP;
}

const NUMBER_ORDER: readonly DataType[] = [INT, BIGINT, DOUBLE];

/** The narrowest type that holds the values of both. */
function commonType(a: DataType, b: DataType): DataType {
  if (a.kind === 'NULL' || sameType(a, b)) return b;
  if (b.kind === 'NULL') return a;
  const rank = Math.max(rankOf(a), rankOf(b));
  if (rankOf(a) >= 0 && rankOf(b) >= 0) return NUMBER_ORDER[rank]!;
  if (isInstant(a) && isInstant(b)) return TIMESTAMP;
  if (a.kind === 'ARRAY' && b.kind === 'ARRAY') return arrayOf(commonType(a.element, b.element));
  if (a.kind === 'ROW' && b.kind === 'ROW') return commonRow(a.fields, b.fields);
  return STRING;
}

function rankOf(type: DataType): number {
  return NUMBER_ORDER.findIndex((t) => t.kind === type.kind);
}

function isInstant(type: DataType): boolean {
  return type.kind === 'DATE' || type.kind === 'TIMESTAMP';
}

function commonRow(a: readonly Field[], b: readonly Field[]): DataType {
  const types = new Map(a.map((f) => [f.name, f.type] as const));
  for (const f of b) types.set(f.name, commonType(types.get(f.name) ?? NULL, f.type));
  return rowOf([...types].map(([name, type]) => ({ name, type, nullable: true })));
}
