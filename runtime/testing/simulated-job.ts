/** Whole jobs under the deterministic scheduler, for tests that move the clock and hold tasks back. */
import { compileDocument, type CompileOptions } from '../compiler/index.ts';
import type { PhysicalPlan } from '../compiler/physical-plan.ts';
import { assert } from '../core/errors.ts';
import { DeterministicScheduler, type SchedulerOptions, type StepOutcome } from '../engine/deterministic-scheduler.ts';
import { MetricsReader } from '../engine/metrics/metrics-reader.ts';
import { readDocument } from '../graph/index.ts';
import type { JobMetrics, SubtaskMetrics } from '../protocol/job.ts';
import { MemoryFiles } from './memory-files.ts';

export interface SimulatedJob {
  readonly scheduler: DeterministicScheduler;
  readonly files: MemoryFiles;
  /** What `sink.print` printed, a row each. */
  readonly printed: string[];
  readMetrics(): JobMetrics;
  /** Steps until the clock shows `ms` since the epoch, or the job has ended. */
  runUntil(ms: number, onStep?: (outcome: StepOutcome) => void): void;
}

/** Of a document. */
export interface SimulatedNode {
  readonly id: string;
  readonly type: string;
}

export function simulatedNode(id: string, type: string, config: object, parallelism?: number): SimulatedNode {
  const position = { x: 0, y: 0 };
  return Object.assign({ id, type }, { position, config }, parallelism === undefined ? {} : { parallelism });
}

export function generator(
  id: string,
  fields: readonly (readonly [name: string, type: string, expr: string])[],
  config: object,
  parallelism?: number,
): SimulatedNode {
  const declared = fields.map(([name, type, expr]) => ({ name, type, expr }));
  return simulatedNode(id, 'source.generator', { fields: declared, ...config }, parallelism);
}

export function planOf(raw: object, findSpec?: CompileOptions['findSpec']): PhysicalPlan {
  const { document, diagnostics } = readDocument({
    format: 'millrace/pipeline',
    version: 1,
    name: 'simulated',
    notes: [],
    groups: [],
    ...raw,
  });
  const options = { baseFolder: '/job', ...(findSpec === undefined ? {} : { findSpec }) };
  const compiled = document === null ? null : compileDocument(document, options);
  const errors = [...diagnostics, ...(compiled?.diagnostics ?? [])].filter((d) => d.severity === 'error');
  assert(errors.length === 0, errors.map((d) => `${d.code} ${d.message}`).join('; '));
  return compiled!.plan!;
}

/** Opened, at 1970-01-01T00:00:00Z unless told otherwise. */
export async function simulateJob(
  raw: object,
  options: Partial<Omit<SchedulerOptions, 'onPrint'>> & Pick<CompileOptions, 'findSpec'> = {},
): Promise<SimulatedJob> {
  const plan = planOf(raw, options.findSpec);
  const files = options.files instanceof MemoryFiles ? options.files : new MemoryFiles();
  const printed: string[] = [];
  const scheduler = new DeterministicScheduler(plan, {
    seed: 1,
    files,
    ...options,
    onPrint: (_, text) => printed.push(...text.split('\n').filter(Boolean)),
  });
  await scheduler.open();
  const reader = new MetricsReader(plan, scheduler.metrics, scheduler.now);
  return {
    scheduler,
    files,
    printed,
    readMetrics: () => reader.read(scheduler.now),
    runUntil(ms, onStep) {
      while (!scheduler.isFinished && scheduler.now < ms) {
        const outcome = scheduler.step();
        onStep?.(outcome);
      }
    },
  };
}

/** Of one operator, a subtask each. */
export function metricsOf({ operators }: JobMetrics, nodeId: string): readonly SubtaskMetrics[] {
  return operators.find((operator) => operator.nodeId === nodeId)!.subtasks;
}
