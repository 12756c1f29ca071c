/** What a job tells, from answers as Flink 2.3 gives them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { exportGraph } from '../../exporters/export-graph.ts';
import { FlinkRest } from '../../exporters/flink/cluster/rest.ts';
import { flinkScript } from '../../exporters/flink/script.ts';
import { parseDocument } from '../../graph/index.ts';
import type { JobEvent } from '../../protocol/job.ts';
import { FlinkJob } from './flink-job.ts';

const template = path.resolve(import.meta.dirname, '../../../templates/clicks/clicks.pipeline.json');
const { document } = parseDocument(readFileSync(template, 'utf8'));
const graph = exportGraph(document!, { baseFolder: '/w' }).graph!;

const SOURCE = {
  id: 'source',
  parallelism: 1,
  description:
    '[1]:TableSourceScan(table=[[default_catalog, default_database, clicks]], fields=[n])<br/>+- [2]:Sink(table=[default_catalog.default_database.board], fields=[n])<br/>',
};
const METRICS = {
  '0.Source__clicks[1].numRecordsOut': '42',
  '0.Source__clicks[1].numRecordsOutPerSecond': '7.5',
  '0.busyTimeMsPerSecond': 'NaN',
  '0.backPressuredTimeMsPerSecond': '250',
  '0.Source__clicks[1].currentOutputWatermark': '1700000000000',
};
const CHECKPOINT = {
  id: 3, status: 'COMPLETED', is_savepoint: false, trigger_timestamp: 1000, end_to_end_duration: 20, checkpointed_size: 5, state_size: 9,
  num_subtasks: 1, num_acknowledged_subtasks: 1, external_path: 'file:/c/chk-3',
}; // prettier-ignore
const SUBTASK = {
  index: 0,
  status: 'completed',
  start_delay: -1,
  checkpointed_size: 5,
  state_size: 9,
  checkpoint: { sync: 2, async: 4 },
};

/** A cluster whose job can be changed meanwhile; each request is noted. */
class Cluster {
  state = 'RUNNING';
  isReachable = true;
  /** Metrics come late, or never. */
  isSlow = false;
  failures: readonly object[] = [];
  readonly requests: string[] = [];

  readonly fetch = (url: string | URL | Request, { method = 'GET' }: RequestInit = {}): Promise<Response> => {
    const { pathname, searchParams } = new URL(url as string);
    this.requests.push(`${method} ${pathname}`);
    if (!this.isReachable) return Promise.reject(new TypeError('refused'));
    if (this.isSlow && pathname.endsWith('/metrics')) return new Promise(() => undefined);
    return Promise.resolve(new Response(JSON.stringify(this.#answer(method, pathname, searchParams.get('get')))));
  };

  #answer(method: string, pathname: string, names: string | null): unknown {
    switch (`${method} ${pathname}`) {
      case 'GET /jobs/j':
        return { jid: 'j', name: 'Click sessions', state: this.state, vertices: [] };
      case 'GET /jobs/j/plan':
        return { plan: { nodes: [SOURCE] } };
      case 'GET /jobs/j/vertices/source/metrics':
        return names === null
          ? [...Object.keys(METRICS), '0.numBytesIn'].map((id) => ({ id }))
          : names.split(',').map((id) => ({ id, value: METRICS[id as keyof typeof METRICS] }));
      case 'GET /jobs/j/checkpoints':
        return { history: [CHECKPOINT], latest: { restored: { id: 2, restore_timestamp: 900, is_savepoint: true, external_path: 'file:/sp' } } }; // prettier-ignore
      case 'GET /jobs/j/checkpoints/details/3/subtasks/source':
        return { subtasks: [SUBTASK] };
      case 'GET /jobs/j/exceptions':
        return { exceptionHistory: { entries: this.failures } };
      case 'POST /jobs/j/stop':
        return { 'request-id': 'r' };
      case 'GET /jobs/j/savepoints/r':
        this.state = 'FINISHED';
        return { status: { id: 'COMPLETED' }, operation: { location: 'file:/sp/1' } };
      default:
        return {};
    }
  }
}

/** From its first look on, which a slow cluster holds up. */
async function follow({ isSlow = false } = {}) {
  const cluster = new Cluster();
  cluster.isSlow = isSlow;
  const events: JobEvent[] = [];
  const waiting: (() => void)[] = [];
  const rest = new FlinkRest('http://flink:8081', { fetch: cluster.fetch, delay: () => Promise.resolve() });
  const delay = (): Promise<void> => new Promise((resolve) => waiting.push(resolve));
  const script = flinkScript(graph);
  const job = new FlinkJob({ rest, jobId: 'j', graph, script, savepointFolder: '/sp', delay, now: () => 5000 }, (event) => events.push(event)); // prettier-ignore
  await job.start();
  onTestFinished(() => job.detach());
  if (!isSlow) await expect.poll(() => waiting.length, { interval: 1 }).toBe(1);
  /** A second passes, and what it brings is told. */
  const second = async (): Promise<void> => {
    waiting.shift()?.();
    await Promise.race([job.ended, expect.poll(() => waiting.length, { interval: 1 }).toBe(1)]);
  };
  const states = (): readonly string[] => events.flatMap((event) => (event.type === 'state' ? [event.state] : []));
  const logs = (): readonly string[] => events.flatMap((event) => (event.type === 'log' ? [event.record.message] : []));
  return { cluster, events, job, second, states, logs };
}

describe('FlinkJob', () => {
  it('tells each change of state once, counts restarts, and ends with the reason of a failure', async () => {
    const { cluster, events, job, second, states, logs } = await follow();
    await second();
    cluster.failures = [{ timestamp: 1, stacktrace: 'java.io.IOException: no space\n\tat a.b(C.java:1)', taskName: 'Calc[2]' }]; // prettier-ignore
    for (cluster.state of ['RESTARTING', 'RUNNING', 'FAILED']) await second();
    await job.ended;
    expect(states()).toEqual(['RUNNING', 'RESTARTING', 'RUNNING', 'FAILED']);
    expect(events.findLast(({ type }) => type === 'state')).toMatchObject({
      attempt: 2,
      error: { code: 'MR2001', message: 'Flink: no space' },
    });
    expect(logs()).toEqual(['Flink: no space (Calc[2])']);
  });

  it('tells metrics of nodes, and every checkpoint once', async () => {
    const { events, second } = await follow();
    await second();
    const metrics = events.find((event) => event.type === 'metrics')!.metrics;
    expect(metrics.operators.find(({ nodeId }) => nodeId === 'clicks')?.subtasks).toMatchObject([
      {
        numRecordsOut: { out: 42 },
        numRecordsOutPerSecond: { out: 7.5 },
        busyTimeMsPerSecond: 0,
        backPressuredTimeMsPerSecond: 250,
        currentOutputWatermark: 1_700_000_000_000,
      },
    ]);
    const checkpoints = events.filter((event) => event.type === 'checkpoint');
    expect(checkpoints.map(({ checkpoint }) => checkpoint)).toMatchObject([
      {
        id: 3,
        kind: 'checkpoint',
        status: 'completed',
        durationMs: 20,
        path: 'file:/c/chk-3',
        details: [{ nodeId: 'clicks', startDelayMs: 0, syncMs: 2, asyncMs: 4 }],
      },
    ]);
    expect(events.filter((event) => event.type === 'restored')).toMatchObject([{ restore: { id: 2, kind: 'savepoint', path: 'file:/sp' } }]); // prettier-ignore
  });

  it('tells the state without waiting for metrics', async () => {
    const { events, states } = await follow({ isSlow: true });
    await expect.poll(states, { interval: 1 }).toEqual(['RUNNING']);
    expect(events.some(({ type }) => type === 'metrics')).toBe(false);
  });

  it('leaves the job running when it is detached from', async () => {
    const { cluster, events, job, second } = await follow();
    job.detach();
    await job.ended;
    const told = events.length;
    await second();
    expect(events).toHaveLength(told);
    expect(cluster.requests.filter((request) => !request.startsWith('GET'))).toEqual([]);
  });

  it('says once that the cluster does not answer, and goes on when it does', async () => {
    const { cluster, second, states, logs } = await follow();
    cluster.isReachable = false;
    await second();
    await second();
    cluster.isReachable = true;
    cluster.state = 'FINISHED';
    await second();
    expect(logs()).toEqual([
      'Flink at http://flink:8081 does not answer. It is asked again every second.',
      'Flink answers again.',
    ]);
    expect(states()).toEqual(['RUNNING', 'FINISHED']);
  });

  it('is stopped, not finished, once its savepoint is there', async () => {
    const { job, second, states } = await follow();
    expect(await job.stop({ savepoint: '/ours' })).toBe('file:/sp/1');
    await second();
    await job.ended;
    expect(states()).toEqual(['RUNNING', 'STOPPED']);
  });
});
