/** Cases run by our own engine: their sources once, into files that every engine then reads, and what is behind them. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { secondsOf } from '../../bench/run-job.ts';
import { validateDocument, type AnalyzedNode } from '../../compiler/index.ts';
import { assert } from '../../core/errors.ts';
import { nodeId, type NodeId } from '../../core/ids.ts';
import type { Schema } from '../../core/schema.ts';
import { printDataType } from '../../core/types.ts';
import type { PipelineDocument, PipelineNode } from '../../graph/index.ts';
import type { Case, SinkRows } from './case.ts';
import { sinkSchemas } from './job-graph.ts';
import { canonicalRow, finalRows, readJson, type Change } from './rows.ts';

/** Further back than any row is behind the one before it, so that none is late; a case that is about late rows has its own. */
const NEVER_LATE_MS = 900 * 86_400_000;

/** A port of a source, and the file that its rows are recorded in. */
interface Recording {
  readonly source: NodeId;
  readonly port: string;
  /** Of the file source in its place. */
  readonly name: NodeId;
  readonly file: string;
}

export interface Prepared {
  /** The case with a file in place of each port of a source that is read. Event time goes on row by row. */
  readonly document: PipelineDocument;
  /** Writes the files; rows keep the order in which they came. */
  record(workerFile: string): Promise<void>;
}

/** `folder`: for the files. */
export function prepare(
  { document, params = {}, baseFolder, isLateAllowed = false, keepsSources = false }: Case,
  folder: string,
): Prepared {
  // prettier-ignore
  const { nodes } = validateDocument(document, { params });
  const sources = document.nodes.filter(({ id }) => nodes.get(id)?.ports.inputs.length === 0);
  const settings = { ...document.settings, runtimeMode: 'streaming' as const, parallelism: 1, checkpoint: { ...document.settings.checkpoint, intervalMs: 0 }, restart: { strategy: 'none' as const } }; // prettier-ignore
  if (keepsSources) return { document: { ...document, settings }, record: () => Promise.resolve() };
  const recordings = sources.flatMap(({ id }) => {
    const ports = new Set(document.edges.filter(({ from }) => from === id).map(({ fromPort }) => fromPort));
    return [...ports].map((port): Recording => {
      const name = nodeId(port === 'out' ? id : `${id}_${port}`);
      return { source: id, port, name, file: path.join(folder, `${name}.jsonl`) };
    });
  });
  const files = recordings.map((one) => recordedSource(one, nodes.get(one.source)!, isLateAllowed));
  return {
    document: {
      ...document,
      settings,
      nodes: [...files, ...document.nodes.filter((node) => !sources.includes(node)).map(alone)],
      edges: document.edges.map((edge) => {
        const one = recordings.find(({ source, port }) => source === edge.from && port === edge.fromPort);
        return one === undefined ? edge : { ...edge, from: one.name, fromPort: 'out' };
      }),
      groups: [],
    },
    async record(workerFile) {
      await mkdir(folder, { recursive: true });
      const sinks = recordings.map(({ name, file }) => nodeOf(`${name}_recorded`, 'sink.file', { path: file, format: 'jsonl' })); // prettier-ignore
      const edges = recordings.map(({ source, port }, i) => ({ from: source, fromPort: port, to: sinks[i]!.id, toPort: 'in' })); // prettier-ignore
      const recording = { ...document, settings, nodes: [...sources.map(alone), ...sinks], edges, groups: [] };
      await secondsOf(recording, workerFile, { params, baseFolder });
    },
  };
}

function recordedSource({ port, name, file }: Recording, source: AnalyzedNode, isLateAllowed: boolean): PipelineNode {
  const { schema, eventTime } = source.outputs[port]!;
  const config = source.config as { eventTime?: Partial<EventTime> | null; maxOutOfOrdernessMs?: number };
  // Nexmark's source has a time without saying so.
  const field = config.eventTime?.field ?? (eventTime ? 'dateTime' : undefined);
  const bound = config.eventTime?.maxOutOfOrdernessMs ?? config.maxOutOfOrdernessMs ?? 0;
  return nodeOf(name, 'source.file', {
    path: file,
    format: 'jsonl',
    schema: schema.fields.map((one) => ({ ...one, type: printDataType(one.type) })),
    ...(field === undefined || port === 'rejected'
      ? {}
      : { eventTime: { field, maxOutOfOrdernessMs: isLateAllowed ? bound : NEVER_LATE_MS, perRow: true } }),
  });
}

interface EventTime {
  readonly field: string;
  readonly maxOutOfOrdernessMs: number;
}

export function nodeOf(id: string, type: string, config: PipelineNode['config']): PipelineNode {
  return { id: nodeId(id), type, version: 1, position: { x: 0, y: 0 }, config };
}

/** At the job's parallelism. */
function alone({ parallelism: _, ...node }: PipelineNode): PipelineNode {
  return node;
}

/** The rows that reach each sink here, at parallelism 1. Rejects when the job fails. */
export async function runHere(
  document: PipelineDocument,
  { params = {}, baseFolder }: Pick<Case, 'params' | 'baseFolder'>,
  workerFile: string,
): Promise<SinkRows> {
  const schemas = sinkSchemas(document, params);
  const texts = new Map<NodeId, string[]>([...schemas.keys()].map((id) => [id, []]));
  const nodes = document.nodes.map((node) =>
    schemas.has(node.id) ? { ...node, type: 'sink.print', version: 1, config: {} } : node,
  );
  await secondsOf({ ...document, nodes }, workerFile, {
    params,
    baseFolder,
    parallelism: 1,
    onPrint: (id, text) => texts.get(id)!.push(text),
  });
  return new Map([...texts].map(([id, parts]) => [id, finalRows(changesOf(parts.join(''), schemas.get(id)!))]));
}

function changesOf(text: string, schema: Schema): readonly Change[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Change => {
      const { __op = '+I', ...row } = readJson(line) as Record<string, unknown>;
      assert(typeof __op === 'string', 'a change has a kind');
      return { kind: __op, row: canonicalRow(schema, schema.fields.map(({ name }) => row[name])) }; // prettier-ignore
    });
}

export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}
