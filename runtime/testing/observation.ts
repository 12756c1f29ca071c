/** What came out of a run of an operator, in a form to compare. */
import type { Batch } from '../core/batch.ts';
import type { DataType, Field, Value } from '../core/types.ts';
import { decodeUtf8 } from '../core/utf8.ts';
import { createRowWriter } from '../formats/index.ts';
import { inferOperator, type OperatorHarness, type OutputRow } from './operator-harness.ts';
import type { MemoryFiles } from './memory-files.ts';
import type { Subject, Trial } from './operator-trial.ts';
import { readParquet } from './parquet-bytes.ts';

/** All that came out of a run. */
export interface Observation {
  /** By port, subtask after subtask. */
  readonly ports: Readonly<Record<string, readonly OutputRow[]>>;
  readonly printed: readonly string[];
  readonly published: readonly OutputRow[];
  /** What sinks keep for whoever watches them, at last. */
  readonly viewed: readonly OutputRow[];
  /** Lines of all finished files (rows of Parquet as JSON Lines), sorted. */
  readonly fileLines: readonly string[];
  readonly lateRows: number;
}

/** What all subtasks have given so far. `inputFiles` are the files that were there before. */
export function observe(
  members: readonly OperatorHarness[],
  files: MemoryFiles,
  inputFiles: ReadonlySet<string>,
): Observation {
  const ports = Object.keys(members[0]!.plan.outputs);
  return {
    ports: Object.fromEntries(ports.map((port) => [port, members.flatMap((member) => member.output(port))])),
    printed: members.flatMap((member) => member.printed.split('\n').filter((line) => line !== '')),
    published: members.flatMap((member) => member.published.flatMap(rowsOf)),
    viewed: members.flatMap(({ view }) => (view === null ? [] : rowsOf(view.rows()))),
    fileLines: files
      .paths()
      .filter((path) => !inputFiles.has(path) && !/\/\.[^/]*$/.test(path))
      .flatMap((path) => linesOf(path, files.readAll(path)))
      .sort(),
    lateRows: members.reduce((sum, member) => sum + member.lateRows, 0),
  };
}

/** Of a run that was stopped, and of the one that went on from there. */
export function concat(a: Observation, b: Observation): Observation {
  return {
    ports: Object.fromEntries(Object.keys(b.ports).map((port) => [port, [...a.ports[port]!, ...b.ports[port]!]])),
    printed: [...a.printed, ...b.printed],
    published: [...a.published, ...b.published],
    viewed: b.viewed,
    // The files are shared: what the second run sees is all there is.
    fileLines: b.fileLines,
    lateRows: a.lateRows + b.lateRows,
  };
}

/** Without the header of a CSV file: how many files there are, and so headers, is not part of a result. Nor are row groups. */
function linesOf(path: string, bytes: Uint8Array): string[] {
  const lines = decodeUtf8(path.endsWith('.parquet') ? jsonLines(readParquet(bytes)) : bytes)
    .split('\n')
    .filter((line) => line !== '');
  return path.endsWith('.csv') ? lines.slice(1) : lines;
}

function jsonLines(batch: Batch): Uint8Array {
  return createRowWriter({ format: 'jsonl', schema: batch.schema }).encode(batch);
}

function rowsOf(batch: Batch): OutputRow[] {
  return Array.from({ length: batch.length }, (_, i) => ({
    values: batch.row(i),
    eventTime: batch.eventTimes?.[i] ?? null,
    kind: batch.kind(i),
  }));
}

/** An observation as text to compare: rows sorted unless their order counts, numbers to nine digits. */
export function canonical(subject: Subject, trial: Trial, seen: Observation, isOrdered: boolean): unknown {
  const { outputs } = inferOperator(subject.spec, trial.config, trial.inputs);
  const inputFields = trial.inputs[0]?.shape.schema.fields ?? [];
  const arrange = (lines: readonly string[]): readonly string[] => (isOrdered ? lines : [...lines].sort());
  return {
    ports: Object.fromEntries(
      Object.entries(seen.ports).map(([port, rows]) => {
        const { fields } = outputs[port]!.schema;
        return [port, arrange(rows.map((row) => printRow(fields, row)))];
      }),
    ),
    printed: arrange(seen.printed),
    // Watchers see samples, and at last the latest row; of several subtasks any one may be last.
    latestPublished: isOrdered ? seen.published.slice(-1).map((row) => printRow(inputFields, row)) : [],
    viewed: arrange(seen.viewed.map((row) => printRow(inputFields, row))),
    fileLines: seen.fileLines,
    lateRows: seen.lateRows,
  };
}

function printRow(fields: readonly Field[], row: OutputRow): string {
  const cells = fields.map((field, i) => printValue(field.type, row.values[i] ?? null));
  return `${row.kind} ${row.eventTime} ${cells.join(' | ')}`;
}

/** Nine digits: sums of doubles may differ in the last ones with the order of adding. */
function printValue(type: DataType, value: Value): string {
  if (value === null) return 'NULL';
  switch (type.kind) {
    case 'DOUBLE':
      return ((value as number) + 0).toPrecision(9);
    case 'ARRAY':
      return `[${(value as readonly Value[]).map((element) => printValue(type.element, element)).join(', ')}]`;
    case 'ROW':
      return `(${type.fields.map((f, i) => printValue(f.type, (value as readonly Value[])[i] ?? null)).join(', ')})`;
    case 'MAP':
      return `{${[...(value as ReadonlyMap<Value, Value>)].map(([k, v]) => `${printValue(type.key, k)}: ${printValue(type.value, v)}`).join(', ')}}`;
    default:
      return String(value);
  }
}
