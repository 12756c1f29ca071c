/** Events per second of each query, as its document is: at Nexmark's own event rate, without anyone looking. */
import type { BenchTable } from '../benchmark.ts';
import { medianOf, round } from '../median.ts';
import { secondsOf } from '../run-job.ts';
import { documentOf, type Query } from './queries.ts';
import { withQueryFiles } from './query-files.ts';

export interface ThroughputOptions {
  readonly queries: readonly Query[];
  readonly events: number;
  readonly seed: number;
  readonly parallelisms: readonly number[];
  /** Runs whose median counts. */
  readonly runs: number;
  /** Absolute path of the bundled worker. */
  readonly workerFile: string;
  /** Told what is measured next. */
  readonly onQuery: (query: Query) => void;
}

/** Rejects when a job fails. */
export async function measureQueries(options: ThroughputOptions): Promise<BenchTable> {
  const { queries, events, seed, parallelisms, runs, workerFile, onQuery } = options;
  const rows: (string | number)[][] = [];
  for (const query of queries) {
    onQuery(query);
    const document = documentOf(query);
    const rates: number[] = [];
    for (const parallelism of parallelisms) {
      rates.push(
        await medianOf(runs, () =>
          withQueryFiles(document, async ({ params: files }) => {
            const params = { events: String(events), seed: String(seed), ...files };
            return events / 1e6 / (await secondsOf(document, workerFile, { params, parallelism }));
          }),
        ),
      );
    }
    rows.push([query.name, events / 1e6, ...rates.map((rate) => round(rate, 3))]);
  }
  return { columns: ['query', 'M events', ...parallelisms.map((p) => `M events/s, parallelism ${p}`)], rows };
}
