/** Events of a job that is made up: steady figures with a little noise, a checkpoint every few seconds, rows for whoever watches. */
import type { RestorePoint } from '../../runtime/protocol/host.ts';
import type { NodeId } from '../../runtime/core/ids.ts';
import { topologicalOrder, type PipelineDocument, type PipelineEdge } from '../../runtime/graph/index.ts';
import type {
  CheckpointReport,
  JobEvent,
  JobState,
  OperatorMetrics,
  RowSample,
  LatencySummary,
  SubtaskCheckpoint,
  SubtaskMetrics,
  Watch,
} from '../../runtime/protocol/job.ts';
import { validateDocument } from '../../runtime/compiler/validate.ts';

export interface DemoJob {
  start(now: number): readonly JobEvent[];
  tick(now: number): readonly JobEvent[];
  stop(now: number): readonly JobEvent[];
  savepoint(now: number): readonly JobEvent[];
}

const SOURCE_ROWS_PER_SECOND = 121_000;
const SUBTASKS = 2;
const CHECKPOINT_EVERY_TICKS = 6;

export function createDemoJob(document: PipelineDocument, watches: () => readonly Watch[]): DemoJob {
  const { nodes } = validateDocument(document);
  const { order } = topologicalOrder(document);
  const rates = ratesOf(document, order);
  const slow = slowestOf(document, order);
  const blocked = new Set(
    document.edges.filter((edge) => edge.to === slow).flatMap((edge) => [edge.from, ...upstream(document, edge.from)]),
  );
  const totals = new Map<string, number>();
  let ticks = 0;
  let checkpoints = 38;

  function state(value: JobState, now: number): JobEvent {
    return { type: 'state', state: value, at: now, error: null, attempt: 1 };
  }

  function operator(id: NodeId, index: number, now: number): OperatorMetrics {
    const outputs = nodes.get(id)?.ports.outputs ?? [];
    const isBlocked = blocked.has(id);
    const busy = id === slow ? 0.96 : isBlocked ? 0.28 : 0.12 + (index % 3) * 0.1;
    const pressed = isBlocked ? 0.58 : 0;
    const subtasks = Array.from({ length: SUBTASKS }, (_, subtask): SubtaskMetrics => {
      const share = (id === slow && subtask === 1 ? 1.6 : 1) / SUBTASKS;
      const inRate = sum(
        document.edges
          .filter((edge) => edge.to === id)
          .map((edge) => rates.get(portKey(edge.from, edge.fromPort)) ?? 0),
      );
      const wobble = 1 + 0.06 * Math.sin(ticks / 2 + index + subtask);
      const out = Object.fromEntries(
        outputs.map((port) => [port.name, (rates.get(portKey(id, port.name)) ?? 0) * share * wobble]),
      );
      for (const [port, rate] of Object.entries(out)) add(totals, `${id} ${port} ${subtask}`, rate / 2);
      add(totals, `${id} in ${subtask}`, (inRate * share) / 2);
      return {
        subtask,
        numRecordsIn: Math.round(totals.get(`${id} in ${subtask}`) ?? 0),
        numRecordsOut: Object.fromEntries(
          outputs.map((port) => [port.name, Math.round(totals.get(`${id} ${port.name} ${subtask}`) ?? 0)]),
        ),
        numRecordsInPerSecond: inRate * share * wobble,
        numRecordsOutPerSecond: out,
        numLateRecordsDropped: id === slow ? ticks * 3 : 0,
        busyTimeMsPerSecond: 1000 * busy * wobble,
        idleTimeMsPerSecond: Math.max(0, 1000 * (1 - busy - pressed)),
        backPressuredTimeMsPerSecond: 1000 * pressed,
        waitingTimeMsPerSecond: 0,
        currentInputWatermark: now - 2100 - index * 420,
        currentOutputWatermark: now - 2100 - index * 420,
        isIdle: false,
        stateSize: nodes.get(id)?.traits?.isStateful === true ? 4_200_000 + ticks * 31_000 : 0,
        stateEntries: nodes.get(id)?.traits?.isStateful === true ? 52_000 + ticks * 380 : 0,
        watermarkAlignmentDrift: null,
        latency: outputs.length > 0 ? null : demoLatency(ticks + index * 5 + subtask),
      };
    });
    return { nodeId: id, subtasks };
  }

  function checkpoint(now: number, kind: CheckpointReport['kind'] = 'checkpoint'): CheckpointReport {
    const isSavepoint = kind === 'savepoint';
    checkpoints++;
    const isUnaligned = !isSavepoint && checkpoints % 4 === 0;
    const details = order.flatMap((id, i) =>
      Array.from({ length: SUBTASKS }, (_, subtask): SubtaskCheckpoint => {
        const stateBytes = 1_900_000 + i * 240_000;
        return {
          nodeId: id,
          subtask,
          startDelayMs: isUnaligned ? 3 : 12 * i,
          alignmentMs: isUnaligned ? 4 : id === slow ? 620 : 20 * i,
          syncMs: 8 + i * 2,
          asyncMs: 60 + i * 14 + subtask * 22,
          sizeBytes: isSavepoint ? stateBytes : Math.round(stateBytes / 6),
          stateBytes,
          processedBytes: id === slow ? 410_000 : 12_000 * i,
          persistedBytes: isUnaligned && id === slow ? 260_000 : 0,
          isUnaligned: isUnaligned && id === slow,
        };
      }),
    );
    const isFailed = !isSavepoint && checkpoints % 9 === 0;
    const total = (of: 'sizeBytes' | 'stateBytes'): number => sum(details.map((one) => one[of]));
    return {
      id: checkpoints,
      kind,
      status: isFailed ? 'failed' : 'completed',
      triggeredAt: now - 900,
      durationMs: isFailed ? null : 390 + (checkpoints % 4) * 40,
      sizeBytes: isFailed ? null : total('sizeBytes'),
      stateBytes: isFailed ? null : total('stateBytes'),
      acknowledged: isFailed ? details.length - 1 : details.length,
      subtasks: details.length,
      failure: isFailed ? 'the checkpoint folder is full' : null,
      path: isFailed
        ? null
        : `/home/user/pipelines/.millrace/state/${isSavepoint ? 'savepoint' : 'chk'}-${checkpoints}`,
      details: isFailed ? details.slice(1) : details,
    };
  }

  return {
    start: (now) => [
      state('CREATED', now),
      state('RUNNING', now),
      log(now, 'info', `${document.name}: ${order.length} operators deployed`),
      {
        type: 'restored',
        restore: { id: checkpoints, kind: 'checkpoint', at: now, path: '/home/user/pipelines/.millrace/state/chk-38' },
      },
    ],
    tick: (now) => {
      ticks++;
      const operators = order.map((id, index) => operator(id, index, now));
      const events: JobEvent[] = [
        {
          type: 'metrics',
          metrics: {
            at: now,
            operators,
            links: document.edges.map((edge) => ({
              from: edge.from,
              fromPort: edge.fromPort,
              to: edge.to,
              toPort: edge.toPort,
              exchange: edge.to === slow ? 'hash' : 'rebalance',
              queueUsage: edge.to === slow ? 0.91 : blocked.has(edge.to) ? 0.74 : 0.08,
            })),
            memoryBytes: 412_000_000 + ticks * 180_000,
            managedMemory: {
              usedBytes: sum(operators.flatMap((one) => one.subtasks.map((subtask) => subtask.stateSize))),
              budgetBytes: document.settings.managedMemoryMb * 2 ** 20,
            },
          },
        },
      ];
      if (ticks % CHECKPOINT_EVERY_TICKS === 0) events.push({ type: 'checkpoint', checkpoint: checkpoint(now) });
      if (ticks % 5 === 0)
        events.push(
          log(
            now,
            ticks % 20 === 0 ? 'warn' : 'info',
            `watermark moved to ${new Date(now - 2100).toISOString()}`,
            order[0] ?? null,
          ),
        );
      for (const watch of watches()) events.push({ type: 'rows', sample: sample(watch, now) });
      return events;
    },
    savepoint: (now) => [{ type: 'checkpoint', checkpoint: checkpoint(now, 'savepoint') }],
    stop: (now) => [log(now, 'info', 'stopped with a final checkpoint'), state('STOPPED', now)],
  };

  function sample(watch: Watch, now: number): RowSample {
    const feeding = document.edges.find((edge) => edge.to === watch.nodeId);
    const shape =
      nodes.get(watch.nodeId)?.outputs[watch.port] ??
      (feeding === undefined ? undefined : nodes.get(feeding.from)?.outputs[feeding.fromPort]);
    const fields = shape?.schema.fields ?? [];
    return {
      nodeId: watch.nodeId,
      port: watch.port,
      fields: fields.map((one) => one.name),
      rows: Array.from({ length: 60 }, (_, i) => ({
        values: fields.map((one, column) => demoValue(one.type.kind, ticks * 7 + i * 3 + column, now)),
        eventTime: now - 2100 - (60 - i) * 9,
        changeKind: '+I' as const,
        seenAt: now,
        subtask: i % SUBTASKS,
      })),
      seen: ticks * 41_000,
    };
  }
}

function demoLatency(seed: number): LatencySummary {
  const p50 = 18 + 6 * Math.sin(seed / 6);
  return { count: 200, p50, p95: p50 * 2.6, p99: p50 * (4 + Math.sin(seed / 9)) };
}

/** Of earlier runs, newest first. */
export function demoRestorePoints(now: number): readonly RestorePoint[] {
  const point = (kind: RestorePoint['kind'], id: number, minutesAgo: number): RestorePoint => ({
    kind,
    id,
    location: `/home/user/pipelines/.millrace/state/${kind === 'savepoint' ? 'savepoint' : 'chk'}-${id}`,
    createdAt: now - minutesAgo * 60_000,
    stateBytes: 38_000_000 + id * 12_000,
  });
  return [
    point('checkpoint', 38, 2),
    point('checkpoint', 37, 3),
    point('savepoint', 31, 190),
    point('checkpoint', 30, 1500),
  ];
}

function demoValue(kind: string, seed: number, now: number): unknown {
  const words = ['203.0.113.9', '198.51.100.27', '/login', '/admin', 'GET', '192.0.2.44', '/api/v1/session'];
  if (kind === 'STRING') return words[seed % words.length];
  if (kind === 'TIMESTAMP') return new Date(now - seed * 7).toISOString();
  if (kind === 'BOOLEAN') return seed % 2 === 0;
  if (kind === 'DOUBLE') return (seed % 97) / 10;
  return seed % 11 === 0 ? null : 200 + (seed % 5) * 101;
}

function log(at: number, level: 'info' | 'warn', message: string, nodeId: NodeId | null = null): JobEvent {
  return { type: 'log', record: { at, level, message, nodeId, subtask: nodeId === null ? null : 0 } };
}

/** Rows per second of every output port: sources make the same, every operator passes on some. */
function ratesOf(document: PipelineDocument, order: readonly NodeId[]): ReadonlyMap<string, number> {
  const rates = new Map<string, number>();
  order.forEach((id, index) => {
    const inputs = document.edges.filter((edge) => edge.to === id);
    const inRate =
      inputs.length === 0
        ? SOURCE_ROWS_PER_SECOND / (1 + index * 4)
        : sum(inputs.map((edge) => rates.get(portKey(edge.from, edge.fromPort)) ?? 0));
    const used = new Set(document.edges.filter((edge) => edge.from === id).map((edge) => edge.fromPort));
    [...used].forEach((port, i) =>
      rates.set(portKey(id, port), inputs.length === 0 ? inRate : (inRate * 0.32) / (1 + i * 60)),
    );
  });
  return rates;
}

/** The third operator from the start that has an input and an output: somebody has to be the culprit. */
function slowestOf(document: PipelineDocument, order: readonly NodeId[]): NodeId | null {
  const middle = order.filter(
    (id) => document.edges.some((edge) => edge.to === id) && document.edges.some((edge) => edge.from === id),
  );
  return middle[1] ?? null;
}

function upstream(document: PipelineDocument, id: NodeId): readonly NodeId[] {
  const direct: readonly PipelineEdge[] = document.edges.filter((edge) => edge.to === id);
  return direct.flatMap((edge) => [edge.from, ...upstream(document, edge.from)]);
}

function portKey(id: string, port: string): string {
  return `${id} ${port}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}

function add(totals: Map<string, number>, key: string, n: number): void {
  totals.set(key, (totals.get(key) ?? 0) + n);
}
