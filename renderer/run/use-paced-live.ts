/** Live values for people to read: text that changes more than four times a second cannot be. */
import { liveBuffer, useLive, type LiveState } from '../stores/live-buffer.ts';

const PAUSE_MS = 250;

/** As `useLive`, at most four times a second. `select` must return a stable reference; what is shown last is always the newest. */
export function usePacedLive<T>(select: (state: LiveState) => T): T {
  return useLive(select, subscribePaced);
}

function subscribePaced(listener: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let shownAt = -Infinity;
  const show = (): void => {
    timer = null;
    shownAt = performance.now();
    listener();
  };
  const unsubscribe = liveBuffer.subscribe(() => {
    if (timer !== null) return;
    const wait = shownAt + PAUSE_MS - performance.now();
    if (wait <= 0) show();
    else timer = setTimeout(show, wait);
  });
  return () => {
    unsubscribe();
    if (timer !== null) clearTimeout(timer);
  };
}
