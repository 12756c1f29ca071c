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
import { ReferenceIntervalJoin } from '../../testing/reference/joins.ts';
import { createJoinInterval } from './runtime.ts';
import { joinIntervalSpec } from './spec.ts';

interface Case {
  readonly lower: number;
  readonly upper: number;
  readonly keys: (typeof JOIN_KEYS)[number];
  readonly kind: (typeof JOIN_KINDS)[number];
  readonly condition: (typeof JOIN_CONDITIONS)[number];
  readonly backend: HarnessBackend;
  readonly steps: readonly JoinStep[];
}

/** `scale` puts rows, bounds and watermarks far enough apart for many buckets. */
function anyCase(backend: Arbitrary<HarnessBackend>): Arbitrary<Case> {
  return fc
    .record({
      scale: fc.constantFrom(1, 17, 1000),
      lower: fc.integer({ min: -15, max: 12 }),
      span: fc.nat(20),
      keys: fc.constantFrom(...JOIN_KEYS),
      kind: fc.constantFrom(...JOIN_KINDS),
      condition: fc.constantFrom(...JOIN_CONDITIONS),
      backend,
      steps: anyJoinSteps(backend),
    })
    .map(({ scale, lower, span, steps, ...rest }) => ({
      ...rest,
      lower: lower * scale,
      upper: (lower + span) * scale,
      steps: steps.map((step): JoinStep => scaled(step, scale)),
    }));
}

function scaled(step: JoinStep, scale: number): JoinStep {
  if ('watermark' in step) return { watermark: step.watermark * scale };
  if (!('rows' in step)) return step;
  const timeAt = step.side === 'left' ? 3 : 0;
  return {
    ...step,
    rows: step.rows.map(({ values, eventTime }) => ({
      values: values.with(timeAt, eventTime * scale),
      eventTime: eventTime * scale,
    })),
  };
}

async function agree({ lower, upper, keys, kind, condition, backend, steps }: Case): Promise<void> {
  const config = {
    on: keys.config,
    lowerBound: `${lower} milliseconds`,
    upperBound: `${upper} milliseconds`,
    kind: kind.kind,
    condition: condition.text,
  };
  const oracle = new ReferenceIntervalJoin(lower, upper, {
    on: keys.positions,
    keeps: kind.keeps,
    condition: condition.holds,
    width: { left: JOIN_INPUTS[0].schema.fields.length, right: JOIN_INPUTS[1].schema.fields.length },
  });
  const seen = await runJoin({ spec: joinIntervalSpec, create: createJoinInterval, config, backend, steps });
  expect(seen).toEqual(runReference(steps, oracle));
}

const inMemory = fc.constantFrom<HarnessBackend>('memory', 'moving');

describe('join.interval agrees with its oracle', () => {
  it('on what matches, what is alone and when, and what is late', async () => {
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
