import type { AttemptEnd } from './simulation-case.ts';

/** Tells at which step an attempt is to end; what happens inside a file operation is the machine's to say. */
export class DeathClock {
  readonly #end: AttemptEnd;
  #dueAt: number;
  /** Checkpoints to go. */
  #left: number;

  constructor(end: AttemptEnd) {
    this.#end = end;
    this.#dueAt = end.at === 'step' || end.at === 'stop' ? end.steps : Infinity;
    this.#left = end.at === 'triggered' || end.at === 'completed' ? end.checkpoint : 0;
  }

  /** Once. */
  isDue(step: number): boolean {
    if (step < this.#dueAt) return false;
    this.#dueAt = Infinity;
    return true;
  }

  noteTrigger(step: number): void {
    if (this.#end.at === 'triggered' && --this.#left === 0) this.#dueAt = step + this.#end.steps;
  }

  noteCompletion(step: number): void {
    if (this.#end.at === 'completed' && --this.#left === 0) this.#dueAt = step + this.#end.steps;
  }
}
