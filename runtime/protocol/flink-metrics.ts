/** Jobs as a Prometheus server sees them: under Flink's names and labels, with our prefix. semantics.md §2.3. */
import type { NodeId } from '../core/ids.ts';
import type { CheckpointReport, JobMetrics, JobState, LatencySummary, StartedJob, SubtaskMetrics } from './job.ts';
import type { JobStatistics } from './job-statistics.ts';
import { printMetricFamilies, type MetricFamily, type MetricSample } from './prometheus.ts';

export interface ReportedJob {
  readonly start: StartedJob;
  readonly statistics: JobStatistics;
}

type Labels = MetricSample['labels'];

interface Description {
  readonly type: MetricFamily['type'];
  readonly help: string;
}

const SUBTASK_METRICS: Readonly<Record<Exclude<keyof SubtaskMetrics, 'subtask' | 'latency'>, Description>> = {
  numRecordsIn: counter('Rows read since the last (re)start.'),
  numRecordsOut: counter('Rows emitted since the last (re)start, by output port.'),
  numRecordsInPerSecond: gauge('Rows read per second.'),
  numRecordsOutPerSecond: gauge('Rows emitted per second, by output port.'),
  numLateRecordsDropped: counter('Rows dropped since the last (re)start because they came late.'),
  busyTimeMsPerSecond: gauge('Time at work, in ms per second, of the task (chain) that the operator runs in.'),
  idleTimeMsPerSecond: gauge('Time without input, in ms per second, of the task (chain) that the operator runs in.'),
  backPressuredTimeMsPerSecond: gauge(
    'Time held up by full outputs, in ms per second, of the task (chain) that the operator runs in.',
  ),
  waitingTimeMsPerSecond: gauge(
    'Part of the busy time in which the task (chain) waited for requests of this operator or for rows that it holds back, in ms per second.',
  ),
  currentInputWatermark: gauge('Last watermark read, in ms since the epoch; +Inf at the end of the input.'),
  currentOutputWatermark: gauge('Last watermark emitted, in ms since the epoch; +Inf at the end of the input.'),
  isIdle: gauge('1 while watermarks downstream do not wait for this subtask, else 0.'),
  stateSize: gauge('State kept, in bytes, estimated.'),
  stateEntries: gauge('Keys in state, where they are kept by window once for each.'),
  watermarkAlignmentDrift: gauge('How far the watermark is ahead of the smallest one in its alignment group, in ms.'),
};

type JobValue = (statistics: JobStatistics) => number | null | undefined;

const JOB_METRICS: Readonly<Record<string, Description & { readonly value: JobValue }>> = {
  createdState: inState('CREATED'),
  runningState: inState('RUNNING'),
  restartingState: inState('RESTARTING'),
  stoppingState: inState('STOPPING'),
  numRestarts: { ...counter('Restarts after failures.'), value: ({ attempt }) => attempt - 1 },
  lastCheckpointDuration: {
    ...gauge('From trigger to completion of the last completed checkpoint, in ms.'),
    value: (job) => job.lastCheckpoint?.durationMs,
  },
  lastCheckpointSize: {
    ...gauge('Written for the last completed checkpoint, in bytes.'),
    value: (job) => job.lastCheckpoint?.sizeBytes,
  },
  lastCheckpointFullSize: {
    ...gauge('All that a restore from the last completed checkpoint reads, in bytes.'),
    value: (job) => job.lastCheckpoint?.stateBytes,
  },
  lastCheckpointProcessedData: {
    ...gauge('Rows handled between first and last barrier of the last completed checkpoint, in bytes.'),
    value: (job) => sumOf(job.lastCheckpoint, 'processedBytes'),
  },
  lastCheckpointPersistedData: {
    ...gauge('Rows under way that were kept with the last completed checkpoint, in bytes.'),
    value: (job) => sumOf(job.lastCheckpoint, 'persistedBytes'),
  },
  numberOfInProgressCheckpoints: {
    ...gauge('Checkpoints under way.'),
    value: ({ checkpoints }) => checkpoints.inProgress,
  },
  numberOfCompletedCheckpoints: {
    ...counter('Checkpoints completed.'),
    value: ({ checkpoints }) => checkpoints.completed,
  },
  numberOfFailedCheckpoints: {
    ...counter('Checkpoints that failed or expired.'),
    value: ({ checkpoints }) => checkpoints.failed,
  },
};

/** What a scrape is answered with; `jobs`: those that have not ended. */
export function printJobMetrics(jobs: readonly ReportedJob[]): string {
  return printMetricFamilies([
    ...Object.entries(JOB_METRICS).map(([name, { value, ...description }]) =>
      family(name, description, jobs, ({ start, statistics }) => samplesOf(labelsOfJob(start), value(statistics))),
    ),
    ...Object.entries(SUBTASK_METRICS).map(([name, description]) =>
      family(name, description, jobs, (job) => subtaskSamples(job, name as keyof typeof SUBTASK_METRICS)),
    ),
    latencyFamily(jobs),
    family('outPoolUsage', gauge('Queued share of what an exchange may queue, 0 to 1.'), jobs, exchangeSamples),
    memoryFamily(jobs),
    managedMemoryFamily('managedMemoryUsed', 'Bytes that state takes.', jobs, ({ usedBytes }) => usedBytes),
    managedMemoryFamily('managedMemoryTotal', 'Bytes that state may take.', jobs, ({ budgetBytes }) => budgetBytes),
  ]);
}

function counter(help: string): Description {
  return { type: 'counter', help };
}

function gauge(help: string): Description {
  return { type: 'gauge', help };
}

function inState(state: JobState): Description & { readonly value: JobValue } {
  return { ...gauge(`1 while the job is ${state}, else 0.`), value: (job) => (job.state === state ? 1 : 0) };
}

function family(
  name: string,
  { type, help }: Description,
  jobs: readonly ReportedJob[],
  samples: (job: ReportedJob) => readonly MetricSample[],
): MetricFamily {
  return { name: `millrace_${name}`, type, help, samples: jobs.flatMap(samples) };
}

function sumOf(checkpoint: CheckpointReport | null, bytes: 'processedBytes' | 'persistedBytes'): number | undefined {
  return checkpoint?.details.reduce((sum, detail) => sum + detail[bytes], 0);
}

function subtaskSamples({ start, statistics }: ReportedJob, name: keyof typeof SUBTASK_METRICS): MetricSample[] {
  const operators = statistics.metrics?.operators ?? [];
  return operators.flatMap(({ nodeId, subtasks }) =>
    subtasks.flatMap((subtask) =>
      samplesOf({ ...labelsOfOperator(start, nodeId), subtask_index: String(subtask.subtask) }, subtask[name]),
    ),
  );
}

/** Flink's histogram `latency`, over the last seconds. */
function latencyFamily(jobs: readonly ReportedJob[]): MetricFamily {
  const description = {
    type: 'summary',
    help: 'From source to sink, in ms, of markers that travel behind rows, over the last seconds.',
  } as const;
  return family('latency', description, jobs, ({ start, statistics }) =>
    (statistics.metrics?.operators ?? []).flatMap(({ nodeId, subtasks }) =>
      subtasks.flatMap(({ subtask, latency }) =>
        latency === null
          ? []
          : quantilesOf({ ...labelsOfOperator(start, nodeId), subtask_index: String(subtask) }, latency),
      ),
    ),
  );
}

function quantilesOf(labels: Labels, { p50, p95, p99 }: LatencySummary): MetricSample[] {
  return Object.entries({ '0.5': p50, '0.95': p95, '0.99': p99 }).map(([quantile, value]) => ({
    labels: { ...labels, quantile },
    value,
  }));
}

type SampledValue = SubtaskMetrics[keyof typeof SUBTASK_METRICS];

/** A value that is not there has no sample: a watermark of 0 would lie. */
function samplesOf(labels: Labels, value: SampledValue | undefined): MetricSample[] {
  if (value === null || value === undefined) return [];
  if (typeof value === 'object')
    return Object.entries(value).map(([port, rows]) => ({ labels: { ...labels, port }, value: rows }));
  return [{ labels, value: value === 'end' ? Infinity : Number(value) }];
}

function exchangeSamples({ start, statistics }: ReportedJob): MetricSample[] {
  const links = statistics.metrics?.links ?? [];
  return links
    .filter(({ exchange }) => exchange !== 'chained')
    .map(({ from, fromPort, to, toPort, queueUsage }) => ({
      labels: { ...labelsOfOperator(start, from), port: fromPort, to_operator_id: to, to_port: toPort },
      value: queueUsage,
    }));
}

function managedMemoryFamily(
  name: string,
  help: string,
  jobs: readonly ReportedJob[],
  of: (memory: JobMetrics['managedMemory']) => number,
): MetricFamily {
  return family(name, gauge(help), jobs, ({ start, statistics: { metrics } }) =>
    samplesOf(labelsOfJob(start), metrics === null ? null : of(metrics.managedMemory)),
  );
}

/** One sample without labels: jobs share the engine's process, and a sum over them would count it twice. */
function memoryFamily(jobs: readonly ReportedJob[]): MetricFamily {
  const reports = jobs.map(({ statistics }) => statistics.metrics).filter((report) => report !== null);
  const latest = reports.reduce<JobMetrics | null>((a, b) => (a === null || b.at > a.at ? b : a), null);
  return {
    name: 'millrace_memoryBytes',
    ...gauge("Bytes used by the engine's process."),
    samples: samplesOf({}, latest?.memoryBytes),
  };
}

/** `job_name`, not `job`: that one is Prometheus' own. */
function labelsOfJob({ jobId, name }: StartedJob): Labels {
  return { job_id: jobId, job_name: name };
}

function labelsOfOperator(start: StartedJob, nodeId: NodeId): Labels {
  return { ...labelsOfJob(start), operator_id: nodeId, operator_name: start.operatorNames[nodeId] ?? nodeId };
}
