/** The operator against the join of two tables, step by step, with updates of either side and crashes at any place. */
import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DELETE, UPDATE_BEFORE } from '../../core/batch.ts';
import {
  anyJoinSetup,
  anyJoinTrial,
  JOIN_INPUTS,
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
  type OracleTrial,
  type Seen,
} from '../../testing/oracle-trials.ts';
import { propertyRuns } from '../../testing/property-runs.ts';
import { ReferenceStreamJoin } from '../../testing/reference/joins.ts';
import { createJoinStream } from './runtime.ts';
import { joinStreamSpec } from './spec.ts';

interface Case {
  readonly setup: JoinSetup;
  readonly hasUpdates: readonly [boolean, boolean];
  readonly trial: OracleTrial;
}

function anyCase(backend: Arbitrary<HarnessBackend>): Arbitrary<Case> {
  return fc.tuple(fc.boolean(), fc.boolean()).chain((hasUpdates) =>
    fc.record({
      setup: anyJoinSetup,
      hasUpdates: fc.constant(hasUpdates),
      trial: anyJoinTrial(backend, hasUpdates),
    }),
  );
}

/** Nothing is taken back that is not there, however results of equal rows are mixed up. */
function expectSound({ steps }: Seen): void {
  const there = new Map<string, number>();
  for (const { kind, values } of steps.flat()) {
    const row = values.map(String).join(' | ');
    const count = (there.get(row) ?? 0) + (kind === DELETE || kind === UPDATE_BEFORE ? -1 : 1);
    expect(count, row).toBeGreaterThanOrEqual(0);
    there.set(row, count);
  }
}

async function agree({ setup, hasUpdates, trial }: Case): Promise<void> {
  const inputs = JOIN_INPUTS.map((input, i) => ({
    ...input,
    changelog: hasUpdates[i] === true ? ('update' as const) : ('append' as const),
  }));
  const subject = { spec: joinStreamSpec, create: createJoinStream, config: joinConfig(setup), inputs };
  const seen = await runOperator(subject, trial);
  const oracle = new ReferenceStreamJoin(referenceOptions(setup));
  const expected = runOracle(
    { row: ({ kind, values }, input) => oracle.change(kind, input === 0 ? 'left' : 'right', values) },
    trial,
  );
  expect(printed(seen)).toEqual(printed(expected));
  expectSound(seen);
}

describe('join.stream agrees with its oracle', () => {
  it('on what every row changes', async () => {
    await fc.assert(fc.asyncProperty(anyCase(inMemory), agree), propertyRuns(400));
  });

  describeInRocksDb(anyCase, agree, 40);
});
