/** Events of a job that is made up: steady figures with a little noise, a checkpoint every few seconds, rows for whoever watches. */
import type { NodeId } from '../../runtime/core/ids.ts';
import { topologicalOrder, type PipelineDocument, type PipelineEdge } from '../../runtime/graph/index.ts';
import type {
  CheckpointReport,
  JobEvent,
  JobState,
  OperatorMetrics,
  RowSample,
  SubtaskMetrics,
  Watch,
} from '../../runtime/protocol/job.ts';
import { validateDocument } from '../../runtime/compiler/validate.ts';

export interface DemoJob {
  start(now: number): readonly JobEvent[];
  tick(now: number): readonly JobEvent[];
  stop(now: number): readonly JobEvent[];
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
        currentInputWatermark: now - 2100 - index * 420,
        currentOutputWatermark: now - 2100 - index * 420,
        isIdle: false,
        stateSize: nodes.get(id)?.traits?.isStateful === true ? 4_200_000 + ticks * 31_000 : 0,
      };
    });
    return { nodeId: id, subtasks };
  }

  function checkpoint(now: number): CheckpointReport {
    const details = order.flatMap((id, i) =>
      Array.from({ length: SUBTASKS }, (_, subtask) => ({
        nodeId: id,
        subtask,
        alignmentMs: id === slow ? 620 : 20 * i,
        syncMs: 8 + i * 2,
        asyncMs: 60 + i * 14 + subtask * 22,
        sizeBytes: 1_900_000 + i * 240_000,
      })),
    );
    checkpoints++;
    const isFailed = checkpoints % 9 === 0;
    return {
      id: checkpoints,
      status: isFailed ? 'failed' : 'completed',
      triggeredAt: now - 900,
      durationMs: isFailed ? null : 390 + (checkpoints % 4) * 40,
      sizeBytes: isFailed ? null : 38_100_000 + checkpoints * 12_000,
      acknowledged: isFailed ? details.length - 1 : details.length,
      subtasks: details.length,
      failure: isFailed ? 'the checkpoint folder is full' : null,
      path: isFailed ? null : `state/chk-${checkpoints}`,
      details,
    };
  }

  return {
    start: (now) => [
      state('CREATED', now),
      state('RUNNING', now),
      log(now, 'info', `${document.name}: ${order.length} operators deployed`),
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
            memoryBytes: 212_000_000 + ticks * 180_000,
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
        subtask: i % SUBTASKS,
      })),
      seen: ticks * 41_000,
    };
  }
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
