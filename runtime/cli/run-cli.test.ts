import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeId } from '../core/ids.ts';
import type { JobEvent, JobMetrics } from '../protocol/job.ts';
import { subtaskMetrics } from '../testing/subtask-metrics.ts';
import { fakeIo, fakeServices, withFolder, type FakeServices } from './fake-io.ts';
import { runCli } from './run-cli.ts';

const generator = {
  id: 'numbers',
  type: 'source.generator',
  config: { rows: 10, fields: [{ name: 'a', type: 'BIGINT', expr: 'n' }] },
};
const good = JSON.stringify({
  format: 'millrace/pipeline',
  version: 1,
  name: 'good',
  settings: { params: { limit: 5 } },
  nodes: [
    generator,
    { id: 'some', type: 'filter', config: { condition: 'a < ${limit}' } },
    { id: 'out', type: 'sink.print', config: {} },
  ],
  edges: [
    { from: 'numbers', to: 'some' },
    { from: 'some', to: 'out' },
  ],
});
const bad = good.replace('a < ${limit}', 'b < ${limit}');
const files = { 'good.pipeline.json': good, 'bad.pipeline.json': bad, 'broken.json': '{' };

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function millrace(line: string, cwd: string, services: FakeServices = fakeServices([], null)): Promise<Outcome> {
  const io = fakeIo({ cwd });
  const code = await runCli(line.split(' '), io, services);
  return { code, out: io.out(), err: io.err() };
}

const inFolder = (test: (folder: string) => Promise<void>) => () => withFolder(files, test);

describe('millrace', () => {
  it(
    'gives help on standard output, and complains about usage with 2',
    inFolder(async (cwd) => {
      const help = await millrace('--help', cwd);
      expect([help.code, help.err]).toEqual([0, '']);
      for (const verb of ['validate', 'run', 'inspect', 'explain', 'serve']) expect(help.out).toContain(verb);
      expect((await millrace('--version', cwd)).code).toBe(0);
      for (const line of [
        'nonsense',
        'validate',
        'run good.pipeline.json --parallelism 0',
        'run good.pipeline.json --param x',
        'run a b',
        'serve --port x',
        'run good.pipeline.json --state-dir hdfs://namenode:8020/state',
        'inspect webhdfs://namenode:port/state',
      ]) {
        const { code, out, err } = await millrace(line, cwd);
        expect([line, code, out]).toEqual([line, 2, '']);
        expect(err).toContain('error: ');
      }
    }),
  );
});

describe('validate', () => {
  it(
    'is silent on standard output, and says 0 when all is well',
    inFolder(async (cwd) => {
      expect(await millrace('validate good.pipeline.json', cwd)).toEqual({
        code: 0,
        out: '',
        err: '0 errors, 0 warnings in 1 file\n',
      });
    }),
  );

  it(
    'prints a diagnostic a line',
    inFolder(async (cwd) => {
      const { code, err } = await millrace('validate bad.pipeline.json broken.json missing.json', cwd);
      expect(code).toBe(1);
      const lines = err.trimEnd().split('\n');
      expect(lines[0]).toMatch(/^bad\.pipeline\.json:some\.condition: error MR1302: /);
      expect(lines[1]).toBe(
        'broken.json: error MR1001: line 1, column 2: expected a key in double quotes, found the end of the text',
      );
      expect(lines[2]).toMatch(/^missing\.json: error MR1005: /);
      expect(lines[3]).toBe('3 errors, 0 warnings in 3 files');
    }),
  );

  it(
    'gives JSON lines on request',
    inFolder(async (cwd) => {
      const { code, out, err } = await millrace('validate --json bad.pipeline.json', cwd);
      expect([code, err]).toEqual([1, '']);
      expect(JSON.parse(out)).toMatchObject({
        file: 'bad.pipeline.json',
        code: 'MR1302',
        nodeId: 'some',
        path: 'condition',
        range: { start: 0, end: 1 },
      });
    }),
  );
});

describe('explain', () => {
  it(
    'prints the plan',
    inFolder(async (cwd) => {
      const { code, out, err } = await millrace('explain good.pipeline.json --parallelism 2', cwd);
      expect([code, err]).toEqual([0, '']);
      expect(out).toContain('chain numbers × 2');
      expect((await millrace('explain bad.pipeline.json', cwd)).code).toBe(3);
    }),
  );
});

const finished: JobEvent = { type: 'state', state: 'FINISHED', at: 0, error: null, attempt: 1 };

describe('run', () => {
  it(
    'starts the plan with what the options say',
    inFolder(async (cwd) => {
      const services = fakeServices([finished], { state: 'FINISHED', error: null });
      const line = 'run good.pipeline.json --param limit=7 --parallelism 3 --state-dir state --resume';
      const { code, out } = await millrace(line, cwd, services);
      expect([code, out]).toEqual([0, '']);
      expect(services.started).toMatchObject([
        {
          plan: {
            baseFolder: cwd,
            settings: { parallelism: 3 },
            operators: [{}, { config: { condition: 'a < 7' } }, {}],
          },
          options: {
            stateFolder: path.join(cwd, 'state'),
            resume: true,
            printTo: 'stdout',
            workerFile: '/dist/engine/worker.cjs',
          },
        },
      ]);
    }),
  );

  it(
    'previews: sinks print what they would write, and no checkpoint is kept',
    inFolder(async (cwd) => {
      const services = fakeServices([finished], { state: 'FINISHED', error: null });
      const out = { id: 'out', type: 'sink.file', config: { path: 'out.csv', format: 'csv' } };
      const document = JSON.parse(good) as { nodes: object[] };
      writeFileSync(
        path.join(cwd, 'writes.json'),
        JSON.stringify({ ...document, nodes: [...document.nodes.slice(0, 2), out] }),
      );
      expect((await millrace('run writes.json --preview', cwd, services)).code).toBe(0);
      expect(services.started[0]).toMatchObject({
        plan: { operators: [{}, {}, { type: 'sink.print', config: { label: 'out' } }] },
        options: { stateFolder: null },
      });
      expect(await millrace('run writes.json --preview --resume', cwd, services)).toMatchObject({ code: 2 });
    }),
  );

  it(
    'keeps checkpoints beside the document',
    inFolder(async (cwd) => {
      const services = fakeServices([], { state: 'FINISHED', error: null });
      await millrace('run good.pipeline.json', cwd, services);
      expect(services.started[0]?.options).toMatchObject({
        stateFolder: path.join(cwd, '.millrace/good'),
        resume: false,
      });
      expect(existsSync(path.join(cwd, '.millrace'))).toBe(false);
    }),
  );

  it(
    'keeps them where the settings say, or before that --state-dir: in a folder or in an HDFS',
    inFolder(async (cwd) => {
      const placed = (checkpoint: object): string =>
        JSON.stringify({ ...(JSON.parse(good) as object), settings: { params: { limit: 5 }, checkpoint } });
      mkdirSync(path.join(cwd, 'sub'));
      writeFileSync(path.join(cwd, 'sub/folder.json'), placed({ path: 'kept' }));
      writeFileSync(path.join(cwd, 'sub/hdfs.json'), placed({ storage: 'webhdfs', path: 'webhdfs://nn:1/a' }));
      const services = fakeServices([], { state: 'FINISHED', error: null });
      for (const line of [
        'sub/folder.json',
        'sub/hdfs.json',
        'sub/hdfs.json --state-dir webhdfs://nn:1/b?user.name=me',
      ])
        await millrace(`run ${line}`, cwd, services);
      expect(services.started.map((one) => one.options.stateFolder)).toEqual([
        path.join(cwd, 'sub/kept'),
        'webhdfs://nn:1/a',
        'webhdfs://nn:1/b?user.name=me',
      ]);
    }),
  );

  it(
    'refuses an invalid document with 3',
    inFolder(async (cwd) => {
      const services = fakeServices([], null);
      const { code, err } = await millrace('run bad.pipeline.json', cwd, services);
      expect([code, services.started]).toEqual([3, []]);
      expect(err).toContain('MR1302');
    }),
  );

  it(
    'says why a job failed, and what to do',
    inFolder(async (cwd) => {
      const error = {
        name: 'StreamError',
        code: 'MR2203' as const,
        message: 'There is no completed checkpoint.',
        remedy: 'Run without --resume.',
        nodeId: nodeId('out'),
        isRetryable: false,
        stack: null,
      };
      const { code, err } = await millrace('run good.pipeline.json', cwd, fakeServices([], { state: 'FAILED', error }));
      expect(code).toBe(1);
      expect(err).toBe(
        'error MR2203: There is no completed checkpoint. (node out)\n  Run without --resume.\n' + 'FAILED in 0.0 s\n',
      );
    }),
  );

  it(
    'gives one event a line with --json',
    inFolder(async (cwd) => {
      const services = fakeServices([finished], { state: 'FINISHED', error: null });
      const { out } = await millrace('run good.pipeline.json --json', cwd, services);
      expect(
        out
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as unknown),
      ).toEqual([finished]);
      expect(services.started[0]?.options.printTo).toBe('events');
    }),
  );

  it(
    'stops at the first interrupt and quits at the second',
    inFolder(async (cwd) => {
      const io = fakeIo({ cwd });
      let interrupts = 0;
      const services = fakeServices([], null);
      const exitCode = runCli(['run', 'good.pipeline.json'], io, {
        ...services,
        createJob: (...args) => {
          const job = services.createJob(...args);
          return {
            ...job,
            start: async () => {
              await job.start();
              queueMicrotask(() => {
                for (; interrupts < 2; interrupts++) io.interrupt();
              });
            },
          };
        },
      });
      expect(await exitCode).toBe(0);
      expect(io.exits).toEqual([130]);
      expect(io.err()).toContain('stopping with a final checkpoint');
      io.interrupt();
      expect(io.exits).toEqual([130]);
    }),
  );

  it(
    'starts from a savepoint, and takes more where it is told to',
    inFolder(async (cwd) => {
      const io = fakeIo({ cwd });
      const services = fakeServices([], null);
      const from = ['--from-savepoint', 'kept/savepoint-a', '--allow-non-restored-state'];
      const exitCode = runCli(['run', 'good.pipeline.json', ...from, '--savepoint-dir', 'kept'], io, {
        ...services,
        createJob: (...args) => {
          const job = services.createJob(...args);
          return {
            ...job,
            start: async () => {
              await job.start();
              io.signalSavepoint();
              await Promise.resolve();
              io.interrupt();
            },
          };
        },
      });
      expect(await exitCode).toBe(0);
      expect(services.started[0]!.options).toMatchObject({
        fromSavepoint: path.join(cwd, 'kept/savepoint-a'),
        allowNonRestoredState: true,
      });
      expect(io.err()).toContain('stopping with a savepoint');
      expect(io.err()).toContain(`savepoint in ${path.join(cwd, 'kept')}/one\n`);
      expect(io.err()).toContain(`savepoint in ${path.join(cwd, 'kept')}/last\n`);
    }),
  );

  it(
    'does not take both a savepoint and the newest checkpoint',
    inFolder(async (cwd) => {
      const { code, err } = await millrace('run good.pipeline.json --resume --from-savepoint a', cwd);
      expect([code, err]).toEqual([2, expect.stringContaining("'--from-savepoint <dir>' cannot be used with")]);
    }),
  );

  it(
    'draws progress on a terminal around what is printed',
    inFolder(async (cwd) => {
      const io = fakeIo({ cwd, isTerminal: true });
      const services = fakeServices(
        [
          { type: 'state', state: 'RUNNING', at: 0, error: null, attempt: 1 },
          { type: 'metrics', metrics },
          { type: 'print', nodeId: nodeId('out'), text: 'a=1\n' },
          { type: 'log', record: { at: 0, level: 'warn', message: 'slow', nodeId: nodeId('out'), subtask: 0 } },
          finished,
        ],
        { state: 'FINISHED', error: null },
      );
      expect(await runCli(['run', 'good.pipeline.json'], io, services)).toBe(0);
      expect(io.out()).toBe('a=1\n');
      const clear = '\r\u001b[K';
      const line = 'RUNNING 0.0 s · in 1,200 rows/s · out 30 rows/s · watermark 5.0 s behind · no checkpoint yet';
      expect(io.err()).toBe(
        [
          `${clear}RUNNING 0.0 s · in 0 rows/s · out 0 rows/s · watermark none · no checkpoint yet`,
          `${clear}${line}${clear}${clear}${line}`,
          `${clear}warning: slow (node out)\n${clear}${line}`,
          `${clear}FINISHED in 0.0 s: 5,000 rows in, 70 rows out, 0 checkpoints, latency 1.5 ms (p99 13 ms)\n`,
        ].join(''),
      );
    }),
  );
});

describe('serve', () => {
  it(
    'starts the web host',
    inFolder(async (cwd) => {
      const services = fakeServices([], null);
      expect((await millrace('serve --port 8080 --workspace sub --no-open', cwd, services)).code).toBe(0);
      await millrace('serve', cwd, services);
      expect(services.served).toEqual([
        { port: 8080, workspace: path.join(cwd, 'sub'), open: false },
        { port: 0, open: true },
      ]);
    }),
  );
});

const metrics: JobMetrics = {
  at: 100_000,
  operators: [
    {
      nodeId: nodeId('numbers'),
      subtasks: [subtaskMetrics({ numRecordsOut: { out: 5000 }, numRecordsOutPerSecond: { out: 1200 } })],
    },
    {
      nodeId: nodeId('out'),
      subtasks: [
        subtaskMetrics({
          numRecordsIn: 70,
          numRecordsInPerSecond: 30,
          currentInputWatermark: 95_000,
          latency: { count: 9, p50: 1.53, p95: 8, p99: 12.8 },
        }),
      ],
    },
  ],
  links: [],
  memoryBytes: 0,
  managedMemory: { usedBytes: 0, budgetBytes: 1 },
};
