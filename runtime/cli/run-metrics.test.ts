/** Metrics of jobs in real workers, as the command line gives them away. */
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { JobEvent } from '../protocol/job.ts';
import { PROMETHEUS_CONTENT_TYPE } from '../protocol/prometheus.ts';
import { fakeIo, fakeServices, withFolder, type FakeIo } from './fake-io.ts';
import { runCli } from './run-cli.ts';
import { bundledServices } from './services.ts';

const services = bundledServices(path.resolve(import.meta.dirname, '../../dist/cli'));

/** Rows a second apart, counted per minute. */
const document = JSON.stringify({
  format: 'millrace/pipeline',
  version: 1,
  name: 'Per "minute"',
  settings: { parallelism: 2, checkpoint: { intervalMs: 50 }, params: { rows: 1000, speed: 1_000_000 } },
  nodes: [
    {
      id: 'numbers',
      type: 'source.generator',
      label: 'Numbers',
      config: {
        rows: '${rows}',
        rowsPerSecond: '${speed}',
        fields: [
          { name: 'k', type: 'BIGINT', expr: 'n % 7' },
          {
            name: 'ts',
            type: 'TIMESTAMP',
            expr: "TIMESTAMPADD(SECOND, CAST(n AS INT), TIMESTAMP '2026-01-01 00:00:00')",
          },
        ],
        eventTime: { field: 'ts' },
      },
    },
    {
      id: 'count',
      type: 'aggregate.window',
      config: {
        groupBy: ['k'],
        window: { type: 'tumbling', size: '1 minute' },
        aggregates: [{ as: 'rows', fn: 'COUNT', expr: '*' }],
        allowedLateness: '0 seconds',
      },
    },
    { id: 'out', type: 'sink.file', config: { path: 'out', format: 'jsonl' } },
  ],
  edges: [
    { from: 'numbers', to: 'count' },
    { from: 'count', to: 'out' },
  ],
});

const inFolder = (test: (folder: string) => Promise<void>) => () =>
  withFolder({ 'minutes.pipeline.json': document }, test);

function run(io: FakeIo, options: string): Promise<number> {
  return runCli(['run', 'minutes.pipeline.json', ...options.split(' ')], io, services);
}

/** Of a sample, by what its labels contain. */
function valueOf(text: string, name: string, label = ''): number | undefined {
  const line = text.split('\n').find((one) => one.startsWith(`millrace_${name}{`) && one.includes(label));
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ')));
}

describe('run --metrics-port', () => {
  it(
    'answers scrapes while the job runs',
    inFolder(async (cwd) => {
      const io = fakeIo({ cwd });
      const exitCode = run(io, '--param rows=1000000000 --param speed=5000 --metrics-port 0');
      const url = await vi.waitFor(() => /^metrics at (\S+)$/m.exec(io.err())![1]!);
      const scrape = async () => (await fetch(url)).text();
      const text = await vi.waitFor(
        async () => {
          const latest = await scrape();
          expect(valueOf(latest, 'numberOfCompletedCheckpoints')).toBeGreaterThan(0);
          expect(valueOf(latest, 'currentInputWatermark', 'operator_id="count"')).toBeGreaterThan(Date.UTC(2026));
          return latest;
        },
        { timeout: 20_000, interval: 50 },
      );
      expect(valueOf(text, 'runningState', 'job_name="Per \\"minute\\""')).toBe(1);
      expect(valueOf(text, 'numRestarts')).toBe(0);
      expect(valueOf(text, 'lastCheckpointSize')).toBeGreaterThan(0);
      expect(valueOf(text, 'lastCheckpointDuration')).toBeGreaterThan(0);
      for (const subtask of [0, 1]) {
        const labels = `operator_id="numbers",operator_name="Numbers",subtask_index="${subtask}",port="out"`;
        expect(valueOf(text, 'numRecordsOut', labels)).toBeGreaterThan(0);
      }
      const answer = await fetch(url, { method: 'HEAD' });
      expect(answer.headers.get('content-type')).toBe(PROMETHEUS_CONTENT_TYPE);
      expect((await fetch(new URL('/', url))).status).toBe(404);
      expect((await fetch(url, { method: 'POST' })).status).toBe(405);
      expect(await statusWithHost(url, 'evil.example')).toBe(403);
      io.interrupt();
      expect(await exitCode).toBe(0);
      await expect(fetch(url)).rejects.toThrow();
    }),
  );

  it(
    'refuses a port that is taken with 2, before the job starts',
    inFolder(async (cwd) => {
      const other = createServer();
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
      onTestFinished(() => void other.close());
      const { port } = other.address() as AddressInfo;
      const io = fakeIo({ cwd });
      const fake = fakeServices([], { state: 'FINISHED', error: null });
      expect(await runCli(['run', 'minutes.pipeline.json', '--metrics-port', String(port)], io, fake)).toBe(2);
      expect(io.err()).toContain(`error: --metrics-port ${port} cannot be opened: it is in use.`);
      expect(fake.started).toEqual([]);
    }),
  );
});

describe('run --json', () => {
  it(
    'gives all metrics of every operator, subtask and link',
    inFolder(async (cwd) => {
      const io = fakeIo({ cwd });
      expect(await run(io, '--json')).toBe(0);
      const events = io
        .out()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as JobEvent);
      const last = events.findLast((event) => event.type === 'metrics');
      const number = expect.any(Number) as number;
      const share = expect.toSatisfy((load: number) => load >= 0 && load <= 1) as number;
      const subtask = (index: number, ports: readonly string[]) => ({
        subtask: index,
        numRecordsIn: number,
        numRecordsOut: Object.fromEntries(ports.map((port) => [port, number])),
        numRecordsInPerSecond: number,
        numRecordsOutPerSecond: Object.fromEntries(ports.map((port) => [port, number])),
        numLateRecordsDropped: number,
        busyTimeMsPerSecond: number,
        idleTimeMsPerSecond: number,
        backPressuredTimeMsPerSecond: number,
        waitingTimeMsPerSecond: number,
        currentInputWatermark: expect.toBeOneOf(['end', null]) as unknown,
        currentOutputWatermark: 'end',
        isIdle: expect.any(Boolean) as boolean,
        stateSize: number,
        stateEntries: number,
        latency: ports.length > 0 ? null : { count: number, p50: number, p95: number, p99: number },
        watermarkAlignmentDrift: null,
      });
      const operator = (nodeId: string, ports: readonly string[]) => ({
        nodeId,
        subtasks: [subtask(0, ports), subtask(1, ports)],
      });
      const link = { fromPort: 'out', toPort: 'in', queueUsage: number };
      expect(last).toEqual({
        type: 'metrics',
        metrics: {
          at: number,
          memoryBytes: number,
          threadLoads: [share, share],
          managedMemory: { usedBytes: number, budgetBytes: 2 ** 31 },
          operators: [operator('numbers', ['out']), operator('count', ['out', 'late']), operator('out', [])],
          links: [
            { ...link, from: 'numbers', to: 'count', exchange: 'hash' },
            { ...link, from: 'count', to: 'out', exchange: expect.any(String) as string },
          ],
        },
      });
      const rowsOut =
        last?.type === 'metrics' ? last.metrics.operators[0]!.subtasks.map((s) => s.numRecordsOut['out']!) : [];
      expect(rowsOut.reduce((sum, rows) => sum + rows, 0)).toBe(1000);
    }),
  );
});

/** `fetch` sets the header itself. */
function statusWithHost(url: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    httpRequest(url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    })
      .on('error', reject)
      .end();
  });
}
