import { describe, expect, it } from 'vitest';
import { documentOf, queries } from '../nexmark/index.ts';
import { ToolMissing } from '../../comparison/cache.ts';
import { bundledWorker } from '../../testing/whole-job.ts';
import type { Contender, ContenderSetup, Measurement } from './contender.ts';
import { overFiles } from './event-files.ts';
import { measureAgainst, type AgainstOptions } from './measure.ts';
import { printReport } from './report.ts';

const chosen = queries.filter(({ name }) => name === 'q0' || name === 'q12');

/** `measure` is asked for the seconds of each run, by the query's name. */
function engine(
  id: string,
  measure: (query: string) => number | Promise<never>,
  rest: Partial<ContenderSetup> = {},
): ContenderSetup & { readonly log: string[] } {
  const log: string[] = [];
  const contender: Contender = {
    startSeconds: () => 1.5,
    async measure({ document }): Promise<Measurement> {
      const query = /q\d+/.exec(document.name)![0];
      log.push(query);
      const processing = await measure(query);
      return { processing, endToEnd: processing + 1 };
    },
    stop: () => Promise.resolve(void log.push('stop')),
  };
  const start = (): Promise<Contender> => Promise.resolve(contender);
  return { id, label: id, about: 'as it is', target: null, triesBatch: false, start, log, ...rest };
}

function options(setups: readonly ContenderSetup[], rest: Partial<AgainstOptions> = {}): AgainstOptions {
  return {
    setups,
    queries: chosen,
    events: 100,
    seed: 1,
    parallelism: 2,
    runs: 3,
    timeLimit: 60,
    workerFile: bundledWorker,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...rest,
  };
}

describe('measuring against other engines', () => {
  it('takes medians, goes on when one fails or is missing, and says where we lose', async () => {
    const times = [9, 3, 1, 2];
    const own = engine('Millrace', (query) => (query === 'q0' ? times[own.log.length - 1]! : 4));
    const crashing = engine('Crashing', (query) =>
      query === 'q0' ? Promise.reject(new Error('out of heap\nat x')) : 1,
    );
    const missing = engine('Missing', () => 1, {
      start: () => Promise.reject(new ToolMissing('Java 17 is needed', 'install it')),
    });
    const spark = engine('Spark', () => 1, { target: 'spark', triesBatch: true });
    const settings = options([own, crashing, missing, spark]);
    const results = await measureAgainst(settings);
    // The first run of each does not count; an engine that failed is ended, and the next query gets another.
    expect(results[0]!.outcomes.get('q0')).toEqual({ processing: 2, endToEnd: 3, isBatch: false });
    expect(crashing.log).toEqual(['q0', 'stop', 'q12', 'q12', 'q12', 'q12', 'stop']);
    const report = printReport(results, settings, 'npm run bench');
    expect(report).toMatch(/\| q0 +\| 0 +\| – +\| – +\| 0 +\| 2 +\|/);
    expect(report).toMatch(/\| q12 +\| 0 +\| 0 +\| 4 +\| – +\| – +\|/);
    expect(report).toContain('- Crashing is faster in 1 of 1 queries: q12 (4).');
    expect(report).toMatch(/\| q0 +\| Crashing +\| out of heap at x +\|/);
    expect(report).toMatch(/\| all +\| Missing +\| LEFT OUT: Java 17 is needed +\|/);
    expect(report).toMatch(/\| q12 +\| Spark +\| cannot be expressed: .*processing time/);
  });

  it('ends when it is interrupted', async () => {
    const interrupted = new AbortController();
    const hanging = engine('Hanging', () => {
      interrupted.abort(new Error('interrupted'));
      return new Promise<never>(() => undefined);
    });
    const measuring = measureAgainst(options([hanging], { signal: interrupted.signal }));
    await expect(measuring).rejects.toThrow('interrupted');
    expect(hanging.log).toEqual(['q0']);
  });

  it('reads the same files with Nexmark’s watermarks', () => {
    const { nodes, settings } = overFiles(documentOf(chosen[0]!), '/events', {}, 2);
    expect(settings).toMatchObject({ parallelism: 2, checkpoint: { intervalMs: 0 } });
    expect(nodes[0]!.config).toMatchObject({
      path: '/events/bid',
      eventTime: { field: 'dateTime', maxOutOfOrdernessMs: 4000, perRow: false },
    });
  });
});
