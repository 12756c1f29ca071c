/** What a person sees of a running job: one line, rewritten in place, and a summary at the end. */
import type { NodeId } from '../core/ids.ts';
import type { PhysicalPlan } from '../compiler/index.ts';
import type { CheckpointReport, JobEvent, JobMetrics, JobState, SubtaskMetrics } from '../protocol/job.ts';
import type { CliIo } from './io.ts';
import { count } from './text.ts';

const CLEAR_LINE = '\r\u001b[K';

export class Progress {
  readonly #io: CliIo;
  readonly #startedAt: number;
  /** Where rows come in and where they leave: operators without inputs, and those that nothing reads. */
  readonly #sources: ReadonlySet<NodeId>;
  readonly #sinks: ReadonlySet<NodeId>;
  #state: JobState = 'CREATED';
  #metrics: JobMetrics | null = null;
  #lastCheckpoint: CheckpointReport | null = null;
  #checkpoints = 0;
  #isDrawn = false;

  constructor(plan: PhysicalPlan, io: CliIo) {
    this.#io = io;
    this.#startedAt = io.now();
    const readers = new Set(plan.links.map((link) => link.to));
    const read = new Set(plan.links.map((link) => link.from));
    const ids = plan.operators.map((operator) => operator.nodeId);
    this.#sources = new Set(ids.filter((id) => !readers.has(id)));
    this.#sinks = new Set(ids.filter((id) => !read.has(id)));
  }

  update(event: JobEvent): void {
    if (event.type === 'state') this.#state = event.state;
    else if (event.type === 'metrics') this.#metrics = event.metrics;
    else if (event.type === 'checkpoint' && event.checkpoint.status === 'completed') {
      this.#checkpoints++;
      this.#lastCheckpoint = event.checkpoint;
    } else return;
    this.#draw();
  }

  /** Writes around the progress line: takes it away, and puts it back behind. */
  interleave(write: () => void): void {
    this.#clear();
    write();
    this.#draw();
  }

  /** Takes the line away for good. */
  finish(): void {
    this.#clear();
    this.#state = 'FINISHED';
  }

  /**
   * `FINISHED in 2.1 s: 120,000 rows in, 24 rows out, 3 checkpoints, latency 1.5 ms (p99 12 ms)`; without counts for a job that
   * never ran, and without latency where none was measured.
   */
  summary(state: JobState): string {
    const time = `${state} in ${seconds(this.#io.now() - this.#startedAt)}`;
    if (this.#metrics === null) return `${time}\n`;
    const totals = [
      `${count(
        this.#sum(this.#sources, (one) => sumOf(one.numRecordsOut)),
        'row',
      )} in`,
      `${count(
        this.#sum(this.#sinks, (one) => one.numRecordsIn),
        'row',
      )} out`,
      count(this.#checkpoints, 'checkpoint'),
      ...this.#latency(),
    ];
    return `${time}: ${totals.join(', ')}\n`;
  }

  #draw(): void {
    if (!this.#io.isTerminal || this.#state === 'FINISHED' || this.#state === 'STOPPED' || this.#state === 'FAILED')
      return;
    this.#io.stderr.write(`${CLEAR_LINE}${this.#line().slice(0, this.#io.columns() - 1)}`);
    this.#isDrawn = true;
  }

  #clear(): void {
    if (this.#isDrawn) this.#io.stderr.write(CLEAR_LINE);
    this.#isDrawn = false;
  }

  #line(): string {
    const rate = (ids: ReadonlySet<NodeId>, of: (subtask: SubtaskMetrics) => number): string =>
      `${Math.round(this.#sum(ids, of)).toLocaleString('en-US')} rows/s`;
    const checkpoint = this.#lastCheckpoint;
    return [
      `${this.#state} ${seconds(this.#io.now() - this.#startedAt)}`,
      `in ${rate(this.#sources, (one) => sumOf(one.numRecordsOutPerSecond))}`,
      `out ${rate(this.#sinks, (one) => one.numRecordsInPerSecond)}`,
      `watermark ${this.#watermarkLag()}`,
      checkpoint === null
        ? 'no checkpoint yet'
        : `checkpoint ${checkpoint.id} (${Math.round(checkpoint.durationMs ?? 0)} ms)`,
    ].join(' · ');
  }

  /** Of the slowest output, over the last seconds. */
  #latency(): string[] {
    const operators = this.#metrics?.operators ?? [];
    const measured = operators.flatMap(({ subtasks }) => subtasks.flatMap(({ latency }) => latency ?? []));
    if (measured.length === 0) return [];
    const slowest = measured.reduce((a, b) => (b.p99 > a.p99 ? b : a));
    return [`latency ${milliseconds(slowest.p50)} (p99 ${milliseconds(slowest.p99)})`];
  }

  #sum(ids: ReadonlySet<NodeId>, of: (subtask: SubtaskMetrics) => number): number {
    const operators = this.#metrics?.operators ?? [];
    return operators
      .filter((operator) => ids.has(operator.nodeId))
      .flatMap((operator) => operator.subtasks)
      .reduce((sum, subtask) => sum + of(subtask), 0);
  }

  /** How far the slowest output is behind the clock. */
  #watermarkLag(): string {
    const metrics = this.#metrics;
    if (metrics === null) return 'none';
    const watermarks = metrics.operators
      .filter((operator) => this.#sinks.has(operator.nodeId))
      .flatMap((operator) => operator.subtasks.map((subtask) => subtask.currentInputWatermark));
    const known = watermarks.filter((watermark) => typeof watermark === 'number');
    if (known.length > 0) return `${age(metrics.at - Math.min(...known))} behind`;
    return watermarks.includes('end') ? 'at the end' : 'none';
  }
}

function sumOf(byPort: Readonly<Record<string, number>>): number {
  return Object.values(byPort).reduce((sum, rows) => sum + rows, 0);
}

/** To two digits: more would be noise. */
function milliseconds(ms: number): string {
  return `${Number(ms.toPrecision(2)).toLocaleString('en-US')} ms`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

const AGES = [
  ['days', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;

/** Of a duration in ms, as roughly as one glance needs. */
function age(ms: number): string {
  const unit = AGES.find(([, size]) => ms >= 2 * size);
  return unit === undefined ? seconds(ms) : `${Math.floor(ms / unit[1])} ${unit[0]}`;
}
