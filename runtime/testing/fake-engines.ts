/** Stands in for the real engines in tests: nothing is started. */
import { readFile } from 'node:fs/promises';
import type { EngineSetup, Job, Row, SinkRows } from '../comparison/engine.ts';
import { sinkSchemas } from '../comparison/job-graph.ts';
import { canonicalRow, readJson } from '../comparison/rows.ts';
import { ENGINE_NAMES, ENGINE_TARGETS, type EngineName } from '../protocol/comparison.ts';

export interface FakeEngines {
  readonly engines: Readonly<Record<EngineName, EngineSetup>>;
  readonly log: readonly string[];
}

/** What they give: `run` of a job; `start` rejects where it is given. */
export function fakeEngines(run: (job: Job) => Promise<SinkRows>, start: Error | null = null): FakeEngines {
  const log: string[] = [];
  const setup = (name: EngineName): EngineSetup => ({
    name,
    label: `Fake ${name}`,
    target: ENGINE_TARGETS[name],
    triesBatch: name === 'spark',
    start() {
      log.push('start');
      if (start !== null) return Promise.reject(start);
      return Promise.resolve({ run, stop: () => Promise.resolve(void log.push('stop')) });
    },
  });
  const engines = Object.fromEntries(ENGINE_NAMES.map((name) => [name, setup(name)])) as Record<EngineName, EngineSetup>; // prettier-ignore
  return { engines, log };
}

/** Of a job that does nothing but hand rows on: those of its first source reach every sink, as `change` leaves them. */
export function handingOn(change: (rows: readonly Row[]) => readonly Row[]): (job: Job) => Promise<SinkRows> {
  return async (job) => {
    const [source] = job.document.nodes;
    const { path } = source!.config as { path: string };
    const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
    return new Map(
      [...sinkSchemas(job.document, job)].map(([id, schema]) => {
        const rows = lines.map((line) => {
          const row = readJson(line) as Record<string, unknown>;
          return canonicalRow(schema, schema.fields.map(({ name }) => row[name])); // prettier-ignore
        });
        return [id, change(rows)];
      }),
    );
  };
}
