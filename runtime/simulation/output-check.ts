/** What the sinks of a job have published, against the reference. */
import { basename } from 'node:path/posix';
import type { PhysicalPlan } from '../compiler/physical-plan.ts';
import type { NodeId } from '../core/ids.ts';
import { isSingleFile, type SinkFileConfig } from '../operators/sink-file/spec.ts';
import type { MemoryFiles } from '../testing/memory-files.ts';
import { readParquet } from '../testing/parquet-bytes.ts';
import type { ReferenceJob } from '../testing/reference/pipeline.ts';
import { printHeader, printLine } from '../testing/reference/sink-lines.ts';
import { rowsOf } from '../testing/reference/streams.ts';
import type { Conservation } from '../testing/reference/windows.ts';
import { must } from './violation.ts';

/** `isEnd`: the job is over and everything is there; else a part may be. `mayRepeat`: rows may have gone through the job again. */
/** At least once, a row that comes again is counted again. */
const AGGREGATES: ReadonlySet<string> = new Set(['aggregate.window', 'over']);

type Check = (files: MemoryFiles, isEnd: boolean, mayRepeat: boolean) => void;

export class OutputCheck {
  readonly #sinks: readonly Sink[];
  readonly #checks: readonly Check[];
  readonly #isAtLeastOnce: boolean;
  #isRestored = false;

  constructor(plan: PhysicalPlan, reference: ReferenceJob) {
    this.#isAtLeastOnce = plan.settings.checkpoint.mode === 'at-least-once';
    const sinks = plan.operators
      .filter((operator) => operator.type === 'sink.file')
      .map((o) => new Sink(plan, o.nodeId));
    this.#sinks = sinks;
    this.#checks = [
      ...sinks.flatMap((sink) => rowsCheck(plan, sink, reference) ?? []),
      ...[...reference.conservations].flatMap(
        ([nodeId, conservation]) => conservationCheck(plan, sinks, nodeId, conservation) ?? [],
      ),
    ];
  }

  /** From here on the job has been restored. */
  noteRestore(): void {
    this.#isRestored = true;
  }

  /** How many are published. */
  countRows(files: MemoryFiles): number {
    return this.#sinks.reduce((sum, sink) => sum + sink.lines(files).length, 0);
  }

  /** At any time: nothing is there twice, or should not be there. */
  checkPart(files: MemoryFiles, isRestored = this.#isRestored): void {
    this.#check(files, false, isRestored);
  }

  /** At the end: everything is there, and nothing that the sinks only need under way. */
  checkAll(files: MemoryFiles, isRestored = this.#isRestored): void {
    this.#check(files, true, isRestored);
    const left = files.paths().filter((path) => basename(path).startsWith('.'));
    must(left.length === 0, 'output', () => `sinks left ${left.join(', ')} behind`);
  }

  #check(files: MemoryFiles, isEnd: boolean, isRestored: boolean): void {
    for (const check of this.#checks) check(files, isEnd, this.#isAtLeastOnce && isRestored);
  }
}

class Sink {
  readonly nodeId: NodeId;
  readonly config: SinkFileConfig;
  readonly #path: string;
  readonly #schema;

  constructor(plan: PhysicalPlan, nodeId: NodeId) {
    const operator = plan.operators.find((o) => o.nodeId === nodeId)!;
    this.nodeId = nodeId;
    this.config = operator.config as SinkFileConfig;
    this.#path = `${plan.baseFolder}/${this.config.path}`;
    this.#schema = operator.inputs[0]!.shape.schema;
  }

  get isSingle(): boolean {
    return isSingleFile(this.config);
  }

  /** Published lines without headers, file by file. */
  lines(files: MemoryFiles): readonly string[] {
    return files.list(this.#path).flatMap((path) => {
      if (this.config.format === 'parquet') return this.#parquetLines(files.readAll(path));
      const text = files.text(path);
      must(text === '' || text.endsWith('\n'), 'output', () => `${path} ends within a line`);
      const lines = text.split('\n').slice(0, -1);
      if (this.config.format === 'jsonl') return lines;
      const header = printHeader(this.#schema);
      must(lines[0] === header, 'output', () => `${path} begins with "${lines[0]}", not with "${header}"`);
      return lines.slice(1);
    });
  }

  print(values: Parameters<typeof printLine>[2]): string {
    return printLine(this.config.format === 'csv' ? 'csv' : 'jsonl', this.#schema, values);
  }

  #parquetLines(bytes: Uint8Array): readonly string[] {
    const batch = readParquet(bytes, this.#schema);
    return Array.from({ length: batch.length }, (_, row) => this.print(batch.row(row)));
  }
}

/** Null when the rows cannot be known. */
function rowsCheck(plan: PhysicalPlan, sink: Sink, reference: ReferenceJob): Check | null {
  const stream = reference.inputs.get(sink.nodeId)?.[0] ?? null;
  if (stream === null) return null;
  const expected = rowsOf(stream).map((row) => sink.print(row.values));
  const counts = countEach(expected);
  const isRowByRow = !isBehindAggregate(plan, sink.nodeId);
  return (files, isEnd, mayRepeat) => {
    const lines = sink.lines(files);
    if (mayRepeat) {
      if (isRowByRow) checkRepeated(sink, lines, counts, isEnd);
      return;
    }
    for (const [line, count] of countEach(lines)) {
      const wanted = counts.get(line) ?? 0;
      must(
        count <= wanted,
        'output',
        () => `${sink.nodeId} has published ${line} ${times(count)}, where the reference has it ${times(wanted)}`,
      );
    }
    // One file has the rows in the order in which they came.
    if (sink.isSingle && stream.isOrdered) {
      const at = lines.findIndex((line, i) => line !== expected[i]);
      must(at === -1, 'output', () => `line ${at + 1} of ${sink.nodeId} is ${lines[at]}, not ${expected[at]}`);
    }
    if (!isEnd || lines.length === expected.length) return;
    const published = countEach(lines);
    const [missing, wanted] = [...counts].find(([line, count]) => (published.get(line) ?? 0) < count)!;
    must(
      false,
      'output',
      () =>
        `${sink.nodeId} has ${lines.length} of ${expected.length} rows: ${missing} is there ` +
        `${times(published.get(missing) ?? 0)}, not ${times(wanted)}`,
    );
  };
}

/** Results of a window aggregate and its late rows hold every row; they must go straight to sinks. */
function conservationCheck(
  plan: PhysicalPlan,
  sinks: readonly Sink[],
  nodeId: NodeId,
  { windowsPerRow, mayBeLate, countField, groupBy, rows, schema }: Conservation,
): Check | null {
  const sinkOf = (port: string): Sink | undefined => {
    const links = plan.links.filter((link) => link.from === nodeId && link.fromPort === port);
    return sinks.find((sink) => sink.nodeId === links[0]?.to && sink.config.format === 'jsonl');
  };
  const [results, late] = [sinkOf('out'), sinkOf('late')];
  if (results === undefined || (mayBeLate && late === undefined)) return null;
  const keyOf = (line: string): string => JSON.stringify(groupBy.map((name) => cell(line, name)));
  const expected = countEach(rows.map((row) => keyOf(printLine('jsonl', schema, row.values))));
  return (files, isEnd, mayRepeat) => {
    const found = new Map<string, number>();
    const add = (key: string, count: number): Map<string, number> => found.set(key, (found.get(key) ?? 0) + count);
    for (const line of results.lines(files)) add(keyOf(line), Number(cell(line, countField)));
    for (const line of late?.lines(files) ?? []) add(keyOf(line), windowsPerRow);
    for (const key of new Set([...expected.keys(), ...found.keys()])) {
      const [count, wanted] = [found.get(key) ?? 0, (expected.get(key) ?? 0) * windowsPerRow];
      must(
        mayRepeat ? !isEnd || count >= wanted : isEnd ? count === wanted : count <= wanted,
        'output',
        () => `results and late rows of ${nodeId} count ${count} rows of ${key}, where there are ${wanted} to count`,
      );
    }
  };
}

/** Rows that may have gone through the job more than once: none is missing, none is of other making. */
function checkRepeated(
  sink: Sink,
  lines: readonly string[],
  counts: ReadonlyMap<string, number>,
  isEnd: boolean,
): void {
  const published = countEach(lines);
  for (const line of published.keys()) {
    must(counts.has(line), 'output', () => `${sink.nodeId} has published ${line}, which the reference does not have`);
  }
  if (!isEnd) return;
  for (const [line, wanted] of counts) {
    const count = published.get(line) ?? 0;
    must(count >= wanted, 'output', () => `${sink.nodeId} has ${line} ${times(count)}, not ${times(wanted)}`);
  }
}

/** Whether what the sink gets depends on how often a row was counted. */
function isBehindAggregate(plan: PhysicalPlan, nodeId: NodeId): boolean {
  const { type } = plan.operators.find((o) => o.nodeId === nodeId)!;
  return AGGREGATES.has(type) || plan.links.some((link) => link.to === nodeId && isBehindAggregate(plan, link.from));
}

function cell(line: string, field: string): unknown {
  return (JSON.parse(line) as Record<string, unknown>)[field];
}

function countEach(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

function times(count: number): string {
  return count === 1 ? 'once' : count === 0 ? 'not at all' : `${count} times`;
}
