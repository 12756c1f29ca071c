/** The time, for ages that grow by themselves. */
import { useSyncExternalStore } from 'react';

const STEP_MS = 1000;

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;
let now = 0;

/** ms since the epoch, new every second; one timer serves all. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, current);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, STEP_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

function tick(): void {
  now = Date.now();
  for (const listener of listeners) listener();
}

function current(): number {
  // Nobody has kept it up while nobody looked.
  if (timer === null) now = Date.now();
  return now;
}
