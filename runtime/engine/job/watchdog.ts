/**
 * Finds workers that do not come back: a source that blocks its thread, a loop without end. Counts looks, not time, so that a
 * machine that slept is not taken for a worker that hangs.
 */
import type { Chain } from '../../compiler/physical-plan.ts';
import { StreamError } from '../../core/errors.ts';
import { say } from '../../core/say.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { Cancel, SystemTimers } from './system-timers.ts';

const LOOK_MS = 5000;
const LIMIT_MS = 60_000;
/** Opening reads all restored state at once. */
const OPENING_LIMIT_MS = 600_000;

export class Watchdog {
  readonly #heartbeat: Heartbeat;
  readonly #chains: readonly Chain[];
  readonly #onHang: (error: StreamError) => void;
  readonly #cancel: Cancel;
  readonly #seen: { turns: number; looks: number }[];
  #limitMs = OPENING_LIMIT_MS;

  constructor(
    heartbeat: Heartbeat,
    options: { readonly workers: number; readonly chains: readonly Chain[]; readonly timers: SystemTimers },
    onHang: (error: StreamError) => void,
  ) {
    this.#heartbeat = heartbeat;
    this.#chains = options.chains;
    this.#onHang = onHang;
    this.#seen = Array.from({ length: options.workers }, () => ({ turns: 0, looks: 0 }));
    this.#cancel = options.timers.every(LOOK_MS, () => this.#look());
  }

  /** All workers are open. */
  started(): void {
    this.#limitMs = LIMIT_MS;
    for (const seen of this.#seen) seen.looks = 0;
  }

  close(): void {
    this.#cancel();
  }

  #look(): void {
    const silent = this.#seen.flatMap((seen, worker) => {
      const turns = this.#heartbeat.turns(worker);
      seen.looks = turns === seen.turns ? seen.looks + 1 : 0;
      seen.turns = turns;
      return seen.looks * LOOK_MS >= this.#limitMs ? [worker] : [];
    });
    // One that is open waits for the others, and is silent too.
    const culprit = silent.find((worker) => this.#heartbeat.chain(worker) !== null) ?? silent[0];
    if (culprit !== undefined) this.#onHang(this.#hang(culprit));
  }

  #hang(worker: number): StreamError {
    const at = this.#heartbeat.chain(worker);
    const chain = at === null ? null : this.#chains[at]!;
    const where =
      chain === null ? '' : say`; it is in ${chain.operators.map((id) => `"${id}"`).join(' → ')}, subtask ${worker}`;
    const error = new StreamError(
      'MR2009',
      say`Worker ${worker} has not answered for ${this.#limitMs / 1000} s${where}. Something there blocks its thread.`,
      {
        remedy: say`Look at what that operator reads, writes or computes: a file that never ends, an expression without end.`,
      },
    );
    error.nodeId = chain?.id ?? null;
    return error;
  }
}
