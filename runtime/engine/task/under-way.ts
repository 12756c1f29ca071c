/** What the operators of a task have under way outside, and what waits for it. Costs nothing where no operator ever has. */
import type { ChainMark, OperatorNode } from './operator-node.ts';

export class UnderWay {
  /** Those that may have requests under way, the last of the chain first: what waits there is ahead of all else. */
  #nodes: readonly OperatorNode[] = [];
  /** Have something to emit. */
  readonly #woken = new Set<OperatorNode>();

  /** Once the operators are there. */
  watch(nodes: readonly OperatorNode[]): void {
    this.#nodes = nodes.filter(({ operator }) => operator.pending !== undefined).reverse();
  }

  /** Whether some operator wants no more rows. */
  get isFull(): boolean {
    for (const node of this.#nodes) if (node.pending === 'full') return true;
    return false;
  }

  /** Whether nothing is under way, and nothing waits for it. */
  get isNone(): boolean {
    for (const node of this.#nodes) if (node.pending !== 'none' || node.hasDeferred) return false;
    return true;
  }

  /** Whether a mark waits in front of an operator: nothing new may come. */
  get hasDeferred(): boolean {
    for (const node of this.#nodes) if (node.hasDeferred) return true;
    return false;
  }

  /** Whom a task that takes nothing new waits for: where a mark waits or that is full, else any (for a barrier). */
  get holder(): OperatorNode | null {
    let holder: OperatorNode | null = null;
    for (const node of this.#nodes) {
      if (node.hasDeferred || node.pending === 'full') return node;
      if (node.pending !== 'none') holder ??= node;
    }
    return holder;
  }

  wake(node: OperatorNode): void {
    this.#woken.add(node);
  }

  /** Has one operator emit what has come back; whether there was one. */
  handleWake(): boolean {
    for (const node of this.#woken) {
      this.#woken.delete(node);
      // A source is polled.
      if (node.operator.onWake === undefined) continue;
      node.wakeUp();
      return true;
    }
    return false;
  }

  /** Lets what waits go on by a step; null when nothing can. */
  resume(): readonly ChainMark[] | null {
    for (const node of this.#nodes) if (node.canResume) return node.resume();
    return null;
  }

  /** Has operators start what they hold back: all of them for a barrier, else those that a mark waits for. */
  flush(isForBarrier: boolean): void {
    for (const node of this.#nodes) if (isForBarrier || node.hasDeferred) node.flush();
  }
}
