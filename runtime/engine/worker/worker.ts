/** Entry of a worker thread: builds its tasks, runs them, and talks to the job manager. */
import { randomInt } from 'node:crypto';
import { writeSync } from 'node:fs';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { Mend } from '../../core/dead-letters.ts';
import { assert, StreamError } from '../../core/errors.ts';
import type { NodeId } from '../../core/ids.ts';
import { encodeBatch } from '../../core/wire-batch.ts';
import { toErrorReport } from '../../protocol/error-report.ts';
import type { Watch } from '../../protocol/job.ts';
import { spillAfterBytes } from '../batch/blocking-input.ts';
import { restoreChannels } from '../network/channel-restore.ts';
import type { ChannelSnapshot } from '../network/channel-state.ts';
import { LocalChannel, type ChannelReceiver, type ChannelSender } from '../network/channel.ts';
import { AwaitedLocations } from '../checkpoint/awaited-locations.ts';
import { CheckpointFolder, readCheckpoint } from '../checkpoint/checkpoint-folder.ts';
import { unclaimedState } from '../checkpoint/savepoint-match.ts';
import type { SharedFiles } from '../checkpoint/shared-files.ts';
import { CheckpointStorage } from '../checkpoint/storage.ts';
import { createRoundRobin, type Environment } from '../task/environment.ts';
import { Heartbeat } from '../job/heartbeat.ts';
import { checkManagedMemory } from './managed-memory.ts';
import { MetricsLayout } from '../metrics/metrics-layout.ts';
import { NodeFileIo } from './node-file-io.ts';
import { NodeNetwork } from './node-network/node-network.ts';
import { seededRandom } from '../../core/random.ts';
import { say } from '../../core/say.ts';
import { RemoteReceiver, RemoteSender } from '../network/remote-channel.ts';
import { fetchDatabases, openRocksDb } from './restored-databases.ts';
import { RowTap } from '../task/row-tap.ts';
import { ViewTap } from '../task/view-tap.ts';
import type { RocksDbEnvironment } from '../state/index.ts';
import { delay, preciseNow } from '../job/system-timers.ts';
import { SnapshotWork } from './snapshot-work.ts';
import { buildTask, channelsOf, parallelismByOperator, type RestoredState, type Wiring } from '../task/task-builder.ts';
import type { OperatorNode } from '../task/operator-node.ts';
import type { Task, TaskListener, TaskSnapshot } from '../task/task.ts';
import { eventLoopTurn, ThreadedScheduler } from './threaded-scheduler.ts';
import { WakeSignals } from '../network/wake-signals.ts';
import type { EncodedSample, FromWorker, StartPoint, ToWorker, WorkerSetup } from './worker-protocol.ts';

/** Samples and slow metrics go out this often. */
const REPORT_MS = 200;
/** What is told in full each time, and so not as often: rejected rows that are kept, the hottest keys. */
const SUMMARY_MS = 1000;
/** Told of each table. */
const HOT_KEYS = 20;

class EngineWorker {
  readonly #setup: WorkerSetup;
  readonly #port: MessagePort;
  readonly #signals: WakeSignals;
  readonly #heartbeat: Heartbeat;
  /** Where checkpoints go, by id. */
  readonly #locations = new AwaitedLocations();
  #tasks: readonly Task[] = [];
  #scheduler: ThreadedScheduler | null = null;
  readonly #committed = new Map<number, number>();
  /** Snapshots on their way to storage. */
  readonly #persisting = new Map<Task, SnapshotWork>();
  #finalCheckpoint: number | null = null;
  #lastReportAt = 0;
  #lastSummaryAt = 0;
  /** Version of the dead letters that were told last. */
  readonly #toldLetters = new Map<OperatorNode, number>();
  #rocksdb: RocksDbEnvironment | null = null;
  readonly #sharedFiles: SharedFiles;
  /** Throws when the state of the job takes more memory than it is given. */
  #checkMemory: () => void = () => undefined;

  constructor(setup: WorkerSetup, port: MessagePort) {
    this.#setup = setup;
    this.#port = port;
    this.#signals = new WakeSignals(setup.signals);
    this.#heartbeat = new Heartbeat(setup.heartbeat);
    this.#sharedFiles = new CheckpointStorage(setup.stateFolder).sharedFiles();
  }

  async open(): Promise<void> {
    const { plan, index, restoreFrom } = this.#setup;
    this.#rocksdb = await openRocksDb(this.#setup);
    const { state, channels } = await this.#restored();
    const restored = await fetchDatabases(state, this.#setup, this.#rocksdb, this.#sharedFiles);
    const parallelism = parallelismByOperator(plan);
    const layout = new MetricsLayout(plan);
    const options = {
      plan,
      wiring: this.#createWiring(),
      environment: this.#createEnvironment(),
      startedAt: this.#setup.startedAt,
      spill: { folder: this.#setup.spillFolder, afterBytes: spillAfterBytes(plan) },
      rocksdb: this.#rocksdb,
      restored,
      restoredChannels: restoreChannels(channels, {
        plan,
        parallelism: (node) => parallelism.get(node)!,
        parallelismBefore: (node) => restored.get(node)?.length,
        onMismatch: restoreFrom?.onMismatch ?? 'refuse',
      }),
      onMismatch: restoreFrom?.onMismatch ?? 'refuse',
      layout,
      metrics: new Float64Array(this.#setup.metrics),
      listener: this.#listener,
    };
    this.#checkMemory = () => checkManagedMemory(plan, layout, options.metrics);
    const chains = plan.chains.filter((chain) => chain.parallelism > index);
    this.#tasks = chains.map((chain) => buildTask(options, chain, index));
    const chainOf = new Map(this.#tasks.map((task, i) => [task, plan.chains.indexOf(chains[i]!)]));
    for (const task of this.#tasks.toReversed()) {
      this.#heartbeat.enter(index, chainOf.get(task)!);
      await task.open(restoreFrom?.checkpointId ?? null);
      this.#heartbeat.beat(index);
      if (restoreFrom !== null) this.#refuseUnclaimed(task, restoreFrom);
    }
    this.#watch(this.#setup.watches);
    this.#mend(this.#setup.mends);
    this.#scheduler = new ThreadedScheduler(
      this.#tasks,
      { worker: index, signals: this.#signals, now: preciseNow, bufferTimeoutMs: plan.settings.bufferTimeoutMs },
      {
        onStep: (task) => this.#heartbeat.enter(index, chainOf.get(task)!),
        onSlice: (now) => {
          this.#heartbeat.beat(index);
          this.#report(now);
        },
        onFailure: (error) => {
          this.#discardSnapshots();
          // What was seen last helps to tell why; it must not keep the failure from being told.
          try {
            this.#sendSamples(this.#nodes, true);
          } finally {
            this.#send({ type: 'failed', error: toErrorReport(error) });
          }
        },
      },
    );
    this.#send({ type: 'opened' });
  }

  receive(message: ToWorker): void {
    switch (message.type) {
      case 'start':
        void this.#scheduler?.run();
        break;
      case 'trigger':
        this.#locations.set(message.checkpointId, message.location);
        this.#trigger(message);
        break;
      case 'complete':
        this.#sharedFiles.completed(message.checkpointId);
        for (const task of this.#tasks) task.completeCheckpoint(message.checkpointId);
        break;
      case 'watch':
        this.#watch(message.watches);
        break;
      case 'sample-keys':
        for (const node of this.#nodes) {
          node.state.sampleKeys(message.nodeIds.includes(node.nodeId));
        }
        break;
      case 'mend':
        this.#mend(message.mends);
        break;
      case 'shutdown':
        this.#shutdown();
        break;
    }
    this.#signals.wake(this.#setup.index);
  }

  #trigger({ checkpointId, isFinal, kind, triggeredAt, unalignedAt }: ToWorker & { type: 'trigger' }): void {
    if (isFinal) this.#finalCheckpoint = checkpointId;
    const barrier = { type: 'barrier', checkpointId, kind, triggeredAt, unalignedAt } as const;
    for (const task of this.#tasks) task.triggerCheckpoint(barrier, isFinal);
  }

  async #restored(): Promise<{ state: RestoredState; channels: readonly ChannelSnapshot[] }> {
    const { restoreFrom } = this.#setup;
    if (restoreFrom === null) return { state: new Map(), channels: [] };
    const { state, channels } = await readCheckpoint(restoreFrom.folder);
    for (const dropped of restoreFrom.dropped) state.delete(dropped);
    return { state, channels };
  }

  /** Restored lists and tables that no operator took. */
  #refuseUnclaimed(task: Task, { folder, onMismatch }: StartPoint): void {
    for (const node of task.nodes) {
      const names = node.state.unclaimed();
      if (names.length === 0) continue;
      if (onMismatch === 'refuse') throw node.blame(unclaimedState(folder, node.nodeId, names));
      if (node.subtask > 0) continue;
      const message = say`State is dropped: ${names.join(', ')}`;
      this.#send({
        type: 'log',
        record: { at: preciseNow(), level: 'warn', message, nodeId: node.nodeId, subtask: 0 },
      });
    }
  }

  #shutdown(): void {
    this.#scheduler?.stop();
    this.#discardSnapshots();
    try {
      for (const task of this.#tasks) task.close();
      this.#rocksdb?.close();
    } finally {
      this.#send({ type: 'closed' });
      this.#port.close();
    }
  }

  #send(message: FromWorker): void {
    this.#port.postMessage(message);
  }

  readonly #listener: TaskListener = {
    onSnapshot: (task, snapshot) => void this.#persist(task, snapshot),
    onEnded: (task) => {
      // What came since the last report would not be seen: the job may end before the next.
      this.#sendSamples(task.nodes, true);
      this.#send({ type: 'ended', nodeId: task.id, subtask: task.subtask });
    },
    onCommitted: (_task, checkpointId) => {
      const committed = (this.#committed.get(checkpointId) ?? 0) + 1;
      this.#committed.set(checkpointId, committed);
      if (committed < this.#tasks.length) return;
      this.#committed.delete(checkpointId);
      // The last word of a job, if this was its final checkpoint.
      this.#tellDeadLetters();
      if (checkpointId === this.#finalCheckpoint) this.#sendSamples(this.#nodes, true);
      this.#send({ type: 'committed', checkpointId });
    },
  };

  /** In the background, between slices of the tasks: the task goes on while its state is written. */
  async #persist(task: Task, snapshot: TaskSnapshot): Promise<void> {
    const startedAt = preciseNow();
    const work = new SnapshotWork(task, snapshot);
    const { checkpointId } = work;
    // There is never more than one that is wanted.
    this.#persisting.get(task)?.discard();
    this.#persisting.set(task, work);
    try {
      while (!work.isDiscarded && work.step()) await eventLoopTurn();
      await work.recorded();
      if (work.isDiscarded) return;
      await work.share(this.#sharedFiles);
      const { bytes, shared, detailAfter } = work.result();
      const folder = new CheckpointFolder(await this.#locations.get(checkpointId));
      const file = { ...(await folder.writeTaskFile(task.id, task.subtask, bytes)), shared: [...shared] };
      this.#send({ type: 'acknowledged', checkpointId, detail: detailAfter(preciseNow() - startedAt), file });
    } catch (error) {
      this.#send({ type: 'declined', checkpointId, error: toErrorReport(error) });
    } finally {
      work.discard();
      if (this.#persisting.get(task) === work) this.#persisting.delete(task);
    }
  }

  #discardSnapshots(): void {
    for (const work of this.#persisting.values()) work.discard();
    this.#persisting.clear();
  }

  #createWiring(): Wiring {
    const { plan, index, senders, receivers } = this.#setup;
    const schemas = plan.links.map(
      (link) => plan.operators.find((o) => o.nodeId === link.from)!.outputs[link.fromPort]!.schema,
    );
    const words = new Int32Array(this.#setup.counters);
    const key = (link: number, from: number, to: number): string => `${link}:${from}:${to}`;
    const local = new Map<string, LocalChannel>();
    for (const { link, from, to } of channelsOf(plan)) {
      if (from === index && to === index) local.set(key(link, from, to), new LocalChannel());
    }
    const remoteSenders = new Map<string, ChannelSender>();
    for (const { link, from, to, counters, port } of senders) {
      const counter = { words, offset: counters, signals: this.#signals };
      remoteSenders.set(key(link, from, to), new RemoteSender(port, counter, to));
    }
    const remoteReceivers = new Map<string, ChannelReceiver>();
    for (const { link, from, to, counters, port } of receivers) {
      const counter = { words, offset: counters, signals: this.#signals };
      remoteReceivers.set(key(link, from, to), new RemoteReceiver(port, counter, schemas[link]!, from));
    }
    return {
      sender: (link, from, to) => found(local.get(key(link, from, to)) ?? remoteSenders.get(key(link, from, to))),
      receiver: (link, from, to) => found(local.get(key(link, from, to)) ?? remoteReceivers.get(key(link, from, to))),
    };
  }

  #createEnvironment(): Environment {
    return {
      now: preciseNow,
      // Not repeatable by intent: what must be is seeded by the operator's config.
      random: seededRandom(randomInt(2 ** 31)),
      createChooser: createRoundRobin,
      files: new NodeFileIo(),
      network: new NodeNetwork(),
      print: (nodeId, text) => this.#print(nodeId, text),
      log: (nodeId, subtask, level, message) =>
        this.#send({ type: 'log', record: { at: preciseNow(), level, message, nodeId, subtask } }),
      wake: () => this.#signals.wake(this.#setup.index),
      delay,
    };
  }

  #print(nodeId: NodeId, text: string): void {
    if (this.#setup.printTo === 'stdout') writeAll(1, text, () => this.#heartbeat.beat(this.#setup.index));
    else this.#send({ type: 'print', nodeId, text });
  }

  #watch(watches: readonly Watch[]): void {
    for (const node of this.#nodes) {
      const [watched, kept] = [watches, this.#setup.keeps].map((all) => portsOf(node, all)) as [Ports, Ports];
      for (const [port, output] of node.outputs) output.tap = tapFor(output.tap, watched.has(port), kept.has(port));
      const isWatched = watched.has(PUBLISHED);
      node.publishTap.tap = tapFor(node.publishTap.tap, isWatched, kept.has(PUBLISHED));
      const { view } = node.operator;
      node.viewTap = isWatched && view !== undefined ? (node.viewTap ?? new ViewTap(view)) : null;
    }
  }

  #mend(mends: readonly Mend[]): void {
    for (const task of this.#tasks) {
      for (const node of task.nodes) {
        if (node.operator.deadLetters === undefined) continue;
        node.operator.deadLetters.mend(mends.filter((mend) => mend.nodeId === node.nodeId));
        task.wake(node);
      }
    }
  }

  #tellDeadLetters(): void {
    for (const node of this.#nodes) {
      const { deadLetters } = node.operator;
      if (deadLetters === undefined || this.#toldLetters.get(node) === deadLetters.version) continue;
      this.#toldLetters.set(node, deadLetters.version);
      const { nodeId, subtask } = node;
      const kept = deadLetters.kept.map(({ origin, line, reason, raw, again }) => ({
        origin,
        line,
        reason,
        raw,
        again,
      }));
      this.#send({ type: 'dead-letters', report: { nodeId, subtask, kept, lost: deadLetters.lost } });
    }
  }

  #tellHotKeys(): void {
    for (const { nodeId, subtask, state } of this.#nodes) {
      const tables = [...state.sampledKeys].map(([name, sampler]) => ({
        name,
        fields: sampler.fields.map((field) => field.name),
        sampled: sampler.sampled,
        keys: sampler.top(HOT_KEYS),
      }));
      if (tables.length > 0) this.#send({ type: 'hot-keys', report: { nodeId, subtask, tables } });
    }
  }

  #report(now: number): void {
    if (now - this.#lastReportAt < REPORT_MS) return;
    this.#lastReportAt = now;
    for (const task of this.#tasks) task.measure();
    this.#checkMemory();
    if (now - this.#lastSummaryAt >= SUMMARY_MS) {
      this.#lastSummaryAt = now;
      this.#tellDeadLetters();
      this.#tellHotKeys();
    }
    this.#sendSamples(this.#nodes, false);
  }

  get #nodes(): readonly OperatorNode[] {
    return this.#tasks.flatMap((task) => task.nodes);
  }

  /** Of what is watched; at the end (`isLast`) of what is kept, too. */
  #sendSamples(nodes: readonly OperatorNode[], isLast: boolean): void {
    const samples = nodes.flatMap((node) => [
      ...[...node.outputs].flatMap(([port, { tap }]) => rowsOf(node, port, tap, isLast)),
      ...rowsOf(node, PUBLISHED, node.publishTap.tap, isLast),
      ...viewOf(node, isLast),
    ]);
    // Copied, not transferred: the first buffer that is detached makes every access to a typed array of the thread dearer from then on.
    if (samples.length > 0) this.#send({ type: 'samples', samples });
  }
}

/** A sink has no port for its rows: what it publishes is watched under the name of its input. */
const PUBLISHED = 'in';

type Ports = ReadonlySet<string>;

function portsOf({ nodeId, outputs }: OperatorNode, watches: readonly Watch[]): Ports {
  const own = watches.filter((watch) => watch.nodeId === nodeId);
  return new Set(own.map(({ port }) => (outputs.has(port) ? port : PUBLISHED)));
}

function tapFor(before: RowTap | null, isWatched: boolean, isKept: boolean): RowTap | null {
  if (!isWatched && !isKept) return null;
  const tap = before ?? new RowTap(preciseNow);
  tap.isWatched = isWatched;
  return tap;
}

function rowsOf(node: OperatorNode, port: string, tap: RowTap | null, isLast: boolean): EncodedSample[] {
  const taken = tap !== null && (tap.isWatched || isLast) ? tap.take() : null;
  if (taken === null) return [];
  const { nodeId, subtask } = node;
  const { rows, seenAt } = taken;
  return [{ nodeId, port, subtask, seen: tap!.seen, seenAt, isWhole: false, rows: encodeBatch(rows) }];
}

function viewOf({ nodeId, subtask, viewTap, publishTap, operator }: OperatorNode, isLast: boolean): EncodedSample[] {
  const isKept = isLast && publishTap.tap !== null && operator.view !== undefined;
  const tap = viewTap ?? (isKept ? new ViewTap(operator.view) : null);
  const rows = tap?.take() ?? null;
  if (tap === null || rows === null) return [];
  const seenAt = new Array<number>(rows.length).fill(preciseNow());
  return [{ nodeId, port: PUBLISHED, subtask, seen: tap.seen, seenAt, isWhole: true, rows: encodeBatch(rows) }];
}

function found<T>(end: T | undefined): T {
  assert(end !== undefined, 'a channel has no end here');
  return end;
}

const pause = new Int32Array(new SharedArrayBuffer(4));

/** A pipe that is full answers EAGAIN: then the thread waits, which is the reader's backpressure, and tells so with `onWait`. */
function writeAll(fd: number, text: string, onWait: () => void): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') throw readerGone(error);
      if (code !== 'EAGAIN') throw error;
      onWait();
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}

function readerGone(cause: unknown): StreamError {
  return new StreamError('MR2102', say`the program that reads standard output has ended`, {
    retryable: false,
    remedy: say`Read all of it, or let the pipeline end sooner.`,
    cause,
  });
}

const port = parentPort;
assert(port !== null, 'worker.ts runs in a worker thread');
const worker = new EngineWorker(workerData as WorkerSetup, port);
port.on('message', (message: ToWorker) => worker.receive(message));
worker.open().catch((error: unknown) => {
  port.postMessage({ type: 'failed', error: toErrorReport(error) } satisfies FromWorker);
});
