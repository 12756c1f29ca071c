/** Sources that read everything at once: the oracles of operators/source-file and operators/source-generator. */
import type { PhysicalPlan } from '../../compiler/physical-plan.ts';
import type { FileIo } from '../../core/file-io.ts';
import type { Schema } from '../../core/schema.ts';
import { decodeUtf8 } from '../../core/utf8.ts';
import type { DataType, Value } from '../../core/types.ts';
import { checkExpression, evaluate, scopeOf } from '../../expression/index.ts';
import type { EventTimeConfig, SourceTimeConfig } from '../../operators/shared/event-time-config.ts';
import { REJECTED, type SourceFileConfig } from '../../operators/source-file/spec.ts';
import { ROW_NUMBER, type SourceGeneratorConfig } from '../../operators/source-generator/spec.ts';
import { timedSequence } from './event-time.ts';
import { asBag, clockOfAll, type ReferenceStream } from './streams.ts';

interface ReadFile {
  readonly rows: readonly (readonly Value[])[];
  /** As rows of the port `rejected`; the reason is for the reader to word, and left out. */
  readonly rejected: readonly (readonly Value[])[];
}

/** Ports `out` and `rejected` of a bounded file source. Lines are plain: no quotes, no blanks. */
export function readFiles(
  config: SourceFileConfig,
  schema: Schema,
  files: FileIo,
  { baseFolder, settings }: Pick<PhysicalPlan, 'baseFolder' | 'settings'>,
  parallelism: number,
): { readonly out: ReferenceStream; readonly rejected: ReferenceStream } {
  const paths = files.list(files.resolve(baseFolder, config.path));
  const read = paths.map((path) => readFile(config, schema, path.slice(baseFolder.length + 1), linesOf(files, path)));
  const rejected = bag(
    REJECTED,
    read.flatMap((file) => file.rejected),
  );
  const isOrdered = parallelism === 1 && paths.length === 1;
  const eventTime = byField(config.eventTime);
  if (eventTime === null) {
    const out = bag(
      schema,
      read.flatMap((file) => file.rows),
    );
    return { out: { ...out, isOrdered }, rejected };
  }
  const isBatch = settings.runtimeMode === 'batch';
  // Each file has its own progress, so files do not make each other late.
  const timed = read.map((file) => timedSequence(schema, file.rows, eventTime, isBatch));
  if (isOrdered) return { out: timed[0]!, rejected };
  const events = timed.map(asBag).flatMap((stream) => stream.events);
  return { out: { schema, events, isOrdered: false, clock: clockOfAll(timed) }, rejected };
}

function linesOf(files: FileIo, path: string): readonly string[] {
  return decodeUtf8(files.readAll(path)).split('\n').slice(0, -1);
}

function readFile(config: SourceFileConfig, schema: Schema, name: string, lines: readonly string[]): ReadFile {
  const isCsv = config.format === 'csv';
  const header = isCsv ? lines[0]!.split(config.delimiter) : [];
  const required = schema.fields.findIndex((f) => f.name === byField(config.eventTime)?.field);
  const rows: (readonly Value[])[] = [];
  const rejected: (readonly Value[])[] = [];
  lines.forEach((line, index) => {
    if (isCsv && index === 0) return;
    const cells = isCsv ? cellsOf(header, line.split(config.delimiter)) : (JSON.parse(line) as Record<string, unknown>);
    const values = schema.fields.map((f) => valueOf(f.type, cells[f.name]));
    if (values.includes(undefined) || values[required] === null) rejected.push([name, BigInt(index + 1), null, line]);
    else rows.push(values as Value[]);
  });
  return { rows, rejected };
}

function cellsOf(header: readonly string[], cells: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(header.map((field, i) => [field, cells[i] === '' ? null : cells[i]]));
}

/** Undefined when the cell does not fit the type. */
function valueOf(type: DataType, cell: unknown): Value | undefined {
  if (cell === null || cell === undefined) return null;
  const text = String(cell);
  switch (type.kind) {
    case 'STRING':
      return text;
    case 'INT':
      return /^-?\d+$/.test(text) ? Number(text) : undefined;
    case 'BIGINT':
      return /^-?\d+$/.test(text) ? BigInt(text) : undefined;
    case 'DOUBLE':
      return Number.isNaN(Number(text)) ? undefined : Number(text);
    case 'TIMESTAMP': {
      const ms = /^-?\d+$/.test(text) ? Number(text) : Date.parse(text);
      return Number.isNaN(ms) ? undefined : ms;
    }
    default:
      throw new Error(`no cells of ${type.kind} here`);
  }
}

function bag(schema: Schema, rows: readonly (readonly Value[])[]): ReferenceStream {
  const events = rows.map((values) => ({ type: 'row' as const, values, eventTime: NaN }));
  return { schema, events, isOrdered: false, clock: 'unknown' };
}

/** Null without event time, and with one that nobody can foresee. */
function byField(config: SourceTimeConfig | null): EventTimeConfig | null {
  return config?.time === 'event' ? config : null;
}

/** Rows 0, 1, 2, … of a bounded generator. */
export function generateRows(
  config: SourceGeneratorConfig,
  schema: Schema,
  { settings }: Pick<PhysicalPlan, 'settings'>,
  parallelism: number,
): ReferenceStream {
  const context = { now: () => 0, random: () => 0 };
  const expressions = config.fields.map(
    ({ expr, type }) => checkExpression(expr, scopeOf(ROW_NUMBER), type).expression!,
  );
  const rows = Array.from({ length: config.rows ?? 0 }, (_, n) =>
    expressions.map((expression) => evaluate(expression, [BigInt(n)], context)),
  );
  const eventTime = byField(config.eventTime);
  const stream =
    eventTime === null
      ? { ...bag(schema, rows), isOrdered: true }
      : timedSequence(schema, rows, eventTime, settings.runtimeMode === 'batch');
  // What is timely in order of n is so for any share of the rows that keeps the order.
  return parallelism === 1 ? stream : asBag(stream);
}
