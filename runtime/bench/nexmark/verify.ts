/** Runs a query in worker threads and compares what it gives with its reference. */
import { secondsOf } from '../run-job.ts';
import type { PipelineDocument } from '../../graph/index.ts';
import { compareRows, type Comparison } from './compare-rows.ts';
import { ChangelogRows } from './changelog-rows.ts';
import { EventRecorder, type EventStream } from './event-recorder.ts';
import { documentOf, type Query } from './queries.ts';
import type { ResultRow } from './reference/events.ts';
import { readPartitions, withQueryFiles } from './query-files.ts';

/** Groups that rows are shuffled in; far less than the 4 s that the watermark is behind. */
const OUT_OF_ORDER = 50;
/** No two events in the same millisecond: the SQL leaves open which of them is the later one. */
const MAX_EVENT_RATE = 1000;

export interface VerifyOptions {
  readonly events: number;
  readonly seed: number;
  /** Absolute path of the bundled worker. */
  readonly workerFile: string;
}

/** Verifies one query after the other, on the same events where they can be. */
export class Verifier {
  readonly #options: VerifyOptions;
  readonly #recorder: EventRecorder;

  constructor(options: VerifyOptions) {
    this.#options = options;
    this.#recorder = new EventRecorder(options.workerFile);
  }

  /** Rejects when a job fails. */
  async verify(query: Query, parallelism: number): Promise<Comparison> {
    const { events, seed } = this.#options;
    const eventRate = Math.min(MAX_EVENT_RATE, events / query.spanSeconds);
    const stream: EventStream = { events, seed, eventRate, outOfOrder: OUT_OF_ORDER };
    const expected = query.reference(await this.#recorder.record(stream));
    const rows = await this.#run(query, stream, parallelism);
    return compareRows(expected, query.compared?.(rows) ?? rows);
  }

  async #run(query: Query, stream: EventStream, parallelism: number): Promise<ResultRow[]> {
    const document = documentOf(query);
    return withQueryFiles(document, async (files) => {
      const result = new ChangelogRows();
      await secondsOf(printing(document), this.#options.workerFile, {
        params: { ...textsOf(stream), ...files.params },
        parallelism,
        onPrint: (_, text) => result.add(text),
      });
      return [...result.rows(), ...(await readPartitions(files.output))];
    });
  }
}

export function textsOf(params: object): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));
}

/** Its table is for the eyes: lines are read instead. */
function printing(document: PipelineDocument): PipelineDocument {
  const nodes = document.nodes.map((node) =>
    node.type === 'sink.table' ? { ...node, type: 'sink.print', config: {} } : node,
  );
  return { ...document, nodes };
}
