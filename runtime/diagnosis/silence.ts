/**
 * Why is there no output? Goes from the node towards the sources, to where rows stop, and says what keeps them there. Told from
 * counters and watermarks alone: nothing is measured for it.
 */
import type { NodeId } from '../core/ids.ts';
import { isSink } from '../core/operator.ts';
import type { AnalyzedNode } from '../compiler/validator.ts';
import { isTerminal, type JobMetrics, type SubtaskMetrics } from '../protocol/job.ts';
import { isSourceNode, most, subtasksOf, sum, type ObservedJob } from './observed-job.ts';
import type { Place, SilenceCause, SilenceReason } from './silence-causes.ts';
import { lowest } from './watermark-holder.ts';
import { timeCauses } from './silence-in-time.ts';

/** An operator whose task waits for it for more of its time than this is waiting, whatever else it does. */
const WAITING = 0.2;

/** The likeliest cause first; never empty. A node that has output is told so. Throws never: what is not known is not said. */
export function explainSilence(job: ObservedJob, node: NodeId): readonly SilenceCause[] {
  const metrics = job.reports.at(-1) ?? null;
  const stateCause = causeInState(job, node, metrics);
  if (stateCause !== null && (metrics === null || !isTerminal(job.state ?? 'CREATED'))) return [stateCause];
  const explainer = new Explainer(job, metrics!);
  explainer.explain(node);
  return stateCause === null ? explainer.causes : [stateCause, ...explainer.causes];
}

function causeInState({ state, error }: ObservedJob, node: NodeId, metrics: JobMetrics | null): SilenceCause | null {
  switch (state) {
    case 'FAILED':
      return { place: { nodeId: error?.nodeId ?? node }, reason: { code: 'failed', message: error?.message ?? '' } };
    case 'FINISHED':
    case 'STOPPED':
      return { place: { nodeId: node }, reason: { code: 'ended', state } };
    case 'RUNNING':
    case 'STOPPING':
      return metrics === null ? { place: { nodeId: node }, reason: { code: 'starting' } } : null;
    case null:
    case 'CREATED':
    case 'RESTARTING':
      return { place: { nodeId: node }, reason: { code: 'notRunning', state } };
  }
}

class Explainer {
  readonly causes: SilenceCause[] = [];
  readonly #job: ObservedJob;
  readonly #metrics: JobMetrics;
  readonly #seen = new Set<NodeId>();

  constructor(job: ObservedJob, metrics: JobMetrics) {
    this.#job = job;
    this.#metrics = metrics;
  }

  explain(id: NodeId): void {
    const node = this.#job.nodes.get(id);
    if (node === undefined) return;
    const subtasks = subtasksOf(this.#metrics, id);
    if (subtasks.length === 0) this.#add({ nodeId: id }, { code: 'notInJob' });
    else if (isSink(node)) this.#explainSink(id, node);
    else {
      const ports = mainOutputs(node);
      const rows = sum(ports.map((port) => rowsOut(subtasks, port)));
      if (rows > 0) {
        const rate = sum(subtasks.flatMap((one) => ports.map((port) => one.numRecordsOutPerSecond[port] ?? 0)));
        this.#addFlow({ nodeId: id, output: ports[0]! }, rows, rate);
        if (rate > 0) return;
      }
      this.#explainOutput(id, node, ports, rows > 0);
    }
  }

  #addFlow(place: Place, rows: number, rate: number): void {
    const isOver = this.#job.state !== null && isTerminal(this.#job.state);
    this.#add(place, rate > 0 && !isOver ? { code: 'flowing', rows, rowsPerSecond: rate } : { code: 'paused', rows });
  }

  #explainSink(id: NodeId, node: AnalyzedNode): void {
    const subtasks = subtasksOf(this.#metrics, id);
    const rows = sum(subtasks.map((one) => one.numRecordsIn));
    if (rows === 0) {
      this.#explainInputs(id, node);
      return;
    }
    if (this.#addOtherOutputs(id, node, [], rows)) return;
    const waiting = waitingOf(subtasks);
    if (waiting >= WAITING) this.#add({ nodeId: id }, { code: 'waitsOutside', rows, waiting });
    const rate = sum(subtasks.map((one) => one.numRecordsInPerSecond));
    if (node.traits?.commitsWithCheckpoint === true) this.#addCheckpoint(id, rows);
    this.#addFlow({ nodeId: id }, rows, rate);
    if (rate === 0) this.#explainInputs(id, node, true);
  }

  /** What is written since the last checkpoint cannot be seen yet. */
  #addCheckpoint(id: NodeId, rows: number): void {
    const { completed, failed } = this.#job.checkpoints;
    // Stopped or at its end, its last checkpoint has committed all.
    if (this.#job.state === 'FINISHED' || this.#job.state === 'STOPPED') return;
    const isBatch = this.#job.settings.runtimeMode === 'batch';
    this.#add(
      { nodeId: id },
      {
        code: 'waitsForCheckpoint',
        rows,
        intervalMs: isBatch ? 0 : this.#job.settings.checkpoint.intervalMs,
        lastCompletedAt: completed === null ? null : completed.triggeredAt + (completed.durationMs ?? 0),
        lastFailure: failed !== null && failed.id > (completed?.id ?? -1) ? (failed.failure ?? failed.status) : null,
      },
    );
  }

  /** `ports` have had no rows, or (`hadRows`) none lately. */
  #explainOutput(id: NodeId, node: AnalyzedNode, ports: readonly string[], hadRows = false): void {
    if (this.#seen.has(id)) return;
    this.#seen.add(id);
    const subtasks = subtasksOf(this.#metrics, id);
    if (isSourceNode(node)) {
      if (!this.#addOtherOutputs(id, node, ports, 0)) this.#add({ nodeId: id }, this.#sourceReason(node, subtasks));
      return;
    }
    const rows = sum(subtasks.map((one) => one.numRecordsIn));
    if (rows === 0) this.#explainInputs(id, node);
    else this.#explainOperator(id, node, ports, rows, hadRows);
    if (rows > 0 && hadRows) this.#explainInputs(id, node, true);
  }

  /** Rows came in, and none went out of `ports`. */
  #explainOperator(id: NodeId, node: AnalyzedNode, ports: readonly string[], rows: number, hadRows: boolean): void {
    const subtasks = subtasksOf(this.#metrics, id);
    const { traits } = node;
    const waiting = waitingOf(subtasks);
    if (waiting >= WAITING) this.#add({ nodeId: id }, { code: 'waitsOutside', rows, waiting });
    const late = sum(subtasks.map((one) => one.numLateRecordsDropped));
    if (late >= rows) {
      const watermark = lowest(subtasks, 'currentInputWatermark');
      this.#add({ nodeId: id }, { code: 'allLate', rows: late, watermark });
      return;
    }
    if (this.#addOtherOutputs(id, node, ports, rows)) return;
    if (this.#addEmptySides(id, node)) return;
    const before = this.causes.length;
    for (const cause of timeCauses(this.#job, this.#metrics, id, node)) this.causes.push(cause);
    this.#explainMissingWatermark(before);
    if (late > 0) this.#add({ nodeId: id }, { code: 'someLate', rows: late, of: rows });
    if (hadRows || waiting >= WAITING || this.causes.length > before) return;
    if (node.spec?.category === 'join' || node.spec?.category === 'pattern') {
      this.#add({ nodeId: id }, { code: 'noMatch', rows });
    } else if (traits?.isStateful === true) {
      const stateBytes = sum(subtasks.map((one) => one.stateSize));
      this.#add({ nodeId: id }, { code: 'holdsRows', rows, stateBytes });
    } else this.#add({ nodeId: id }, { code: 'allFiltered', rows });
  }

  /** The source that a watermark is missing of may have sent nothing at all: then that is why. */
  #explainMissingWatermark(first: number): void {
    for (const { reason } of this.causes.slice(first)) {
      if (reason.code !== 'watermarkMissing') continue;
      const node = this.#job.nodes.get(reason.origin);
      const rows = sum(subtasksOf(this.#metrics, reason.origin).flatMap((one) => Object.values(one.numRecordsOut)));
      if (node !== undefined && rows === 0) this.#explainOutput(reason.origin, node, mainOutputs(node));
    }
  }

  /** Whether all its rows left by other outputs. `rows`: what came in, 0 for a source. */
  #addOtherOutputs(id: NodeId, node: AnalyzedNode, ports: readonly string[], rows: number): boolean {
    const subtasks = subtasksOf(this.#metrics, id);
    if (ports.some((name) => rowsOut(subtasks, name) > 0)) return false;
    const others = node.ports.outputs
      .map(({ name }) => name)
      .filter((name) => !ports.includes(name) && rowsOut(subtasks, name) > 0);
    const elsewhere = sum(others.map((name) => rowsOut(subtasks, name)));
    if (elsewhere === 0 || elsewhere < rows) return false;
    for (const output of others) {
      this.#add({ nodeId: id, output }, { code: 'otherOutput', rows: rowsOut(subtasks, output), of: elsewhere });
    }
    return true;
  }

  #addEmptySides(id: NodeId, node: AnalyzedNode): boolean {
    const sides = node.ports.inputs.map(({ name }) => ({
      name,
      edges: node.edges.filter(({ toPort }) => toPort === name),
    }));
    if (sides.length < 2) return false;
    const rowsOf = ({ edges }: (typeof sides)[number]): number =>
      sum(edges.map(({ from, fromPort }) => rowsOut(subtasksOf(this.#metrics, from), fromPort)));
    const empty = sides.filter((side) => rowsOf(side) === 0);
    if (empty.length === 0) return false;
    const otherRows = sum(sides.map(rowsOf));
    for (const { name, edges } of empty) {
      this.#add({ nodeId: id, input: name }, { code: 'sideEmpty', otherRows });
      for (const edge of edges) this.#explainEdge(edge.from, edge.fromPort);
    }
    return true;
  }

  /** `hadRows`: asks why none come any more. */
  #explainInputs(id: NodeId, node: AnalyzedNode, hadRows = false): void {
    for (const { from, fromPort, toPort } of node.edges) {
      const sent = rowsOut(subtasksOf(this.#metrics, from), fromPort);
      if (sent > 0 && !hadRows) {
        const busy = most(subtasksOf(this.#metrics, id).map((one) => one.busyTimeMsPerSecond)) / 1000;
        this.#add({ nodeId: id, input: toPort }, { code: 'rowsQueued', rows: sent, busy });
      } else this.#explainEdge(from, fromPort, sent > 0);
    }
  }

  #explainEdge(from: NodeId, port: string, hadRows = false): void {
    const node = this.#job.nodes.get(from);
    if (node === undefined) return;
    if (hadRows && sum(subtasksOf(this.#metrics, from).map((one) => one.numRecordsOutPerSecond[port] ?? 0)) > 0) return;
    this.#explainOutput(from, node, [port], hadRows);
  }

  #sourceReason({ traits }: AnalyzedNode, subtasks: readonly SubtaskMetrics[]): SilenceReason {
    if (lowest(subtasks) === 'end') return { code: 'sourceEnded' };
    const alignment = traits?.watermarkAlignment ?? null;
    const driftMs = most(subtasks.map((one) => one.watermarkAlignmentDrift ?? 0));
    if (alignment !== null && driftMs > alignment.maxDriftMs) {
      return { code: 'sourceAligned', group: alignment.group, driftMs, maxDriftMs: alignment.maxDriftMs };
    }
    return { code: subtasks.every((one) => one.isIdle) ? 'sourceIdle' : 'sourceSilent' };
  }

  #add(place: Place, reason: SilenceReason): void {
    this.causes.push({ place, reason });
  }
}

/** What it is there for; outputs that may stay unconnected only where it has no others. */
function mainOutputs({ ports }: AnalyzedNode): readonly string[] {
  const main = ports.outputs.filter(({ isOptional }) => isOptional !== true);
  return (main.length > 0 ? main : ports.outputs).map(({ name }) => name);
}

function rowsOut(subtasks: readonly SubtaskMetrics[], port: string): number {
  return sum(subtasks.map((one) => one.numRecordsOut[port] ?? 0));
}

function waitingOf(subtasks: readonly SubtaskMetrics[]): number {
  return most(subtasks.map((one) => one.waitingTimeMsPerSecond)) / 1000;
}
