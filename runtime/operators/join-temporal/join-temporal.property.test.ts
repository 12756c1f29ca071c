/** The operator against its oracle, step by step, with a right side of upserts and deletions, and crashes at any place. */
import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DELETE, UPDATE_BEFORE } from '../../core/batch.ts';
import {
  anyJoinSetup,
  anyJoinTrial,
  JOIN_INPUTS,
  JOIN_KINDS,
  joinConfig,
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
import { ReferenceTemporalJoin } from '../../testing/reference/joins.ts';
import { createJoinTemporal } from './runtime.ts';
import { joinTemporalSpec } from './spec.ts';

interface Case {
  readonly setup: JoinSetup;
  readonly hasUpdates: boolean;
  readonly trial: OracleTrial;
}

const [INNER, LEFT] = JOIN_KINDS;

function anyCase(backend: Arbitrary<HarnessBackend>): Arbitrary<Case> {
  return fc.tuple(fc.boolean(), fc.nat(15)).chain(([hasUpdates, after]) =>
    fc.record({
      setup: fc
        .record({ setup: anyJoinSetup, kind: fc.constantFrom(INNER, LEFT) })
        .map(({ setup, kind }) => ({ ...setup, kind })),
      hasUpdates: fc.constant(hasUpdates),
      trial: anyJoinTrial(backend, [false, hasUpdates]).map((trial) => ({
        ...trial,
        steps: trial.steps.map((step): OracleStep => deletedLater(step, after)),
      })),
    }),
  );
}

/** Rows are deleted some time after they came. */
function deletedLater(step: OracleStep, ms: number): OracleStep {
  if (!('rows' in step)) return step;
  const rows = step.rows.map((row) => (row.kind === DELETE ? { ...row, eventTime: row.eventTime + ms } : row));
  return { ...step, rows };
}

async function agree({ setup, hasUpdates, trial }: Case): Promise<void> {
  const inputs = [JOIN_INPUTS[0], { ...JOIN_INPUTS[1], changelog: hasUpdates ? 'update' : 'append' } as const];
  const subject = { spec: joinTemporalSpec, create: createJoinTemporal, config: joinConfig(setup), inputs };
  const reference = new ReferenceTemporalJoin(referenceOptions(setup));
  const expected = runOracle(
    {
      row({ values, eventTime, kind }, input) {
        if (input === 0) return reference.left(values, eventTime);
        if (kind !== UPDATE_BEFORE) reference.right(values, eventTime, kind === DELETE);
        return [];
      },
      watermark: (watermark) => reference.watermark(watermark),
    },
    trial,
  );
  expect(printed(await runOperator(subject, trial))).toEqual(printed(expected));
}

describe('join.temporal agrees with its oracle', () => {
  it('on which version each row has, and what is late', async () => {
    await fc.assert(fc.asyncProperty(anyCase(inMemory), agree), propertyRuns(400));
  });

  describeInRocksDb(anyCase, agree, 40);
});
