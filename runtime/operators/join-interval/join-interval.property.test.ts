/** The operator against its oracle, step by step, with crashes at any place. */
import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  anyJoinSetup,
  anyJoinTrial,
  JOIN_INPUTS,
  JOIN_TIME_AT,
  joinConfig,
  joinOracle,
  referenceOptions,
  type JoinSetup,
} from '../../testing/join-trials.ts';
import type { HarnessBackend } from '../../testing/operator-harness.ts';
import {
  describeInRocksDb,
  inMemory,
  printed,
  runOperator,
  runOracle,
  type OracleStep,
  type OracleTrial,
} from '../../testing/oracle-trials.ts';
import { propertyRuns } from '../../testing/property-runs.ts';
import { ReferenceIntervalJoin } from '../../testing/reference/joins.ts';
import { createJoinInterval } from './runtime.ts';
import { joinIntervalSpec } from './spec.ts';

interface Case {
  readonly lower: number;
  readonly upper: number;
  readonly setup: JoinSetup;
  readonly trial: OracleTrial;
}

/** `scale` puts rows, bounds and watermarks far enough apart for many buckets. */
function anyCase(backend: Arbitrary<HarnessBackend>): Arbitrary<Case> {
  return fc
    .record({
      scale: fc.constantFrom(1, 17, 1000),
      lower: fc.integer({ min: -15, max: 12 }),
      span: fc.nat(20),
      setup: anyJoinSetup,
      trial: anyJoinTrial(backend),
    })
    .map(({ scale, lower, span, setup, trial }) => ({
      setup,
      lower: lower * scale,
      upper: (lower + span) * scale,
      trial: { ...trial, steps: trial.steps.map((step): OracleStep => scaled(step, scale)) },
    }));
}

function scaled(step: OracleStep, scale: number): OracleStep {
  if ('watermark' in step) return { watermark: step.watermark * scale };
  if (!('rows' in step)) return step;
  const rows = step.rows.map((row) => {
    const eventTime = row.eventTime * scale;
    return { ...row, eventTime, values: row.values.with(JOIN_TIME_AT[step.input]!, eventTime) };
  });
  return { ...step, rows };
}

async function agree({ lower, upper, setup, trial }: Case): Promise<void> {
  const seen = await runOperator(
    {
      spec: joinIntervalSpec,
      create: createJoinInterval,
      config: { ...joinConfig(setup), lowerBound: `${lower} milliseconds`, upperBound: `${upper} milliseconds` },
      inputs: JOIN_INPUTS,
    },
    trial,
  );
  const oracle = new ReferenceIntervalJoin(lower, upper, referenceOptions(setup));
  expect(printed(seen)).toEqual(printed(runOracle(joinOracle(oracle), trial)));
}

describe('join.interval agrees with its oracle', () => {
  it('on what matches, what is alone and when, and what is late', async () => {
    await fc.assert(fc.asyncProperty(anyCase(inMemory), agree), propertyRuns(300));
  });

  describeInRocksDb(anyCase, agree, 40);
});
