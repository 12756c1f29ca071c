/** The operator against its oracle, step by step: random streams, out of order and late, with restores at any place. */
import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DELETE, UPDATE_BEFORE } from '../../core/batch.ts';
import { fieldIndex } from '../../core/schema.ts';
import { anyRow } from '../../testing/arbitraries.ts';
import { shape } from '../../testing/builders.ts';
import type { HarnessBackend } from '../../testing/operator-harness.ts';
import {
  anyOracleTrial,
  describeInRocksDb,
  inMemory,
  isAlone,
  printed,
  runOperator,
  runOracle,
  type Emitted,
  type OracleTrial,
  type Seen,
} from '../../testing/oracle-trials.ts';
import { propertyRuns } from '../../testing/property-runs.ts';
import { ReferenceDedup, type ReferenceChange, type ReferenceDedupConfig } from '../../testing/reference/dedup.ts';
import { createDedup } from './runtime.ts';
import { dedupSpec } from './spec.ts';

const INPUT = shape('k STRING, j INT, s STRING, m DECIMAL(38, 2), d DOUBLE, a ARRAY<INT>, b BOOLEAN', {
  eventTime: true,
});

interface Case {
  readonly hasUpdates: boolean;
  readonly config: ReferenceDedupConfig;
  readonly keys: readonly string[];
  readonly trial: OracleTrial;
}

function anyCase(backend: Arbitrary<HarnessBackend>): Arbitrary<Case> {
  return fc.boolean().chain((hasUpdates) => anyCaseOf(backend, hasUpdates));
}

function anyCaseOf(backend: Arbitrary<HarnessBackend>, hasUpdates: boolean): Arbitrary<Case> {
  return fc.record({
    hasUpdates: fc.constant(hasUpdates),
    config: fc.record({
      keep: hasUpdates ? fc.constant('last') : fc.constantFrom('first', 'last'),
      time: fc.constantFrom('processing', 'event'),
    }),
    keys: fc.constantFrom(['k'], ['j'], ['k', 'j'], ['j', 'b', 'k']),
    trial: anyOracleTrial({
      backend,
      hasUpdates: [hasUpdates],
      row: fc.record({
        values: anyRow(INPUT.schema),
        k: fc.constantFrom('x', 'y', 'z', null),
        j: fc.constantFrom(1, 2, null),
      }),
      values: ({ values, k, j }) => values.with(0, k).with(1, j),
    }),
  });
}

function runReference({ config, keys, trial }: Case): Seen {
  const indices = keys.map((name) => fieldIndex(INPUT.schema, name));
  const reference = new ReferenceDedup(config, (row) => indices.map((i) => String(row.values[i])).join(' '));
  const emitted = ({ kind, row }: ReferenceChange): Emitted => ({ kind, ...row });
  return runOracle(
    {
      row: ({ kind, values, eventTime }) =>
        reference.row({ values, eventTime }, kind === DELETE || kind === UPDATE_BEFORE)?.map(emitted) ?? null,
      watermark: (watermark) => reference.watermark(watermark).map(emitted),
    },
    trial,
  );
}

async function agree(one: Case): Promise<void> {
  const { hasUpdates, config, keys, trial } = one;
  const seen = await runOperator(
    {
      spec: dedupSpec,
      create: createDedup,
      config: { keys, ...config },
      inputs: [{ ...INPUT, changelog: hasUpdates ? 'update' : 'append' }],
    },
    trial,
  );
  // Rows that pass at one instant have no order.
  const isOrdered = isAlone(trial) && !(config.keep === 'first' && config.time === 'event');
  expect(printed(seen, { isOrdered })).toEqual(printed(runReference(one), { isOrdered }));
}

describe('dedup agrees with its oracle', () => {
  it('in memory', async () => {
    await fc.assert(fc.asyncProperty(anyCase(inMemory), agree), propertyRuns(300));
  });

  describeInRocksDb(anyCase, agree, 30);
});
