/** What a job's events add up to: where it stands now, and its checkpoints so far. */
import type { CheckpointReport, JobEvent, JobMetrics, JobState } from './job.ts';

export class JobStatistics {
  #state: JobState = 'CREATED';
  #attempt = 1;
  #metrics: JobMetrics | null = null;
  #lastCheckpoint: CheckpointReport | null = null;
  #runningCheckpoint: number | null = null;
  #completed = 0;
  #failed = 0;

  note(event: JobEvent): void {
    if (event.type === 'metrics') this.#metrics = event.metrics;
    else if (event.type === 'checkpoint') this.#noteCheckpoint(event.checkpoint);
    else if (event.type === 'state') {
      this.#state = event.state;
      this.#attempt = event.attempt;
      if (event.state === 'RESTARTING') this.#endAttempt();
    }
  }

  get state(): JobState {
    return this.#state;
  }

  /** From 1; each restart is another. */
  get attempt(): number {
    return this.#attempt;
  }

  /** The latest; null while no attempt runs. */
  get metrics(): JobMetrics | null {
    return this.#metrics;
  }

  /** The last one that was completed. */
  get lastCheckpoint(): CheckpointReport | null {
    return this.#lastCheckpoint;
  }

  /** Of all attempts; expired ones have failed. */
  get checkpoints(): { readonly inProgress: number; readonly completed: number; readonly failed: number } {
    const inProgress = this.#runningCheckpoint === null ? 0 : 1;
    return { inProgress, completed: this.#completed, failed: this.#failed };
  }

  #noteCheckpoint(checkpoint: CheckpointReport): void {
    this.#runningCheckpoint = checkpoint.status === 'running' ? checkpoint.id : null;
    if (checkpoint.status === 'completed') {
      this.#completed++;
      this.#lastCheckpoint = checkpoint;
    } else if (checkpoint.status !== 'running') this.#failed++;
  }

  /** Rates of workers that are gone say nothing, and nobody will end the checkpoint that they were at. */
  #endAttempt(): void {
    this.#metrics = null;
    if (this.#runningCheckpoint !== null) this.#failed++;
    this.#runningCheckpoint = null;
  }
}
