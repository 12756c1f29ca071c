import type { Task } from '../engine/task/task.ts';
import type { Draw } from './draw.ts';

/** Tasks that get no processor for a while. */
export class Stalls {
  /** Until which step; by task. */
  readonly #until = new Map<Task, number>();
  readonly #draw: Draw;

  constructor(draw: Draw) {
    this.#draw = draw;
  }

  isHeld(task: Task, step: number): boolean {
    const until = this.#until.get(task);
    if (until === undefined) return false;
    if (step < until) return true;
    this.#until.delete(task);
    return false;
  }

  /** Holds one back for up to `maxSteps`, unless most are held already. */
  hold(tasks: readonly Task[], step: number, maxSteps: number): void {
    if (this.#until.size * 2 > tasks.length) return;
    this.#until.set(this.#draw.pick(tasks), step + this.#draw.integer(1, maxSteps));
  }
}
