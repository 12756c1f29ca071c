import { describe, expect, it } from 'vitest';
import { generator, metricsOf, simulatedNode, simulateJob, type SimulatedJob } from '../../testing/simulated-job.ts';

const SECONDS = 5;

/** Rows for five seconds, to a sink that is chained to the source unless `between` stands in the way. */
function job(between: readonly ReturnType<typeof simulatedNode>[], sourceParallelism = 1): Promise<SimulatedJob> {
  const ids = ['in', ...between.map(({ id }) => id), 'out'];
  const fields = [
    ['n', 'BIGINT', 'n'],
    ['ts', 'TIMESTAMP', 'TO_TIMESTAMP_LTZ(n, 3)'],
  ] as const;
  const config = { rows: SECONDS * 100, rowsPerSecond: 100, eventTime: { field: 'ts' } };
  return simulateJob({
    settings: { bufferTimeoutMs: 0 },
    nodes: [generator('in', fields, config, sourceParallelism), ...between, simulatedNode('out', 'sink.print', {})],
    edges: ids.slice(1).map((to, i) => ({ from: ids[i], to })),
  });
}

function markers(simulated: SimulatedJob): number {
  simulated.runUntil(Infinity);
  return metricsOf(simulated.readMetrics(), 'out').reduce((sum, { latency }) => sum + (latency?.count ?? 0), 0);
}

describe('latency markers', () => {
  it('come five times a second from each source subtask', async () => {
    const [one, two] = [markers(await job([])), markers(await job([simulatedNode('all', 'union', {})], 2))];
    expect(one).toBeGreaterThanOrEqual(SECONDS * 5 - 1);
    expect(one).toBeLessThanOrEqual(SECONDS * 5 + 1);
    expect(Math.abs(two - 2 * one)).toBeLessThanOrEqual(2);
  });

  it('do not become more with each exchange, and pass windows that hold rows back', async () => {
    const count = simulatedNode(
      'count',
      'aggregate.window',
      {
        groupBy: ['n'],
        window: { type: 'tumbling', size: '1 hour' },
        aggregates: [{ as: 'rows', fn: 'COUNT', expr: '*' }],
        allowedLateness: '0 seconds',
      },
      3,
    );
    const simulated = await job([simulatedNode('keep', 'filter', { condition: 'n >= 0' }, 4), count]);
    simulated.runUntil((SECONDS - 1) * 1000);
    expect(simulated.printed).toEqual([]);
    expect(metricsOf(simulated.readMetrics(), 'out')[0]!.latency).toEqual({ count: 20, p50: 0.1, p95: 0.1, p99: 0.1 });
    expect(markers(simulated)).toBeLessThanOrEqual(SECONDS * 5 + 1);
  });
});
