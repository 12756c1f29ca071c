/** The operator against its oracle, step by step, with crashes at any place. */
import fc, { type Arbitrary } from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { RocksDbFixture } from '../../engine/state/rocksdb/rocksdb-fixture.ts';
import {
  anyJoinSteps,
  JOIN_CONDITIONS,
  JOIN_INPUTS,
  JOIN_KEYS,
  JOIN_KINDS,
  runJoin,
  runReference,
  type JoinStep,
} from '../../testing/join-trials.ts';
import type { HarnessBackend } from '../../testing/operator-harness.ts';
import { propertyRuns } from '../../testing/property-runs.ts';
import { ReferenceWindowJoin, type WindowsOf } from '../../testing/reference/joins.ts';
import { createJoinWindow } from './runtime.ts';
import { joinWindowSpec } from './spec.ts';

interface Window {
  readonly config: Readonly<Record<string, string>>;
  readonly windowsOf: WindowsOf;
}

interface Case {
  readonly window: Window;
  readonly keys: (typeof JOIN_KEYS)[number];
  readonly kind: (typeof JOIN_KINDS)[number];
  readonly condition: (typeof JOIN_CONDITIONS)[number];
  readonly backend: HarnessBackend;
  readonly steps: readonly JoinStep[];
}

const ms = (count: number): string => `${count} milliseconds`;

/** All windows that begin at `offset` and a multiple of `every`, within reach of `time`, with one of the lengths. */
function windowsAt(offset: number, every: number, lengths: readonly number[]): WindowsOf {
  return (time) => {
    const found: [number, number][] = [];
    for (let n = -200; n <= 200; n++) {
      const start = offset + n * every;
      for (const length of lengths) if (start <= time && time < start + length) found.push([start, start + length]);
    }
    return found;
  };
}

const anyWindow: Arbitrary<Window> = fc
  .record({
    type: fc.constantFrom('tumbling', 'hopping', 'cumulative'),
    part: fc.constantFrom(2, 5, 10),
    times: fc.integer({ min: 1, max: 4 }),
    offset: fc.constantFrom(0, 3),
  })
  .map(({ type, part, times, offset }) => {
    const size = part * times;
    const parts = Array.from({ length: times }, (_, i) => part * (i + 1));
    const common = { type, offset: ms(offset), size: ms(size) };
    if (type === 'tumbling') return { config: common, windowsOf: windowsAt(offset, size, [size]) };
    return type === 'hopping'
      ? { config: { ...common, slide: ms(part) }, windowsOf: windowsAt(offset, part, [size]) }
      : { config: { ...common, step: ms(part) }, windowsOf: windowsAt(offset, size, parts) };
  });

function anyCase(backend: Arbitrary<HarnessBackend>): Arbitrary<Case> {
  return fc.record({
    window: anyWindow,
    keys: fc.constantFrom(...JOIN_KEYS),
    kind: fc.constantFrom(...JOIN_KINDS),
    condition: fc.constantFrom(...JOIN_CONDITIONS),
    backend,
    steps: anyJoinSteps(backend),
  });
}

async function agree({ window, keys, kind, condition, backend, steps }: Case): Promise<void> {
  const config = { on: keys.config, window: window.config, kind: kind.kind, condition: condition.text };
  const oracle = new ReferenceWindowJoin(window.windowsOf, {
    on: keys.positions,
    keeps: kind.keeps,
    condition: condition.holds,
    width: { left: JOIN_INPUTS[0].schema.fields.length, right: JOIN_INPUTS[1].schema.fields.length },
  });
  const seen = await runJoin({ spec: joinWindowSpec, create: createJoinWindow, config, backend, steps });
  expect(seen).toEqual(runReference(steps, oracle));
}

const inMemory = fc.constantFrom<HarnessBackend>('memory', 'moving');

describe('join.window agrees with its oracle', () => {
  it('on what is in which windows, what matches there, and what is late', async () => {
    await fc.assert(fc.asyncProperty(anyCase(inMemory), agree), propertyRuns(300));
  });

  describe('in RocksDB with hardly a cache, now and then moved to memory', () => {
    const rocksDb = new RocksDbFixture(0);
    afterAll(() => rocksDb.close());

    it('as in memory alone', async () => {
      const backend = fc.constantFrom<HarnessBackend>((options) => rocksDb.backend(options), 'moving');
      const property = fc.asyncProperty(anyCase(backend), async (one) => {
        await agree(one);
        rocksDb.closeBackends();
      });
      await fc.assert(property, propertyRuns(40));
    });
  });
});
