import { describe, expect, it } from 'vitest';
import { nodeId } from '../core/ids.ts';
import type { JobEvent } from '../protocol/job.ts';
import { EventBatcher } from './event-batcher.ts';

/** A batcher whose timer and watcher are moved by hand. */
function manual() {
  const batches: (readonly JobEvent[])[] = [];
  let due: (() => void) | null = null;
  let taken: (() => void) | null = null;
  const batcher = new EventBatcher(
    (events) => {
      batches.push(events);
      return new Promise<void>((resolve) => (taken = resolve));
    },
    (callback) => {
      due = callback;
      return () => (due = null);
    },
  );
  return {
    batcher,
    batches,
    isArmed: () => due !== null,
    tick: () => due?.(),
    async take() {
      taken?.();
      await Promise.resolve();
      await Promise.resolve();
    },
  };
}

const print = (text: string): JobEvent => ({ type: 'print', nodeId: nodeId('out'), text });
const state = (name: 'RUNNING' | 'FINISHED'): JobEvent => ({
  type: 'state',
  state: name,
  at: 0,
  error: null,
  attempt: 1,
});
const rows = (node: string, seen: number): JobEvent => ({
  type: 'rows',
  sample: { nodeId: nodeId(node), port: 'out', fields: [], rows: [], seen },
});

describe('an event batcher', () => {
  it('sends what has gathered when the interval is over', () => {
    const { batcher, batches, tick } = manual();
    batcher.add(state('RUNNING'));
    batcher.add(print('a'));
    expect(batches).toEqual([]);
    tick();
    expect(batches).toEqual([[state('RUNNING'), print('a')]]);
  });

  it('sends a terminal state at once, with what came before it', () => {
    const { batcher, batches, isArmed } = manual();
    batcher.add(print('a'));
    batcher.add(state('FINISHED'));
    expect(batches).toEqual([[print('a'), state('FINISHED')]]);
    expect(isArmed()).toBe(false);
  });

  it('waits until the last batch was taken, and keeps only the newest rows of a port', async () => {
    const { batcher, batches, tick, take, isArmed } = manual();
    batcher.add(rows('a', 1));
    tick();
    for (const seen of [2, 3]) batcher.add(rows('a', seen));
    batcher.add(rows('b', 9));
    expect(isArmed()).toBe(false);
    await take();
    tick();
    expect(batches).toEqual([[rows('a', 1)], [rows('a', 3), rows('b', 9)]]);
  });

  it('leaves out old lines, and says so, when nobody takes them', () => {
    const { batcher, batches, tick } = manual();
    for (let i = 0; i <= 10_000; i++) batcher.add(print(String(i)));
    tick();
    const [notice, first] = batches[0]!;
    expect(notice).toMatchObject({ type: 'log', record: { level: 'warn' } });
    expect(first).toEqual(print('5000'));
    expect(batches[0]).toHaveLength(5002);
  });

  it('tells when all was taken', async () => {
    const { batcher, take } = manual();
    await batcher.drained();
    batcher.add(state('FINISHED'));
    const drained = batcher.drained();
    await take();
    await drained;
  });
});
