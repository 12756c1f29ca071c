/**
 * Keys of requests, by which a server can tell that one is sent again. A key says which run, node and subtask sent it, the checkpoint before
 * it, its number since, and what it holds: so a job that goes back to the checkpoint and cuts the same rows in the same way gives the
 * same keys, and never the same key to other rows.
 */
import { createHash } from 'node:crypto';
import type { OperatorContext, OperatorPlan } from '../../core/operator.ts';
import type { ListState } from '../../core/state.ts';

type KeyState = { readonly subtask: number; readonly run: string; readonly checkpointId: number };

export class IdempotencyKeys {
  readonly #nodeId: string;
  readonly #subtask: number;
  readonly #state: ListState<KeyState>;
  /** Keeps the keys of a job that is started anew apart from those of the one before. */
  readonly #run: string;
  #checkpointId: number;
  #sequence = 0;

  constructor({ nodeId, subtask }: OperatorPlan<unknown>, context: OperatorContext) {
    this.#nodeId = nodeId;
    this.#subtask = subtask;
    this.#state = context.state.list<KeyState>('idempotency', 'union');
    const restored = this.#state.get();
    const own = restored.find((entry) => entry.subtask === subtask) ?? restored[0];
    this.#run = own?.run ?? Math.floor(context.random() * 2 ** 48).toString(36);
    this.#checkpointId = own?.checkpointId ?? 0;
  }

  next(body: Uint8Array): string {
    const content = createHash('sha256').update(body).digest('hex').slice(0, 16);
    return `${this.#run}-${this.#nodeId}-${this.#subtask}-${this.#checkpointId}-${this.#sequence++}-${content}`;
  }

  /** Nothing is under way. */
  snapshot(checkpointId: number): void {
    this.#checkpointId = checkpointId;
    this.#sequence = 0;
    this.#state.set([{ subtask: this.#subtask, run: this.#run, checkpointId }]);
  }
}
