/** What the sinks of a job have published, against the reference. */
import { basename } from 'node:path/posix';
import type { PhysicalPlan } from '../compiler/physical-plan.ts';
import type { NodeId } from '../core/ids.ts';
import { isSingleFile, type SinkFileConfig } from '../operators/sink-file/spec.ts';
import type { MemoryFiles } from '../testing/memory-files.ts';
import type { ReferenceJob } from '../testing/reference/pipeline.ts';
import { printHeader, printLine } from '../testing/reference/sink-lines.ts';
import { rowsOf } from '../testing/reference/streams.ts';
import type { Conservation } from '../testing/reference/windows.ts';
import { must } from './violation.ts';

/** `isEnd`: the job is over and everything is there; else a part may be. */
type Check = (files: MemoryFiles, isEnd: boolean) => void;

export class OutputCheck {
  readonly #sinks: readonly Sink[];
  readonly #checks: readonly Check[];

  constructor(plan: PhysicalPlan, reference: ReferenceJob) {
    const sinks = plan.operators
      .filter((operator) => operator.type === 'sink.file')
      .map((o) => new Sink(plan, o.nodeId));
    this.#sinks = sinks;
    this.#checks = [
      ...sinks.flatMap((sink) => rowsCheck(sink, reference) ?? []),
      ...[...reference.conservations].flatMap(
        ([nodeId, conservation]) => conservationCheck(plan, sinks, nodeId, conservation) ?? [],
      ),
    ];
  }

  /** How many are published. */
  countRows(files: MemoryFiles): number {
    return this.#sinks.reduce((sum, sink) => sum + sink.lines(files).length, 0);
  }

  /** At any time: nothing is there twice, or should not be there. */
  checkPart(files: MemoryFiles): void {
    for (const check of this.#checks) check(files, false);
  }

  /** At the end: everything is there, and nothing that the sinks only need under way. */
  checkAll(files: MemoryFiles): void {
    for (const check of this.#checks) check(files, true);
    const left = files.paths().filter((path) => basename(path).startsWith('.'));
    must(left.length === 0, 'output', () => `sinks left ${left.join(', ')} behind`);
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
    return printLine(this.config.format, this.#schema, values);
  }
}

/** Null when the rows cannot be known. */
function rowsCheck(sink: Sink, reference: ReferenceJob): Check | null {
  const stream = reference.inputs.get(sink.nodeId)?.[0] ?? null;
  if (stream === null) return null;
  const expected = rowsOf(stream).map((row) => sink.print(row.values));
  const counts = countEach(expected);
  return (files, isEnd) => {
    const lines = sink.lines(files);
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
  return (files, isEnd) => {
    const found = new Map<string, number>();
    const add = (key: string, count: number): Map<string, number> => found.set(key, (found.get(key) ?? 0) + count);
    for (const line of results.lines(files)) add(keyOf(line), Number(cell(line, countField)));
    for (const line of late?.lines(files) ?? []) add(keyOf(line), windowsPerRow);
    for (const key of new Set([...expected.keys(), ...found.keys()])) {
      const [count, wanted] = [found.get(key) ?? 0, (expected.get(key) ?? 0) * windowsPerRow];
      must(
        isEnd ? count === wanted : count <= wanted,
        'output',
        () => `results and late rows of ${nodeId} count ${count} rows of ${key}, where there are ${wanted} to count`,
      );
    }
  };
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
