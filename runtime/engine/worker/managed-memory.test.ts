import { describe, expect, it } from 'vitest';
import { createJob, node, TestFolder } from '../../testing/whole-job.ts';
import { CheckpointStorage } from '../checkpoint/storage.ts';

const folder = new TestFolder();

/** Counts that keep every key there is, in a window that does not end. */
function countForEver(settings: object): object {
  return {
    settings: { checkpoint: { intervalMs: 20, retain: 1000 }, managedMemoryMb: 16, ...settings },
    nodes: [
      node('in', 'source.generator', {
        rowsPerSecond: 400_000,
        fields: [
          { name: 'k', type: 'BIGINT', expr: 'n' },
          { name: 'ts', type: 'TIMESTAMP', expr: "TIMESTAMP '2026-01-01 00:00:00'" },
        ],
        eventTime: { field: 'ts' },
      }),
      node('few', 'aggregate.window', {
        groupBy: [],
        window: { type: 'tumbling', size: '1 day' },
        aggregates: [{ as: 'rows', fn: 'COUNT', expr: '*' }],
      }),
      node('many', 'aggregate.window', {
        groupBy: ['k'],
        window: { type: 'tumbling', size: '1 day' },
        aggregates: [{ as: 'rows', fn: 'COUNT', expr: '*' }],
      }),
      node('printFew', 'sink.print', {}),
      node('printMany', 'sink.print', {}),
    ],
    edges: [
      { from: 'in', to: 'few' },
      { from: 'in', to: 'many' },
      { from: 'few', to: 'printFew' },
      { from: 'many', to: 'printMany' },
    ],
  };
}

describe('managed memory', () => {
  it('ends a job whose state outgrows it, names the operator and what to do, and leaves the checkpoints', async () => {
    const { job, events } = createJob(folder.path, countForEver({}));
    await job.start();
    const { state, error } = await job.ended;
    expect(state).toBe('FAILED');
    expect(error).toMatchObject({ code: 'MR2008', nodeId: 'many', isRetryable: false });
    expect(error!.message).toMatch(/takes \d+ MiB of memory, more than the 16 MiB .* "many" holds most of it/);
    expect(error!.remedy).toMatch(/rocksdb.*managedMemoryMb.*smaller windows/);
    const completed = events.flatMap((event) =>
      event.type === 'checkpoint' && event.checkpoint.status === 'completed' ? [event.checkpoint.id] : [],
    );
    const kept = await new CheckpointStorage(folder.within('state')).list();
    expect(kept).toEqual(expect.arrayContaining(completed));
    const used = events.flatMap((event) => (event.type === 'metrics' ? [event.metrics.managedMemory] : []));
    expect(used.every(({ budgetBytes }) => budgetBytes === 16 * 2 ** 20)).toBe(true);
  });
});
