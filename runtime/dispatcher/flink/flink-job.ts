/** A job of a running Flink, which tells of itself what a job of this machine tells: asked about once a second, through its cluster's REST API. */
import { StreamError } from '../../core/errors.ts';
import { say } from '../../core/say.ts';
import { nodeOperators } from '../../exporters/flink/cluster/node-operators.ts';
import { planOperators, type PlanVertex } from '../../exporters/flink/cluster/plan.ts';
import type { FlinkJobState, FlinkRest } from '../../exporters/flink/cluster/rest.ts';
import { reasonOf } from '../../exporters/flink/cluster/gateway.ts';
import type { FlinkScript } from '../../exporters/flink/script.ts';
import type { ExportGraph } from '../../exporters/export-graph.ts';
import { toErrorReport } from '../../protocol/error-report.ts';
import { isTerminal, type ErrorReport, type JobEvent, type JobState, type LogLevel } from '../../protocol/job.ts';
import { codedError } from '../../protocol/wire.ts';
import type { Job } from '../job.ts';
import { checkpointReport, restoreReport, subtaskCheckpoints, type FlinkCheckpoint, type FlinkCheckpoints, type FlinkVertexCheckpoint } from './checkpoints.ts'; // prettier-ignore
import { isOfInterest, nodeMetrics, type NodeLink, type NodePlace, type VertexState } from './vertex-metrics.ts';

const POLL_MS = 1000;

const STATES: Readonly<Record<FlinkJobState, JobState>> = {
  INITIALIZING: 'CREATED',
  CREATED: 'CREATED',
  RECONCILING: 'CREATED',
  RUNNING: 'RUNNING',
  FAILING: 'RESTARTING',
  RESTARTING: 'RESTARTING',
  CANCELLING: 'STOPPING',
  CANCELED: 'STOPPED',
  SUSPENDED: 'STOPPED',
  FINISHED: 'FINISHED',
  FAILED: 'FAILED',
};

interface Vertex {
  readonly id: string;
  readonly parallelism: number;
  /** Those of interest; asked for until there are some. */
  metrics: readonly string[];
}

export interface FlinkJobOptions {
  readonly rest: FlinkRest;
  /** In the cluster. */
  readonly jobId: string;
  readonly graph: ExportGraph;
  readonly script: FlinkScript;
  readonly savepointFolder: string | null;
  readonly delay: (ms: number) => Promise<void>;
  /** ms since the epoch. */
  readonly now: () => number;
}

export class FlinkJob implements Job {
  readonly ended: Promise<void>;
  readonly #options: FlinkJobOptions;
  readonly #onEvent: (event: JobEvent) => void;
  #places: readonly NodePlace[] = [];
  #links: readonly NodeLink[] = [];
  #unmatched: readonly string[] = [];
  #vertices: Vertex[] = [];
  #state: JobState | null = null;
  #attempt = 1;
  #isDetached = false;
  /** Flink calls a job that was stopped with a savepoint finished. */
  #isStopped = false;
  #isLost = false;
  readonly #checkpoints = new Map<number, FlinkCheckpoint['status']>();
  #restoredAt = 0;
  #failuresToldUntil = 0;
  #end: () => void = () => {};

  constructor(options: FlinkJobOptions, onEvent: (event: JobEvent) => void) {
    this.#options = options;
    this.#onEvent = onEvent;
    this.ended = new Promise((resolve) => (this.#end = resolve));
  }

  /** Names of operators that stand for no node; known once it has started. */
  get unmatched(): readonly string[] {
    return this.#unmatched;
  }

  /** Settles once the job's plan is known. Throws StreamError MR2111 when the cluster does not know the job. */
  async start(): Promise<void> {
    try {
      await this.#begin();
    } catch (error) {
      this.detach();
      throw error;
    }
    void this.#follow();
  }

  async #begin(): Promise<void> {
    const { rest, jobId, graph, script } = this.#options;
    const { plan } = (await rest.get(`/jobs/${jobId}/plan`)) as { plan: { nodes: readonly PlanVertex[] } };
    this.#vertices = plan.nodes.map(({ id, parallelism }) => ({ id, parallelism, metrics: [] }));
    const { byNode, unmatched } = nodeOperators(graph, script, planOperators(plan.nodes));
    this.#unmatched = unmatched.map(({ kind, number }) => (number === null ? kind : `${kind}[${number}]`));
    const isInner = (id: string): boolean => graph.document.nodes.some((node) => node.id === id);
    this.#places = [...byNode].map(([nodeId, operators]): NodePlace => ({
      nodeId,
      operators,
      outputs: [...new Set(graph.document.edges.filter(({ from }) => from === nodeId).map(({ fromPort }) => fromPort))],
    }));
    this.#links = graph.document.edges.filter(({ from, to }) => isInner(from) && isInner(to));
  }

  async stop({ savepoint }: { readonly savepoint: string | null }): Promise<string | null> {
    if (savepoint === null) {
      await this.cancel();
      return null;
    }
    const { rest, jobId, savepointFolder } = this.#options;
    this.#isStopped = true;
    try {
      return await rest.savepoint(jobId, savepointFolder, { stop: true });
    } catch (error) {
      this.#isStopped = false;
      throw error;
    }
  }

  /** In the folder of its deployment: Flink writes it, and sees other folders than we do. */
  savepoint(): Promise<string> {
    const { rest, jobId, savepointFolder } = this.#options;
    return rest.savepoint(jobId, savepointFolder);
  }

  cancel(): Promise<void> {
    return this.#options.rest.cancel(this.#options.jobId);
  }

  /** Nothing is told of it from now on; it runs. */
  detach(): void {
    this.#isDetached = true;
    this.#end();
  }

  // Flink shows neither rows nor keys, and reads nothing again: the page says so.
  watch(): void {}
  sampleKeys(): void {}
  mend(): void {
    throw codedError('MR2005', say`A job of Flink keeps no rejected rows.`);
  }

  async #follow(): Promise<void> {
    while (!this.#isDetached) {
      try {
        await this.#poll();
        if (this.#isLost) this.#log('info', say`Flink answers again.`);
        this.#isLost = false;
      } catch (error) {
        // The job may well run on: only who looks at it has lost it.
        if (!this.#isLost) this.#log('warn', say`${(error as Error).message}. It is asked again every second.`);
        this.#isLost = true;
      }
      if (this.#state !== null && isTerminal(this.#state)) break;
      await this.#options.delay(POLL_MS);
    }
    this.#end();
  }

  async #poll(): Promise<void> {
    const { rest, jobId } = this.#options;
    const job = await rest.job(jobId);
    const state = job.state === 'FINISHED' && this.#isStopped ? 'STOPPED' : STATES[job.state];
    // What else is to be told takes its time, but comes before the end.
    const isOver = isTerminal(state);
    if (!isOver) this.#tellState(state, null);
    await Promise.all([this.#tellMetrics(), this.#tellCheckpoints()]);
    const failure = await this.#tellFailures();
    if (isOver) this.#tellState(state, state === 'FAILED' ? failedWith(failure) : null);
  }

  #tellState(state: JobState, error: ErrorReport | null): void {
    if (this.#isDetached || state === this.#state) return;
    if (state === 'RESTARTING') this.#attempt++;
    this.#state = state;
    this.#onEvent({ type: 'state', state, at: this.#options.now(), error, attempt: this.#attempt });
  }

  async #tellMetrics(): Promise<void> {
    const states = await Promise.all(this.#vertices.map((vertex) => this.#askVertex(vertex)));
    const byId = new Map(this.#vertices.map(({ id }, i) => [id, states[i]!]));
    if (this.#isDetached) return;
    this.#onEvent({ type: 'metrics', metrics: nodeMetrics(this.#options.now(), this.#places, byId, this.#links) });
  }

  async #askVertex(vertex: Vertex): Promise<VertexState> {
    const { rest, jobId } = this.#options;
    const path = `/jobs/${jobId}/vertices/${vertex.id}/metrics`;
    if (vertex.metrics.length === 0) {
      const known = (await rest.get(path)) as readonly { id: string }[];
      vertex.metrics = known.map(({ id }) => id).filter(isOfInterest);
    }
    const pages = [];
    // An address is of a few thousand characters at most.
    for (let i = 0; i < vertex.metrics.length; i += 40) pages.push(vertex.metrics.slice(i, i + 40));
    const answers = await Promise.all(
      pages.map((names) => rest.get(`${path}?get=${names.map(encodeURIComponent).join(',')}`)),
    );
    const values = (answers.flat() as readonly { id: string; value: string }[]).map(
      ({ id, value }) => [id, Number(value)] as const,
    );
    // Names come with the first operator that has opened; those of others follow.
    if (!vertex.metrics.some((name) => name.endsWith('currentOutputWatermark'))) vertex.metrics = [];
    return { parallelism: vertex.parallelism, values: new Map(values) };
  }

  async #tellCheckpoints(): Promise<void> {
    const { rest, jobId } = this.#options;
    // A job of a batch has none, and Flink answers with an error.
    const told = (await rest.get(`/jobs/${jobId}/checkpoints`).catch(() => null)) as FlinkCheckpoints | null;
    if (told === null || this.#isDetached) return;
    const restored = restoreReport(told);
    if (restored !== null && restored.at > this.#restoredAt) {
      this.#restoredAt = restored.at;
      this.#onEvent({ type: 'restored', restore: restored });
    }
    for (const one of [...told.history].reverse()) {
      if (this.#checkpoints.get(one.id) === one.status) continue;
      this.#checkpoints.set(one.id, one.status);
      const details = one.status === 'IN_PROGRESS' ? [] : await this.#detailsOf(one.id);
      if (this.#isDetached) return;
      this.#onEvent({ type: 'checkpoint', checkpoint: checkpointReport(one, details) });
    }
  }

  async #detailsOf(id: number) {
    const { rest, jobId } = this.#options;
    const parts = await Promise.all(
      this.#vertices.map(async (vertex) => {
        const node = this.#places.find(({ operators }) => operators.some((one) => one.vertex === vertex.id))?.nodeId;
        if (node === undefined) return [];
        const path = `/jobs/${jobId}/checkpoints/details/${id}/subtasks/${vertex.id}`;
        // Flink keeps the details of the latest few.
        const told = (await rest.get(path).catch(() => null)) as FlinkVertexCheckpoint | null;
        return told === null ? [] : subtaskCheckpoints(node, told);
      }),
    );
    return parts.flat();
  }

  /** The latest reason; null: nothing has failed. */
  async #tellFailures(): Promise<string | null> {
    const { rest, jobId } = this.#options;
    const { exceptionHistory } = (await rest.get(`/jobs/${jobId}/exceptions`)) as {
      exceptionHistory?: { entries: readonly { timestamp: number; stacktrace: string; taskName?: string | null }[] };
    };
    const entries = exceptionHistory?.entries ?? [];
    for (const { timestamp, stacktrace, taskName } of [...entries].reverse()) {
      if (timestamp <= this.#failuresToldUntil) continue;
      this.#failuresToldUntil = timestamp;
      const reason = reasonOf(stacktrace);
      this.#log('error', taskName ? say`Flink: ${reason} (${taskName})` : say`Flink: ${reason}`, timestamp);
    }
    return entries[0] === undefined ? null : reasonOf(entries[0].stacktrace);
  }

  #log(level: LogLevel, message: string, at = this.#options.now()): void {
    if (this.#isDetached) return;
    this.#onEvent({ type: 'log', record: { at, level, message, nodeId: null, subtask: null } });
  }
}

function failedWith(reason: string | null): ErrorReport {
  return toErrorReport(new StreamError('MR2001', say`Flink: ${reason ?? say`the job failed`}`));
}
