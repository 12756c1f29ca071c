/** What is looked for in the pipeline on screen, and the match that was gone to last. */
import { create } from 'zustand';
import type { Match } from './find-in-pipeline.ts';

interface FindState {
  readonly query: string;
  /** Index into the matches; -1: none was gone to. */
  readonly current: number;
  /** Grows with each request to put the cursor into the search. */
  readonly focusSerial: number;
}

export const useFindStore = create<FindState>(() => ({ query: '', current: -1, focusSerial: 0 }));

export function setQuery(query: string): void {
  useFindStore.setState({ query, current: -1 });
}

export function setCurrent(current: number): void {
  useFindStore.setState({ current });
}

export function focusSearch(): void {
  useFindStore.setState(({ focusSerial }) => ({ focusSerial: focusSerial + 1 }));
}

/** The index `step` further on, going round; the nearest end when none was gone to. */
export function stepped(matches: readonly Match[], current: number, step: 1 | -1): number {
  if (matches.length === 0) return -1;
  if (current < 0) return step === 1 ? 0 : matches.length - 1;
  return (current + step + matches.length) % matches.length;
}
