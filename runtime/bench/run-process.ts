/** Runs a document in a process of its own (`millrace run --json`): its memory is then the job's alone, and it can be watched like a user's. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { assert } from '../core/errors.ts';
import { printDocument, type PipelineDocument } from '../graph/index.ts';
import type { CheckpointReport, JobEvent, JobMetrics } from '../protocol/job.ts';

export interface ProcessRun {
  /** From RUNNING to the end of the job, or to when it was interrupted. */
  readonly seconds: number;
  /** From the start of the process to RUNNING. */
  readonly startSeconds: number;
  /** Most that the process held in memory at once. */
  readonly peakBytes: number;
  /** Those that are over, in order. */
  readonly checkpoints: readonly CheckpointReport[];
  /** Twice a second, in order. */
  readonly metrics: readonly JobMetrics[];
}

export interface ProcessOptions {
  /** Absolute path of the bundled worker, beside which the command line lies. */
  readonly workerFile: string;
  /** Interrupts the job after this time; it runs to its end unless given. */
  readonly stopAfterMs?: number;
}

/** Rejects when the job fails. */
export async function runInProcess(document: PipelineDocument, options: ProcessOptions): Promise<ProcessRun> {
  const folder = await mkdtemp(path.join(tmpdir(), 'millrace-bench-'));
  try {
    const file = path.join(folder, 'bench.pipeline.json');
    await writeFile(file, printDocument(document));
    return await watchRun(file, options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function watchRun(file: string, { workerFile, stopAfterMs }: ProcessOptions): Promise<ProcessRun> {
  const cli = path.resolve(path.dirname(workerFile), '../cli/millrace.cjs');
  const spawnedAt = performance.now();
  const child = spawn(process.execPath, [cli, 'run', file, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close');
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const checkpoints: CheckpointReport[] = [];
  const metrics: JobMetrics[] = [];
  let startedAt = 0;
  let seconds = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as JobEvent;
    if (event.type === 'metrics') metrics.push(event.metrics);
    if (event.type === 'checkpoint' && event.checkpoint.status !== 'running') checkpoints.push(event.checkpoint);
    if (event.type !== 'state') continue;
    if (event.state === 'RUNNING') {
      startedAt = performance.now();
      if (stopAfterMs !== undefined) setTimeout(() => child.kill('SIGINT'), stopAfterMs);
    } else {
      seconds = (performance.now() - startedAt) / 1000;
    }
  }
  const [code] = (await closed) as [number | null];
  assert(code === 0, `the job ended with exit code ${code}: ${stderr}`);
  const startSeconds = (startedAt - spawnedAt) / 1000;
  return { seconds, startSeconds, peakBytes: Math.max(0, ...metrics.map((m) => m.memoryBytes)), checkpoints, metrics };
}
