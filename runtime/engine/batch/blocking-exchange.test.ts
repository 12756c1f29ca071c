import { describe, expect, it } from 'vitest';
import { keyGroupRange } from '../../core/hash.ts';
import type { OperatorContext, OperatorPlan } from '../../core/operator.ts';
import { createAggregateWindow } from '../../operators/aggregate-window/runtime.ts';
import { aggregateWindowSpec, type AggregateWindowConfig } from '../../operators/aggregate-window/spec.ts';
import { shape } from '../../testing/builders.ts';
import type { Literal } from '../../testing/literals.ts';
import { MemoryFiles } from '../../testing/memory-files.ts';
import { createHarness } from '../../testing/operator-harness.ts';
import { BlockingExchange } from './blocking-exchange.ts';
import { KeyPartitions } from './key-partitions.ts';
import { SpillFile } from './spill-file.ts';
import { createStateBackend, type KeyGroupRange, type StateSnapshot } from '../state/index.ts';
import { SwitchedState } from './switched-state.ts';

const PATH = '/spill/0-0.rows';
const BATCH_ROWS = 50;

function createState(keyGroups: KeyGroupRange, restored: readonly StateSnapshot[]) {
  return createStateBackend('memory', {
    keyGroups,
    subtask: 0,
    parallelism: 1,
    restored,
    onMismatch: 'refuse',
    now: () => 0,
  });
}

async function run(window: Record<string, unknown>, rows: readonly (readonly Literal[])[], spillAfterBytes: number) {
  const files = new MemoryFiles();
  const state = new SwitchedState(createState(keyGroupRange(0, 1), []), 0);
  const seen = { peakBytes: 0, fileBytes: 0, earlyRows: 0 };
  const create = (plan: OperatorPlan<AggregateWindowConfig>, context: OperatorContext): BlockingExchange => {
    const ours = { ...context, state, hasProgress: false };
    return new BlockingExchange({
      inputs: [{ schema: plan.inputs[0]!.shape.schema, keys: [0] }],
      batchRows: BATCH_ROWS,
      partitions: new KeyPartitions(0, 1),
      state,
      spillAfterBytes,
      createFile: () => new SpillFile(files, PATH),
      createState,
      createOperator: () => createAggregateWindow(plan, ours),
    });
  };
  const operator = await createHarness({
    spec: aggregateWindowSpec,
    create,
    config: {
      groupBy: ['k'],
      window,
      aggregates: [
        { as: 'n', fn: 'COUNT', expr: '*' },
        { as: 'first', fn: 'FIRST_VALUE', expr: 'v' },
        { as: 'last', fn: 'LAST_VALUE', expr: 'v' },
      ],
    },
    inputs: [shape('k INT, v INT, ts TIMESTAMP', { eventTime: true })],
  });
  const measure = (): void => {
    state.settle();
    seen.peakBytes = Math.max(seen.peakBytes, state.bytes);
  };
  for (let at = 0; at < rows.length; at += BATCH_ROWS) {
    operator.push(0, rows.slice(at, at + BATCH_ROWS));
    measure();
  }
  seen.earlyRows = operator.rows().length;
  if (files.exists(PATH)) seen.fileBytes = files.size(PATH);
  operator.end();
  measure();
  operator.close();
  return { ...seen, rows: operator.rows().map((row) => row.map(String).join()), files };
}

/** Each key twice, far apart. */
function rowsOf(keys: number): (readonly Literal[])[] {
  return Array.from({ length: 2 * keys }, (_, i) => [(i * 7) % keys, i, 1000 + (i % 3)]);
}

const WINDOWS = [
  { type: 'tumbling', size: '1 second' },
  { type: 'hopping', size: '2 seconds', slide: '1 second' },
  { type: 'session', gap: '1 second' },
];

describe('a blocking exchange', () => {
  it.each(WINDOWS)(
    'gives what the operator alone gives, with state spilled early, late or never: %o',
    async (window) => {
      const rows = rowsOf(500);
      const alone = await run(window, rows, Infinity);
      expect(alone.rows).toHaveLength(window.type === 'hopping' ? 1000 : 500);
      expect(alone.fileBytes).toBe(0);
      for (const spillAfterBytes of [0, Math.floor(alone.peakBytes / 2), alone.peakBytes - 1]) {
        const spilled = await run(window, rows, spillAfterBytes);
        expect(spilled.rows.toSorted()).toEqual(alone.rows.toSorted());
        expect(spilled.fileBytes).toBeGreaterThan(0);
        expect(spilled.earlyRows).toBe(0);
        expect(spilled.files.paths()).toEqual([]);
      }
    },
  );

  it('holds a fraction of the keys at a time', async () => {
    const rows = rowsOf(20_000);
    const alone = await run(WINDOWS[0]!, rows, Infinity);
    const spilled = await run(WINDOWS[0]!, rows, alone.peakBytes / 10);
    expect(spilled.rows).toHaveLength(20_000);
    expect(spilled.peakBytes).toBeLessThan(alone.peakBytes / 4);
  });

  it('leaves an operator with few keys alone, however many rows it has', async () => {
    const rows = Array.from({ length: 5000 }, (_, i): readonly Literal[] => [i % 3, i, 1000]);
    const few = await run(WINDOWS[0]!, rows, 100_000);
    expect(few.rows).toHaveLength(3);
    expect(few.fileBytes).toBe(0);
  });

  it('takes no input for what it is', async () => {
    expect((await run(WINDOWS[0]!, [], 0)).rows).toEqual([]);
  });
});
