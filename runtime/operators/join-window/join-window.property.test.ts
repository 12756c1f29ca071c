/** The operator against its oracle, step by step, with crashes at any place. */
import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  anyJoinSetup,
  anyJoinTrial,
  JOIN_INPUTS,
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
  type OracleTrial,
} from '../../testing/oracle-trials.ts';
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
  readonly setup: JoinSetup;
  readonly trial: OracleTrial;
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
  return fc.record({ window: anyWindow, setup: anyJoinSetup, trial: anyJoinTrial(backend) });
}

async function agree({ window, setup, trial }: Case): Promise<void> {
  const seen = await runOperator(
    {
      spec: joinWindowSpec,
      create: createJoinWindow,
      config: { ...joinConfig(setup), window: window.config },
      inputs: JOIN_INPUTS,
    },
    trial,
  );
  const oracle = new ReferenceWindowJoin(window.windowsOf, referenceOptions(setup));
  expect(printed(seen)).toEqual(printed(runOracle(joinOracle(oracle), trial)));
}

describe('join.window agrees with its oracle', () => {
  it('on what is in which windows, what matches there, and what is late', async () => {
    await fc.assert(fc.asyncProperty(anyCase(inMemory), agree), propertyRuns(300));
  });

  describeInRocksDb(anyCase, agree, 40);
});
