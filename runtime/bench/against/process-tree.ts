/** The processes that this one has started, and those that they have: a real engine is several. Linux only: elsewhere there are none (proc(5)). */
import { readdirSync, readFileSync } from 'node:fs';

/** How often memory is looked at. */
const INTERVAL_MS = 100;

/** Below this process. */
export function descendants(): readonly number[] {
  const children = new Map<number, number[]>();
  for (const name of processNames()) {
    const parent = fieldOf(name, 'PPid');
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const below = (pid: number): number[] => (children.get(pid) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(process.pid);
}

export function killDescendants(): void {
  for (const pid of descendants()) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
}

/**
 * Most memory that all descendants had together, by resident sets. A child of exactly its parent's size has been forked and is no other program yet: its pages are
 * those of its parent (a JVM forks for every `chmod`), and count once.
 */
export class PeakMemory {
  #peak = 0;
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#timer = setInterval(() => this.#look(), INTERVAL_MS);
  }

  /** In bytes; 0: it cannot be known here. */
  stop(): number {
    clearInterval(this.#timer);
    return this.#peak;
  }

  #look(): void {
    let kilobytes = 0;
    for (const pid of descendants().map(String)) {
      const parent = fieldOf(pid, 'PPid');
      const isForked = parent !== null && fieldOf(pid, 'VmSize') === fieldOf(String(parent), 'VmSize');
      if (!isForked) kilobytes += fieldOf(pid, 'VmRSS') ?? 0;
    }
    this.#peak = Math.max(this.#peak, kilobytes * 1024);
  }
}

function processNames(): readonly string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** Null: there is no such process any more, or it has no such field. */
function fieldOf(pid: string, field: string): number | null {
  try {
    const value = new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return value === undefined ? null : Number(value);
  } catch {
    return null;
  }
}
