/** An engine that is measured: ours, and those it is compared with. */
import type { Job } from '../../comparison/engine.ts';

export interface Measurement {
  /** Of the processing itself, as the engine reports it; in seconds. */
  readonly processing: number;
  /** From giving the job to the engine to knowing that it is over; in seconds. */
  readonly endToEnd: number;
}

/** At work; its processes are below this one. */
export interface Contender {
  /** Until jobs are taken: in seconds. */
  startSeconds(): number;
  /** Rejects with the engine's reason. */
  measure(job: Job): Promise<Measurement>;
  stop(): Promise<void>;
}

export interface ContenderOptions {
  /** Absolute path of the bundled worker. */
  readonly workerFile: string;
  readonly parallelism: number;
  /** Of a run: in seconds. */
  readonly timeLimit: number;
}

export interface ContenderSetup {
  readonly id: string;
  /** With its version. */
  readonly label: string;
  /** How it runs, and what `processing` is: a sentence or two for those who read the figures. */
  readonly about: string;
  /** Of the export; null: it runs the document itself. */
  readonly target: string | null;
  /** Whether what is impossible for a stream is measured as a batch job. */
  readonly triesBatch: boolean;
  /** Rejects with `ToolMissing` when it cannot be had here. */
  start(options: ContenderOptions): Promise<Contender>;
}

/** Of every JVM: as a server has it, and no flag besides. */
export const HEAP = '3g';

export async function timed<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
  const startedAt = performance.now();
  const value = await work();
  return [value, (performance.now() - startedAt) / 1000];
}

export function secondsSince(startedAt: number): number {
  return (performance.now() - startedAt) / 1000;
}
