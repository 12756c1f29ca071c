/** The input of a comparison: rows of each source, recorded once into files that every engine then reads in its place. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { validateDocument, type AnalyzedNode } from '../compiler/index.ts';
import { StreamError } from '../core/errors.ts';
import { nodeId, type NodeId } from '../core/ids.ts';
import { say } from '../core/say.ts';
import { printDataType } from '../core/types.ts';
import type { PipelineDocument, PipelineNode } from '../graph/index.ts';
import type { ComparedInput, ComparisonOptions } from '../protocol/comparison.ts';
import type { JobContext } from './engine.ts';
import { runLocally, type LocalJobOptions } from './local-job.ts';

/** Further back than any row is behind the one before it, so that none is late. */
const NEVER_LATE_MS = 900 * 86_400_000;

/** A port of a source, and the file that its rows are recorded in. */
interface Recording {
  readonly source: PipelineNode;
  readonly port: string;
  /** Of the file source in its place. */
  readonly name: NodeId;
  readonly file: string;
}

export type RecordLimits = Pick<ComparisonOptions, 'maxRows' | 'maxSeconds'>;

export interface RecordedInput {
  /** The document with a file in place of each port of a source that is read. Event time goes on row by row. */
  readonly document: PipelineDocument;
  /**
   * Writes the files; rows keep the order in which they came. `onRows`: of how many there are so far. Rejects with MR2405 where nothing came in time, and when a
   * source fails.
   */
  record(
    options: Omit<LocalJobOptions, keyof JobContext>,
    limits: RecordLimits,
    onRows?: (rows: number) => void,
  ): Promise<readonly ComparedInput[]>;
}

export interface RecordChoices extends JobContext {
  /** Late rows are late, as its sources say; otherwise none is. */
  readonly isLateAllowed: boolean;
}

/** `folder`: for the files, made when they are written. */
export function recordedInput(
  document: PipelineDocument,
  { isLateAllowed, ...context }: RecordChoices,
  folder: string,
): RecordedInput {
  const { nodes } = validateDocument(document, context);
  const sources = document.nodes.filter(({ id }) => nodes.get(id)?.ports.inputs.length === 0);
  const settings = comparedSettings(document);
  const recordings = sources.flatMap((source) => {
    const ports = new Set(document.edges.filter(({ from }) => from === source.id).map(({ fromPort }) => fromPort));
    return [...ports].map((port): Recording => {
      const name = nodeId(port === 'out' ? source.id : `${source.id}_${port}`);
      return { source, port, name, file: path.join(folder, `${name}.jsonl`) };
    });
  });
  const files = recordings.map((one) => recordedSource(one, nodes.get(one.source.id)!, isLateAllowed));
  return {
    document: {
      ...document,
      settings,
      nodes: [...files, ...document.nodes.filter((node) => !sources.includes(node)).map(alone)],
      edges: document.edges.map((edge) => {
        const one = recordings.find(({ source, port }) => source.id === edge.from && port === edge.fromPort);
        return one === undefined ? edge : { ...edge, from: one.name, fromPort: 'out' };
      }),
      groups: [],
    },
    async record(options, limits, onRows = () => undefined) {
      await mkdir(folder, { recursive: true });
      let rows = 0;
      const count = (added: number): void => onRows((rows += added));
      const read = sources.filter((source) => recordings.some((one) => one.source === source));
      const inputs = await Promise.all(
        read.map((source) => {
          const own = recordings.filter((one) => one.source === source);
          return recordSource({ ...document, settings }, own, { ...options, ...context }, limits, count);
        }),
      );
      if (rows === 0 && inputs.flat().some(({ isWhole }) => !isWhole)) {
        throw new StreamError('MR2405', say`No row came from the sources in ${limits.maxSeconds} s.`, {
          remedy: say`Give them more time, or see whether the systems that they read from have rows.`,
        });
      }
      return inputs.flat();
    },
  };
}

/** As a job that is compared: a stream without checkpoints that does not begin again. */
export function comparedSettings({ settings }: PipelineDocument): PipelineDocument['settings'] {
  return {
    ...settings,
    runtimeMode: 'streaming',
    parallelism: 1,
    checkpoint: { ...settings.checkpoint, intervalMs: 0 },
    restart: { strategy: 'none' },
  };
}

/** In a job of its own, which ends with the source, or at a limit. */
async function recordSource(
  document: PipelineDocument,
  recordings: readonly Recording[],
  options: LocalJobOptions,
  { maxRows, maxSeconds }: RecordLimits,
  onRows: (added: number) => void,
): Promise<readonly ComparedInput[]> {
  const [{ source }] = recordings as readonly [Recording, ...Recording[]];
  const printers = recordings.map(({ name }) => nodeOf(`${name}_recorded`, 'sink.print', {}));
  const job: PipelineDocument = {
    ...document,
    nodes: [unpaced(alone(source)), ...printers],
    edges: recordings.map(({ port }, i) => ({ from: source.id, fromPort: port, to: printers[i]!.id, toPort: 'in' })),
    groups: [],
  };
  const texts = new Map(printers.map(({ id }) => [id, { text: '', rows: 0 }]));
  let rows = 0;
  const enough = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const onStarted = (): void => {
    if (Number.isFinite(maxSeconds)) timer = setTimeout(() => enough.abort(), maxSeconds * 1000);
  };
  const onPrint = (id: NodeId, text: string): void => {
    if (rows >= maxRows) return enough.abort();
    const printed = texts.get(id)!;
    const end = endOfLines(text, maxRows - rows);
    printed.text += text.slice(0, end.at);
    printed.rows += end.lines;
    rows += end.lines;
    onRows(end.lines);
    if (end.at < text.length) enough.abort();
  };
  try {
    await runLocally(job, options, { onPrint, onStarted, enough: enough.signal });
  } finally {
    clearTimeout(timer);
  }
  return Promise.all(
    recordings.map(async ({ port, file }, i): Promise<ComparedInput> => {
      const printed = texts.get(printers[i]!.id)!;
      await writeFile(file, printed.text);
      return { nodeId: source.id, port, rows: printed.rows, isWhole: !enough.signal.aborted };
    }),
  );
}

/** Where the first `count` lines of a text end, and how many there are. */
function endOfLines(text: string, count: number): { readonly at: number; readonly lines: number } {
  let at = 0;
  let lines = 0;
  while (lines < count && at < text.length) {
    at = text.indexOf('\n', at) + 1;
    lines++;
  }
  return { at, lines };
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

function nodeOf(id: string, type: string, config: PipelineNode['config']): PipelineNode {
  return { id: nodeId(id), type, version: 1, position: { x: 0, y: 0 }, config };
}

/** At the job's parallelism. */
function alone({ parallelism: _, ...node }: PipelineNode): PipelineNode {
  return node;
}

/** How fast rows come changes none of them. */
function unpaced(node: PipelineNode): PipelineNode {
  if (!Object.hasOwn(node.config, 'rowsPerSecond')) return node;
  return { ...node, config: { ...node.config, rowsPerSecond: null } };
}
