/** Nexmark's events in files that every engine reads: a folder for each kind, and in it a part for each subtask. */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PipelineDocument } from '../../graph/index.ts';
import { recordedInput } from '../../comparison/recorded-input.ts';
import { EVENT_KINDS, recordingDocument } from '../nexmark/event-recorder.ts';
import { secondsOf } from '../run-job.ts';

export interface EventFilesOptions {
  readonly events: number;
  readonly seed: number;
  /** Parts of each kind. */
  readonly parts: number;
  readonly workerFile: string;
}

/** Of event time, as in Nexmark's documents here. */
export const EVENT_RATE = 10_000;
/** Lines of a part before the next one's turn: parts go on together in event time. */
const TURN = 100;

/** Rejects when the job that makes them fails. */
export async function writeEventFiles(
  folder: string,
  { events, seed, parts, workerFile }: EventFilesOptions,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const whole = (kind: string): string => path.join(folder, `${kind}.jsonl`);
  const stream = { events, seed, eventRate: EVENT_RATE, outOfOrder: 1 };
  const document = recordingDocument(stream, (kind) => ({ type: 'sink.file', config: { path: whole(kind), format: 'jsonl' } })); // prettier-ignore
  await secondsOf(document, workerFile);
  for (const kind of EVENT_KINDS) {
    await mkdir(path.join(folder, kind));
    for (let part = 0; part < parts; part++) {
      const file = createWriteStream(path.join(folder, kind, `part-${part}.jsonl`));
      await pipeline(Readable.from(linesOfPart(whole(kind), part, parts)), file);
    }
    await rm(whole(kind));
  }
}

async function* linesOfPart(file: string, part: number, parts: number): AsyncGenerator<string> {
  let n = 0;
  let text = '';
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (Math.floor(n++ / TURN) % parts === part) text += `${line}\n`;
    if (text.length < 65_536) continue;
    yield text;
    text = '';
  }
  yield text;
}

/** A query over the files, for every engine alike: watermarks as Nexmark has them, no checkpoints, sinks that look at nothing. */
export function overFiles(
  document: PipelineDocument,
  folder: string,
  params: Readonly<Record<string, string>>,
  parallelism: number,
): PipelineDocument {
  const { document: prepared } = recordedInput(document, { params: {}, baseFolder: '', isLateAllowed: true }, folder);
  const nodes = prepared.nodes.map((node) => {
    const kind = /_(person|auction|bid)$/.exec(node.id)?.[1];
    if (node.type !== 'source.file' || kind === undefined) return node;
    const { eventTime, ...config } = node.config as { eventTime?: object };
    const time = eventTime === undefined ? {} : { eventTime: { ...eventTime, perRow: false } };
    return { ...node, config: { ...config, ...time, path: path.join(folder, kind) } };
  });
  const settings = { ...prepared.settings, parallelism, params: { ...prepared.settings.params, ...params } };
  return { ...prepared, settings, nodes };
}
