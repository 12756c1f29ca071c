/**
 * The document's view of a running plan. A plan holds the operators that composites stand for; who watches a job sees the document,
 * so all that the engine says of such an operator is said of its composite, and what is asked of the composite is asked of them.
 */
import { outerId } from '../compiler/composite.ts';
import type { NodeId } from '../core/ids.ts';
import { DEFAULT_INPUT } from '../graph/index.ts';
import type { Composite, PhysicalPlan } from '../compiler/physical-plan.ts';
import type {
  CheckpointReport,
  HotKeysReport,
  JobEvent,
  JobMetrics,
  LinkMetrics,
  OperatorMetrics,
  SubtaskCheckpoint,
  SubtaskMetrics,
  Watch,
} from '../protocol/job.ts';

type Watermark = SubtaskMetrics['currentInputWatermark'];

export class CompositeView {
  readonly #composites: ReadonlyMap<NodeId, Composite>;

  readonly #operators: PhysicalPlan['operators'];

  constructor({ composites, operators }: Pick<PhysicalPlan, 'composites' | 'operators'>) {
    this.#operators = operators;
    this.#composites = new Map(composites.map((composite) => [composite.nodeId, composite]));
  }

  /** An event about operators as one about nodes of the document. */
  show(event: JobEvent): JobEvent {
    if (this.#composites.size === 0) return event;
    switch (event.type) {
      case 'state': {
        const { error } = event;
        return error === null ? event : { ...event, error: { ...error, nodeId: this.#shownOrNull(error.nodeId) } };
      }
      case 'metrics':
        return { ...event, metrics: this.#showMetrics(event.metrics) };
      case 'checkpoint':
        return { ...event, checkpoint: this.#showCheckpoint(event.checkpoint) };
      case 'rows':
        return { ...event, sample: { ...event.sample, ...this.#shownOutput(event.sample) } };
      case 'print':
        return { ...event, nodeId: this.#shown(event.nodeId) };
      case 'log':
        return { ...event, record: { ...event.record, nodeId: this.#shownOrNull(event.record.nodeId) } };
      case 'hot-keys':
        return { ...event, report: this.#showKeys(event.report) };
      // Sources stand in the document themselves.
      case 'dead-letters':
      case 'restored':
        return event;
    }
  }

  /** Which operator's port shows what is to be watched. */
  watched({ nodeId, port }: Watch): Watch {
    const writer = this.#composites.get(nodeId)?.outputs.find(({ outerPort }) => outerPort === port);
    return writer === undefined ? { nodeId, port } : { nodeId: writer.nodeId, port: writer.port };
  }

  /** All that can be watched of the document's nodes: what leaves them, and what sinks publish. */
  ports(): readonly Watch[] {
    const own = this.#operators.filter(({ nodeId }) => this.#shown(nodeId) === nodeId);
    return [
      ...own.flatMap(({ nodeId, outputs }) =>
        [...Object.keys(outputs), DEFAULT_INPUT].map((port) => ({ nodeId, port })),
      ),
      ...[...this.#composites.values()].flatMap(({ outputs }) => outputs.map(({ nodeId, port }) => ({ nodeId, port }))),
    ];
  }

  /** The operators that keep the state of nodes. */
  operatorsOf(nodeIds: readonly NodeId[]): readonly NodeId[] {
    return this.#operators.map(({ nodeId }) => nodeId).filter((id) => nodeIds.includes(this.#shown(id)));
  }

  /** A composite's states have the names of those who keep them. */
  #showKeys(report: HotKeysReport): HotKeysReport {
    const nodeId = this.#shown(report.nodeId);
    if (nodeId === report.nodeId) return report;
    const part = report.nodeId.slice(nodeId.length + 1);
    return { ...report, nodeId, tables: report.tables.map((one) => ({ ...one, name: `${part} ${one.name}` })) };
  }

  #shown(id: NodeId): NodeId {
    const outer = outerId(id);
    return this.#composites.has(outer) ? outer : id;
  }

  #shownOrNull(id: NodeId | null): NodeId | null {
    return id === null ? null : this.#shown(id);
  }

  #shownOutput({ nodeId, port }: Watch): Watch {
    const writer = this.#composites
      .get(this.#shown(nodeId))
      ?.outputs.find((output) => output.nodeId === nodeId && output.port === port);
    return { nodeId: this.#shown(nodeId), port: writer?.outerPort ?? port };
  }

  #showMetrics(metrics: JobMetrics): JobMetrics {
    const groups = groupBy(metrics.operators, ({ nodeId }) => this.#shown(nodeId));
    const operators = [...groups].map(([id, parts]): OperatorMetrics => {
      const composite = this.#composites.get(id);
      return composite === undefined ? parts[0]! : { nodeId: id, subtasks: mergeOperators(composite, parts) };
    });
    return { ...metrics, operators, links: this.#showLinks(metrics.links) };
  }

  /** Without those inside a composite; where several of its operators read an edge, the fullest counts. */
  #showLinks(links: readonly LinkMetrics[]): LinkMetrics[] {
    const crossing = links
      .filter(({ from, to }) => from === to || this.#shown(from) !== this.#shown(to))
      .map((link): LinkMetrics => {
        const source = this.#shownOutput({ nodeId: link.from, port: link.fromPort });
        const to = this.#shown(link.to);
        const reader = this.#composites
          .get(to)
          ?.inputs.find((input) => input.nodeId === link.to && input.port === link.toPort);
        return { ...link, from: source.nodeId, fromPort: source.port, to, toPort: reader?.outerPort ?? link.toPort };
      });
    const edges = groupBy(crossing, ({ from, fromPort, to, toPort }) => JSON.stringify([from, fromPort, to, toPort]));
    return [...edges.values()].map((same) => same.reduce((a, b) => (b.queueUsage > a.queueUsage ? b : a)));
  }

  #showCheckpoint(checkpoint: CheckpointReport): CheckpointReport {
    const groups = groupBy(checkpoint.details, ({ nodeId, subtask }) => `${this.#shown(nodeId)} ${subtask}`);
    const details = [...groups.values()].map((parts) => mergeCheckpoints(this.#shown(parts[0]!.nodeId), parts));
    return { ...checkpoint, details };
  }
}

function mergeOperators(composite: Composite, operators: readonly OperatorMetrics[]): SubtaskMetrics[] {
  const count = Math.max(...operators.map(({ subtasks }) => subtasks.length));
  return Array.from({ length: count }, (_, subtask) => mergeSubtasks(composite, operators, subtask));
}

/** Rows and watermarks are those at the composite's ports, times those of its busiest operator, state and late rows those of all. */
function mergeSubtasks(
  { inputs, outputs }: Composite,
  operators: readonly OperatorMetrics[],
  subtask: number,
): SubtaskMetrics {
  const byId = new Map(
    operators.flatMap(({ nodeId, subtasks }) =>
      subtasks.filter((one) => one.subtask === subtask).map((one) => [nodeId, one]),
    ),
  );
  const all = [...byId.values()];
  const busiest = all.reduce((a, b) => (timeAtWork(b) > timeAtWork(a) ? b : a));
  // An input that several operators read is counted at the first.
  const readers = inputs
    .filter(({ outerPort }, i) => inputs.findIndex((other) => other.outerPort === outerPort) === i)
    .map(({ nodeId }) => nodeId);
  const entries = [...new Set(readers)].flatMap((id) => byId.get(id) ?? []);
  const exits = outputs.flatMap(({ nodeId, port, outerPort }) => {
    const metrics = byId.get(nodeId);
    return metrics === undefined ? [] : [{ metrics, port, outerPort }];
  });
  const perPort = (of: (metrics: SubtaskMetrics) => Readonly<Record<string, number>>): Record<string, number> =>
    Object.fromEntries(exits.map(({ metrics, port, outerPort }) => [outerPort, of(metrics)[port] ?? 0]));
  return {
    subtask,
    numRecordsIn: sum(entries, (one) => one.numRecordsIn),
    numRecordsOut: perPort((one) => one.numRecordsOut),
    numRecordsInPerSecond: sum(entries, (one) => one.numRecordsInPerSecond),
    numRecordsOutPerSecond: perPort((one) => one.numRecordsOutPerSecond),
    numLateRecordsDropped: sum(all, (one) => one.numLateRecordsDropped),
    busyTimeMsPerSecond: busiest.busyTimeMsPerSecond,
    idleTimeMsPerSecond: busiest.idleTimeMsPerSecond,
    backPressuredTimeMsPerSecond: busiest.backPressuredTimeMsPerSecond,
    waitingTimeMsPerSecond: Math.max(...all.map((one) => one.waitingTimeMsPerSecond)),
    currentInputWatermark: leastWatermark(entries.map((one) => one.currentInputWatermark)),
    currentOutputWatermark: leastWatermark(exits.map(({ metrics }) => metrics.currentOutputWatermark)),
    isIdle: exits.length > 0 && exits.every(({ metrics }) => metrics.isIdle),
    stateSize: sum(all, (one) => one.stateSize),
    stateEntries: sum(all, (one) => one.stateEntries),
    latency: all.find((one) => one.latency !== null)?.latency ?? null,
    watermarkAlignmentDrift: all.reduce<number | null>(
      (most, { watermarkAlignmentDrift: drift }) => (drift === null ? most : Math.max(most ?? drift, drift)),
      null,
    ),
  };
}

/** Of one checkpoint in several tasks of a composite: all that was written, and the longest that was waited. */
function mergeCheckpoints(nodeId: NodeId, parts: readonly SubtaskCheckpoint[]): SubtaskCheckpoint {
  const longest = (of: (part: SubtaskCheckpoint) => number): number => Math.max(...parts.map(of));
  return {
    nodeId,
    subtask: parts[0]!.subtask,
    startDelayMs: longest((part) => part.startDelayMs),
    alignmentMs: longest((part) => part.alignmentMs),
    syncMs: longest((part) => part.syncMs),
    asyncMs: longest((part) => part.asyncMs),
    sizeBytes: sum(parts, (part) => part.sizeBytes),
    stateBytes: sum(parts, (part) => part.stateBytes),
    processedBytes: sum(parts, (part) => part.processedBytes),
    persistedBytes: sum(parts, (part) => part.persistedBytes),
    isUnaligned: parts.some((part) => part.isUnaligned),
  };
}

function timeAtWork({ busyTimeMsPerSecond, backPressuredTimeMsPerSecond }: SubtaskMetrics): number {
  return busyTimeMsPerSecond + backPressuredTimeMsPerSecond;
}

function leastWatermark(watermarks: readonly Watermark[]): Watermark {
  if (watermarks.length === 0 || watermarks.includes(null)) return null;
  const open = watermarks.filter((one) => typeof one === 'number');
  return open.length === 0 ? 'end' : Math.min(...open);
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0);
}

function groupBy<K, T>(all: readonly T[], keyOf: (one: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group === undefined) groups.set(keyOf(one), [one]);
    else group.push(one);
  }
  return groups;
}
