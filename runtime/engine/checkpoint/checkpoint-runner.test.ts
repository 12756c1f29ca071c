import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PhysicalPlan } from '../../compiler/physical-plan.ts';
import { StreamError } from '../../core/errors.ts';
import { nodeId } from '../../core/ids.ts';
import { settingsSchema } from '../../graph/settings.ts';
import { toErrorReport } from '../../protocol/error-report.ts';
import type { CheckpointReport, CheckpointStatus, ErrorReport } from '../../protocol/job.ts';
import type { Cancel, SystemTimers } from '../job/system-timers.ts';
import type { ToWorker } from '../worker/worker-protocol.ts';
import { CheckpointFolder } from './checkpoint-folder.ts';
import { CheckpointRunner } from './checkpoint-runner.ts';
import { CheckpointStorage } from './storage.ts';

const SOURCE = nodeId('source');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-runner-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Time that only `elapse` moves. */
class ManualTimers implements SystemTimers {
  now = 0;
  #timers: { at: number; action: () => void }[] = [];

  after(ms: number, action: () => void): Cancel {
    const timer = { at: this.now + ms, action };
    this.#timers.push(timer);
    return () => (this.#timers = this.#timers.filter((one) => one !== timer));
  }

  every(): Cancel {
    throw new Error('not used');
  }

  elapse(ms: number): void {
    const until = this.now + ms;
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((one) => one !== next);
      this.now = next.at;
      next.action();
    }
    this.now = until;
  }
}

type Trigger = Extract<ToWorker, { type: 'trigger' }>;

/** The checkpoints of a job of one task. */
function jobWith(checkpoint: object) {
  const plan = {
    name: 'Clicks & sessions',
    settings: settingsSchema.parse({ checkpoint: { intervalMs: 100, timeoutMs: 1000, ...checkpoint } }),
    baseFolder: folder,
    operators: [
      {
        nodeId: SOURCE,
        type: 'source.file',
        label: '',
        config: {},
        inputs: [],
        outputs: {},
        assignsWatermarks: false,
        watermarkAlignment: null,
      },
    ],
    links: [],
    composites: [],
    chains: [{ id: SOURCE, operators: [SOURCE], parallelism: 1 }],
  } satisfies PhysicalPlan;
  const timers = new ManualTimers();
  const sent: ToWorker[] = [];
  const failures: ErrorReport[] = [];
  const reports: CheckpointReport[] = [];
  let waiting: { fits: (report: CheckpointReport) => boolean; resolve: () => void }[] = [];
  const storage = new CheckpointStorage(path.join(folder, 'state'));
  const runner = new CheckpointRunner(
    { plan, storage, lastId: 0, sparedId: null, timers, now: () => timers.now },
    {
      send: (message) => void sent.push(message),
      onReport: (report) => {
        reports.push(report);
        const ready = waiting.filter(({ fits }) => fits(report));
        waiting = waiting.filter((one) => !ready.includes(one));
        for (const { resolve } of ready) resolve();
      },
      log: () => undefined,
      onFailure: (error) => void failures.push(error),
    },
  );
  const reported = (id: number, status: CheckpointStatus): Promise<void> =>
    new Promise((resolve) => waiting.push({ fits: (report) => report.id === id && report.status === status, resolve }));
  return {
    runner,
    timers,
    sent,
    failures,
    reports,
    storage,
    triggers: () => sent.filter((message): message is Trigger => message.type === 'trigger'),
    /** The task writes and acknowledges; settles when the checkpoint is complete. */
    async acknowledge(id: number): Promise<void> {
      const { location } = sent.findLast((message): message is Trigger => message.type === 'trigger')!;
      const file = await new CheckpointFolder(location).writeTaskFile(SOURCE, 0, new Uint8Array(10));
      const completed = reported(id, 'completed');
      runner.acknowledge(id, detail, file);
      await completed;
    },
    decline: (id: number) => runner.decline(id, toErrorReport(new StreamError('MR2201', 'It is full.'))),
  };
}

const detail = {
  nodeId: SOURCE,
  subtask: 0,
  startDelayMs: 0,
  alignmentMs: 0,
  syncMs: 0,
  asyncMs: 0,
  sizeBytes: 10,
  stateBytes: 30,
  processedBytes: 0,
  persistedBytes: 0,
  isUnaligned: false,
};

describe('checkpoints', () => {
  it('come at their interval, and wait for the pause after the last one, however it ended', async () => {
    const { runner, timers, triggers, acknowledge, decline } = jobWith({ minPauseMs: 80 });
    runner.start();
    timers.elapse(99);
    expect(triggers()).toEqual([]);
    timers.elapse(1);
    expect(triggers()).toHaveLength(1);
    timers.elapse(50);
    await acknowledge(1);
    timers.elapse(79);
    expect(triggers()).toHaveLength(1);
    timers.elapse(1);
    expect(triggers().map((trigger) => trigger.triggeredAt)).toEqual([100, 230]);
    decline(2);
    timers.elapse(99);
    expect(triggers()).toHaveLength(2);
    timers.elapse(1);
    expect(triggers()).toHaveLength(3);
    timers.elapse(500);
    expect(triggers()).toHaveLength(3);
  });

  it('do not come without an interval, or when the attempt is over', () => {
    const none = jobWith({ intervalMs: 0 });
    none.runner.start();
    none.timers.elapse(1e6);
    expect(none.triggers()).toEqual([]);
    const over = jobWith({});
    over.runner.start();
    over.timers.elapse(100);
    over.runner.end('The job ended.');
    over.timers.elapse(1e6);
    expect(over.reports.map(({ id, status, failure }) => [id, status, failure])).toEqual([
      [1, 'running', null],
      [1, 'failed', 'The job ended.'],
    ]);
  });

  it('fail the job past what is tolerated in a row, naming the last cause', async () => {
    const { runner, timers, failures, reports, acknowledge, decline } = jobWith({ tolerableFailures: 1 });
    runner.start();
    timers.elapse(100);
    decline(1);
    timers.elapse(100);
    await acknowledge(2);
    timers.elapse(100);
    timers.elapse(1000);
    expect(reports.at(-1)).toMatchObject({ id: 4, status: 'running' });
    expect(failures).toEqual([]);
    decline(4);
    expect(failures).toMatchObject([
      {
        code: 'MR2207',
        message: '2 checkpoints failed in a row, the last one because: It is full.',
        isRetryable: true,
      },
    ]);
    expect(reports.find(({ id, status }) => id === 3 && status !== 'running')).toMatchObject({ status: 'expired' });
  });

  it('tell workers from when barriers may overtake', async () => {
    const unalignedAt = async (checkpoint: object): Promise<number[]> => {
      const { runner, timers, triggers, acknowledge } = jobWith(checkpoint);
      runner.start();
      timers.elapse(100);
      await acknowledge(1);
      void runner.takeSavepoint(folder).catch(() => undefined);
      await acknowledge(2);
      runner.takeFinal(null);
      return triggers().map((trigger) => trigger.unalignedAt);
    };
    expect(await unalignedAt({ alignment: 'unaligned', alignedTimeoutMs: 30 })).toEqual([130, Infinity, Infinity]);
    expect(await unalignedAt({})).toEqual([Infinity, Infinity, Infinity]);
    expect(await unalignedAt({ alignment: 'unaligned', mode: 'at-least-once' })).toEqual([
      Infinity,
      Infinity,
      Infinity,
    ]);
  });

  it('report their sizes and kind', async () => {
    const { runner, timers, reports, acknowledge, storage } = jobWith({});
    runner.start();
    timers.elapse(100);
    await acknowledge(1);
    const expected = { id: 1, kind: 'checkpoint', sizeBytes: 10, stateBytes: 30, path: storage.locationOf(1) };
    expect(reports.at(-1)).toMatchObject(expected);
    expect(await storage.folder(1).manifest()).toMatchObject({
      kind: 'checkpoint',
      tasks: [{ bytes: 10, stateBytes: 30 }],
      operators: { source: { type: 'source.file', parallelism: 1 } },
    });
  });
});

describe('a savepoint', () => {
  it('waits for the checkpoint under way, has a folder of its own, and commits nothing', async () => {
    const { runner, timers, sent, triggers, acknowledge } = jobWith({ retain: 1 });
    runner.start();
    timers.elapse(100);
    const parent = path.join(folder, 'saved');
    const saved = runner.takeSavepoint(parent);
    expect(triggers()).toHaveLength(1);
    await acknowledge(1);
    expect(triggers().map(({ kind }) => kind)).toEqual(['checkpoint', 'savepoint']);
    await acknowledge(2);
    const location = await saved;
    expect(path.dirname(location)).toBe(parent);
    expect(path.basename(location)).toMatch(/^savepoint-clicks-sessions-19700101-000000-[0-9a-f]{6}$/);
    expect(await new CheckpointFolder(location).manifest()).toMatchObject({ id: 2, kind: 'savepoint' });
    expect(sent.filter(({ type }) => type === 'complete')).toEqual([{ type: 'complete', checkpointId: 1 }]);
    for (const id of [3, 4]) {
      timers.elapse(100);
      await acknowledge(id);
    }
    expect(existsSync(path.join(location, '_metadata'))).toBe(true);
  });

  it('that fails says why; the job goes on, and nothing of it stays', async () => {
    const { runner, timers, failures, triggers, decline } = jobWith({ tolerableFailures: 0 });
    runner.start();
    const saved = runner.takeSavepoint(folder);
    decline(1);
    await expect(saved).rejects.toMatchObject({
      code: 'MR2208',
      message: 'The savepoint was not taken: It is full.',
    });
    expect(failures).toEqual([]);
    timers.elapse(100);
    expect(triggers().map(({ kind }) => kind)).toEqual(['savepoint', 'checkpoint']);
    const waiting = runner.takeSavepoint(folder);
    runner.end('The job failed: planted.');
    await expect(waiting).rejects.toMatchObject({ message: 'The savepoint was not taken: The job failed: planted.' });
    await expect(runner.takeSavepoint(folder)).rejects.toMatchObject({ code: 'MR2208' });
  });

  it('under way is completed before the final checkpoint', async () => {
    const { runner, triggers, acknowledge } = jobWith({});
    runner.start();
    const saved = runner.takeSavepoint(folder);
    runner.takeFinal(null);
    expect(triggers()).toHaveLength(1);
    await acknowledge(1);
    await saved;
    expect(triggers().map(({ kind, isFinal }) => [kind, isFinal])).toEqual([
      ['savepoint', false],
      ['checkpoint', true],
    ]);
  });
});

describe('the final checkpoint', () => {
  it('overtakes a periodic one', async () => {
    const { runner, timers, sent, reports, acknowledge } = jobWith({});
    runner.start();
    timers.elapse(100);
    runner.takeFinal(null);
    expect(reports.map(({ id, status }) => [id, status])).toEqual([
      [1, 'running'],
      [1, 'failed'],
      [2, 'running'],
    ]);
    await acknowledge(2);
    expect(runner.completedFinal).toBe(2);
    expect(sent.at(-1)).toEqual({ type: 'complete', checkpointId: 2 });
    timers.elapse(1e6);
    expect(reports).toHaveLength(4);
  });

  it('may be a savepoint, and is a checkpoint when that fails', async () => {
    const { runner, sent, acknowledge, decline } = jobWith({});
    runner.start();
    const saved = new Promise((resolve, reject) => runner.takeFinal({ parent: folder, resolve, reject }));
    decline(1);
    await expect(saved).rejects.toMatchObject({ code: 'MR2208' });
    expect(sent.at(-1)).toMatchObject({ checkpointId: 2, kind: 'checkpoint', isFinal: true });
    await acknowledge(2);
    expect(runner.completedFinal).toBe(2);
  });

  it('fails the job when it cannot be written', () => {
    const { runner, failures, decline } = jobWith({});
    writeFileSync(path.join(folder, 'state'), 'no folder');
    runner.start();
    runner.takeFinal(null);
    decline(1);
    expect(failures).toMatchObject([
      { code: 'MR2201', message: 'The final checkpoint was not completed: It is full.' },
    ]);
  });
});
