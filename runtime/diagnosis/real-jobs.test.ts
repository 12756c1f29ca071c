/** Jobs whose culprit, or whose reason for silence, is known, run as they are: with the metrics that the engine takes. */
import { describe, expect, it } from 'vitest';
import { nodeId } from '../core/ids.ts';
import { MemoryNetwork, response } from '../testing/memory-network.ts';
import { watchJob, type ObservedRunOptions } from '../testing/observed-jobs.ts';
import { generator, simulatedNode } from '../testing/simulated-job.ts';
import { explainSilence, findCulprits, findStarvation, type SilenceReason } from './index.ts';

const edge = (from: string, to: string, toPort = 'in') => ({ from, to, toPort });
const settings = { batchRows: 64, latencyTargetMs: 0 };
/** A row a ms of event time. */
const timed = (id: string, config: object = {}, time = 'n') =>
  generator(
    id,
    [
      ['n', 'BIGINT', 'n'],
      ['k', 'BIGINT', 'n % 10'],
      ['ts', 'TIMESTAMP', `TO_TIMESTAMP_LTZ(${time}, 3)`],
    ],
    { eventTime: { field: 'ts' }, ...config },
  );
const sink = (parallelism?: number) => simulatedNode('out', 'sink.print', {}, parallelism);
const filter = (id: string, condition: string, parallelism?: number) =>
  simulatedNode(id, 'filter', { condition }, parallelism);
const window = (size: string) =>
  simulatedNode('count', 'aggregate.window', {
    groupBy: ['k'],
    window: { type: 'tumbling', size },
    aggregates: [{ as: 'rows', fn: 'COUNT', expr: '*' }],
  });
const line = (...nodes: readonly { readonly id: string }[]) => ({
  settings,
  nodes,
  edges: nodes.slice(1).map((node, i) => edge(nodes[i]!.id, node.id)),
});

async function culpritsOf(raw: object, options: Omit<ObservedRunOptions, 'forMs'> = {}) {
  return findCulprits(await watchJob(raw, { forMs: 3000, ...options }));
}

describe('the culprit of a job as it runs', () => {
  it('is an operator that needs the processor, not those in front of it', async () => {
    const raw = line(timed('in'), filter('first', 'n >= 0', 2), filter('slow', 'n >= 1', 3), sink());
    const [culprit, ...others] = await culpritsOf(raw, { costs: { slow: 2 } });
    expect(culprit).toMatchObject({
      nodeId: 'slow',
      reasons: [{ code: 'cpu' }],
      holdsUp: expect.arrayContaining(['first']),
    });
    expect(others).toEqual([]);
  });

  it('is a sink that is slow to write', async () => {
    const raw = line(timed('in'), filter('first', 'n >= 0', 2), sink());
    const found = await culpritsOf(raw, { costs: { out: 1 } });
    expect(found).toMatchObject([{ nodeId: 'out', reasons: [{ code: 'slowSink', waiting: 0 }] }]);
  });

  it.each([1, 2])('is a sink whose server takes its time, at parallelism %i before it', async (parallelism) => {
    const network = new MemoryNetwork();
    const answers: { readonly at: number; readonly answer: () => void }[] = [];
    let now = 0;
    network.serveHttp('http://slow/rows', (_request, answer) => {
      answers.push({ at: now + 400, answer: () => answer(response(200)) });
    });
    const send = simulatedNode('send', 'sink.http', { url: 'http://slow/rows', batchRows: 10, concurrency: 1 });
    const raw = line(timed('in'), filter('first', 'n >= 0', parallelism), send);
    const found = await culpritsOf(raw, {
      network,
      onOutside(at) {
        now = at;
        for (let next = answers[0]; next !== undefined && next.at <= at; next = answers[0]) {
          answers.shift();
          next.answer();
        }
      },
    });
    expect(found).toMatchObject([{ nodeId: 'send', reasons: [{ code: 'slowSink', waiting: expect.closeTo(1, 0) }] }]);
  });

  it.each([1, 2])(
    'is an operator that delays rows (at parallelism %i before it), or a limit of the rate',
    async (n) => {
      const faults = [{ type: 'delay', when: { type: 'probability', probability: 0.1 }, by: '200 milliseconds' }];
      const delay = simulatedNode('delay', 'faultInjector', { faults });
      const [slow] = await culpritsOf(line(timed('in'), filter('first', 'n >= 0', n), delay, sink()));
      expect(slow).toMatchObject({ nodeId: 'delay', reasons: [{ code: 'waits' }] });
      const limit = simulatedNode('limit', 'rateLimit', { rowsPerSecond: 100 });
      const [limited] = await culpritsOf(line(timed('in'), filter('first', 'n >= 0', n), limit, sink()));
      expect(limited).toMatchObject({ nodeId: 'limit', reasons: [{ code: 'rateLimit', rowsPerSecond: 100 }] });
    },
  );

  it('is the subtask with the key that most rows have', async () => {
    const keys = generator('in', [['k', 'BIGINT', 'CASE WHEN n % 20 = 0 THEN n ELSE 7 END']], {});
    const count = simulatedNode(
      'count',
      'aggregate.running',
      { groupBy: ['k'], aggregates: [{ as: 'n', fn: 'COUNT', expr: '*' }] },
      3,
    );
    const [culprit, ...others] = await culpritsOf(line(keys, count, sink()), { costs: { count: 1 } });
    expect(culprit).toMatchObject({
      nodeId: 'count',
      reasons: [{ code: 'skewedSubtask', keys: ['k'] }, { code: 'cpu' }],
    });
    expect(others).toEqual([]);
  });

  it('is one for each branch', async () => {
    const raw = {
      settings,
      nodes: [
        timed('in'),
        filter('a', 'n >= 0', 2),
        filter('b', 'n >= 0', 2),
        sink(),
        simulatedNode('end', 'sink.print', {}),
      ],
      edges: [edge('in', 'a'), edge('in', 'b'), edge('a', 'out'), edge('b', 'end')],
    };
    const found = await culpritsOf(raw, { costs: { out: 1, end: 1 } });
    expect(found.map(({ nodeId: id }) => id).sort()).toEqual(['end', 'out']);
  });

  it('is nobody where the source is held to a rate: that is the limit', async () => {
    const raw = line(timed('in', { rowsPerSecond: 50 }), filter('first', 'n >= 0', 2), sink());
    const job = await watchJob(raw, { forMs: 3000, costs: { first: 1 } });
    expect(findCulprits(job)).toEqual([]);
    expect(findStarvation(job)).toMatchObject([{ nodeId: 'in', reason: { code: 'rateSetting', rowsPerSecond: 50 } }]);
  });
});

async function silenceOf(raw: object, node: string, options: Partial<ObservedRunOptions> = {}) {
  const job = await watchJob(raw, { forMs: 3000, ...options });
  return explainSilence(job, nodeId(node)).map(({ place, reason }): readonly [string, SilenceReason] => [
    place.nodeId,
    reason,
  ]);
}

describe('why a job as it runs has no output', () => {
  const rate = { rowsPerSecond: 100 };

  it('is a filter that lets nothing through', async () => {
    const found = await silenceOf(line(timed('in', rate), filter('keep', 'n < 0'), window('1 second'), sink()), 'out');
    expect(found).toEqual([['keep', { code: 'allFiltered', rows: expect.any(Number) }]]);
  });

  it('is a window that is open', async () => {
    const found = await silenceOf(line(timed('in', rate), window('1 minute'), sink()), 'out');
    expect(found).toMatchObject([['count', { code: 'windowOpen', time: 'event', windowEnd: 60_000 }]]);
    const [, reason] = found[0]!;
    // 100 rows a second for 3 s, a row a ms.
    expect(reason.code === 'windowOpen' && reason.missingMs).toBeGreaterThan(59_500);
  });

  it('is an input of a union that holds the watermark', async () => {
    const raw = {
      settings,
      nodes: [
        timed('fast', rate, 'n * 1000'),
        timed('slow', { rowsPerSecond: 0.001 }),
        simulatedNode('all', 'union', {}),
        window('1 minute'),
        sink(),
      ],
      edges: [edge('fast', 'all'), edge('slow', 'all'), edge('all', 'count'), edge('count', 'out')],
    };
    const found = await silenceOf(raw, 'out');
    expect(found.map(([place, { code }]) => [place, code])).toEqual([
      ['all', 'watermarkHeld'],
      ['count', 'windowOpen'],
    ]);
    expect(found[0]![1]).toMatchObject({ origin: 'slow' });
  });

  it('is an input of a join that holds the watermark', async () => {
    const raw = {
      settings,
      nodes: [
        timed('fast', rate, 'n * 1000'),
        timed('slow', { rowsPerSecond: 0.001 }),
        simulatedNode('pair', 'join.window', {
          on: [{ left: 'k', right: 'k' }],
          kind: 'inner',
          window: { type: 'tumbling', size: '1 minute' },
        }),
        sink(),
      ],
      edges: [edge('fast', 'pair', 'left'), edge('slow', 'pair', 'right'), edge('pair', 'out')],
    };
    const [first] = await silenceOf(raw, 'out');
    expect(first).toMatchObject(['pair', { code: 'watermarkHeld', origin: 'slow' }]);
  });

  it('is that all rows are late', async () => {
    const source = timed('in', rate, 'CASE WHEN n < 64 THEN 1000000000 ELSE n END');
    const raw = line(source, filter('keep', 'n >= 64'), window('1 second'), sink());
    const found = await silenceOf(raw, 'out');
    expect(found).toMatchObject([['count', { code: 'allLate' }]]);
  });

  it('is a file sink before the first checkpoint', async () => {
    const write = simulatedNode('write', 'sink.file', { path: 'rows.jsonl', format: 'jsonl' });
    const found = await silenceOf(line(timed('in', rate), write), 'write');
    expect(found[0]).toMatchObject([
      'write',
      { code: 'waitsForCheckpoint', intervalMs: 10_000, lastCompletedAt: null },
    ]);
  });

  it('is a source without rows, once the job has ended', async () => {
    const found = await silenceOf(line(timed('in', { rows: 0 }), window('1 second'), sink()), 'out');
    expect(found).toEqual([
      ['out', { code: 'ended', state: 'FINISHED' }],
      ['in', { code: 'sourceEnded' }],
    ]);
  });
});
