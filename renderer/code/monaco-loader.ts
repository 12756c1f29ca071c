/**
 * Monaco, loaded when the first editor is shown. Until then, and where it cannot be had (a page without workers, such as the tests'),
 * editors are plain text areas with the same behaviour.
 */
import { useEffect, useSyncExternalStore } from 'react';
import type * as MonacoModule from 'monaco-editor/editor';

export type Monaco = typeof MonacoModule;
export type MonacoLoader = () => Promise<Monaco>;

let load: MonacoLoader | null = typeof Worker === 'undefined' ? null : async () => (await import('./monaco.ts')).monaco;
let isLoading = false;
let loaded: Monaco | null = null;
const listeners = new Set<() => void>();

/** For tests: another way to get Monaco; null = never. */
export function setMonacoLoader(loader: MonacoLoader | null): void {
  load = loader;
  loaded = null;
  isLoading = false;
}

/** Starts loading; safe to call often. */
export function preloadMonaco(): void {
  if (load === null || isLoading || loaded !== null) return;
  isLoading = true;
  load()
    .then((monaco) => {
      loaded = monaco;
      for (const listener of listeners) listener();
    })
    // The text areas stay; the next editor that is shown tries again.
    .catch((error: unknown) => console.error('The editor could not be loaded', error))
    .finally(() => {
      isLoading = false;
    });
}

/** Loads it while nothing else is to be done, so that the first click into an expression finds it there. Returns the way to stop. */
export function preloadMonacoWhenIdle(): () => void {
  if (typeof requestIdleCallback === 'undefined') return () => undefined;
  const handle = requestIdleCallback(preloadMonaco);
  return () => cancelIdleCallback(handle);
}

/** Null until it is loaded. */
export function useMonaco(): Monaco | null {
  useEffect(preloadMonaco, []);
  return useSyncExternalStore(subscribe, () => loaded);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
