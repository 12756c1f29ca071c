/**
 * An operator against its oracle, step by step: random rows out of order and late, with updates taken back, restored at any place, at
 * another parallelism and in another state backend. A test draws a trial (`anyOracleTrial`), runs the operator (`runOperator`) and the
 * oracle (`runOracle`) through it, and compares what each step gave.
 */
import fc, { type Arbitrary } from 'fast-check';
import { afterAll, describe, it } from 'vitest';
import { CHANGE_SIGNS, DELETE, INSERT, UPDATE_AFTER, UPDATE_BEFORE, type ChangeKind } from '../core/batch.ts';
import type { Value } from '../core/types.ts';
import { RocksDbFixture } from '../engine/state/rocksdb/rocksdb-fixture.ts';
import { Crew, type CrewOptions, type CrewRow } from './crew.ts';
import type { HarnessBackend } from './operator-harness.ts';
import { propertyRuns } from './property-runs.ts';

export type OracleRow = Required<CrewRow>;

export type OracleStep =
  | { readonly input: number; readonly rows: readonly OracleRow[] }
  /** On all inputs. */
  | { readonly watermark: number }
  /** Processing time goes on. */
  | { readonly advanceMs: number }
  | { readonly restoreAt: number; readonly backend: HarnessBackend };

export interface OracleTrial {
  /** At first, in one subtask. */
  readonly backend: HarnessBackend;
  readonly steps: readonly OracleStep[];
}

/** Event times in ms; they drift forward, so that rows are in time, out of order, at the watermark and behind it. */
export interface Drift {
  readonly start: number;
  /** From one batch to the next. */
  readonly step: number;
  /** How far a row is behind the front at most. */
  readonly behind: number;
  /** How far a watermark is. */
  readonly lag: number;
}

export interface OracleTrialOptions<D> {
  readonly backend: Arbitrary<HarnessBackend>;
  /** What of a row is drawn. */
  readonly row: Arbitrary<D>;
  /** Its cells. */
  readonly values: (drawn: D, eventTime: number, input: number) => readonly Value[];
  /** Whether an input takes rows back that it has had; none does unless given. */
  readonly hasUpdates?: readonly boolean[];
  /** 1 unless given. */
  readonly inputs?: number;
  /** Rows have no event time, and there are no watermarks. */
  readonly isUntimed?: boolean;
  readonly drift?: Partial<Drift>;
  /** Now and then processing time goes on by so much; it stands still unless given. */
  readonly advanceMs?: number;
  /** Of a batch. */
  readonly maxRows?: number;
  readonly maxSteps?: number;
}

const DRIFT: Drift = { start: 0, step: 8, behind: 30, lag: 20 };
/** One row in so many takes another one back. */
const TAKEN_BACK_FREQUENCY = 3;

/** `inMemory`, and what `describeInRocksDb` hands over: where the state is, at first and after each restore. */
export const inMemory: Arbitrary<HarnessBackend> = fc.constantFrom<HarnessBackend>('memory', 'moving');

export function anyOracleTrial<D>(options: OracleTrialOptions<D>): Arbitrary<OracleTrial> {
  const { backend, inputs = 1, isUntimed = false, maxRows = 10, maxSteps = 14, advanceMs = 0 } = options;
  const drift = { ...DRIFT, ...options.drift };
  const row = fc.record({
    drawn: options.row,
    behind: fc.nat(drift.behind),
    takesBack: fc.option(fc.nat(), { freq: TAKEN_BACK_FREQUENCY }),
  });
  const rows = fc.record({
    input: fc.nat(inputs - 1),
    rows: fc.array(row, { minLength: 1, maxLength: maxRows }),
  });
  const step = fc.oneof(
    { weight: 6, arbitrary: rows },
    { weight: isUntimed ? 0 : 4, arbitrary: fc.record({ ahead: fc.nat(drift.lag) }) },
    { weight: advanceMs === 0 ? 0 : 4, arbitrary: fc.constant({ advanceMs }) },
    { weight: 2, arbitrary: fc.record({ restoreAt: fc.integer({ min: 1, max: 3 }), backend }) },
  );
  const drawnSteps = fc.array(step, { maxLength: maxSteps, size: 'max' });
  return fc.record({ backend, drawnSteps }).map(({ backend: first, drawnSteps: all }) => {
    let now = drift.start;
    let watermark = -Infinity;
    const present = Array.from({ length: inputs }, (): CrewRow[] => []);
    const steps = all.map((one): OracleStep => {
      if ('restoreAt' in one || 'advanceMs' in one) return one;
      if ('ahead' in one) {
        watermark = Math.max(watermark, now - drift.lag + one.ahead);
        return { watermark };
      }
      now += drift.step;
      const there = present[one.input]!;
      const hasUpdates = options.hasUpdates?.[one.input] ?? false;
      const batch = one.rows.map(({ drawn, behind, takesBack }, i): OracleRow => {
        const isUpdate = hasUpdates && i % 2 === 1;
        if (hasUpdates && takesBack !== null && there.length > 0) {
          const taken = there.splice(takesBack % there.length, 1)[0]!;
          return { ...taken, kind: isUpdate ? UPDATE_BEFORE : DELETE };
        }
        const eventTime = now - behind;
        const added = { values: options.values(drawn, eventTime, one.input), eventTime };
        there.push(added);
        return { ...added, kind: isUpdate ? UPDATE_AFTER : INSERT };
      });
      return { input: one.input, rows: batch };
    });
    return { backend: first, steps: isUntimed ? steps : [...steps, { watermark: Infinity }] };
  });
}

/** A row that left. */
export interface Emitted {
  /** `out` unless given. */
  readonly port?: string;
  /** INSERT unless given. */
  readonly kind?: ChangeKind;
  readonly values: readonly Value[];
  /** Null or left out where the result has none. */
  readonly eventTime?: number | null;
}

export interface Seen<R extends Emitted = Emitted> {
  /** What left at each step. */
  readonly steps: readonly (readonly R[])[];
  /** Rows that were late and only counted. */
  readonly lateRows: number;
}

/** As a rule all ports are connected. */
export interface EmittedBy extends Required<Emitted> {
  readonly subtask: number;
}

/** What leaves the operator, subtask after subtask. */
export async function runOperator<C>(
  subject: Pick<CrewOptions<C>, 'spec' | 'create' | 'config' | 'inputs' | 'files'>,
  { backend, steps }: OracleTrial,
): Promise<Seen<EmittedBy>> {
  let crew = await Crew.start({ ...subject, parallelism: 1, backend });
  const seen: EmittedBy[][] = [];
  let lateRows = 0;
  const stop = (): void => {
    for (const member of crew.members) lateRows += member.lateRows;
    crew.close();
  };
  for (const step of steps) {
    if ('restoreAt' in step) {
      const restoreFrom = await crew.snapshot(1);
      stop();
      crew = await Crew.start({ ...subject, parallelism: step.restoreAt, backend: step.backend, restoreFrom });
      seen.push([]);
      continue;
    }
    const before = crew.members.map(({ events }) => events.length);
    if ('watermark' in step) await crew.watermark(step.watermark);
    else if ('advanceMs' in step) crew.advance(step.advanceMs);
    else await crew.push(step.input, step.rows);
    await crew.settle();
    seen.push(
      crew.members.flatMap(({ events }, subtask) =>
        events
          .slice(before[subtask])
          .flatMap((event) => (event.type === 'row' ? [{ port: event.port, ...event.row, subtask }] : [])),
      ),
    );
  }
  stop();
  return { steps: seen, lateRows };
}

export interface Oracle {
  /** What a row lets leave; null when it is late and only counted. */
  row(row: OracleRow, input: number): readonly Emitted[] | null;
  /** What a watermark lets leave: above those before, or, behind a restore, at the last of them. */
  watermark?(watermark: number): readonly Emitted[];
  /** What processing time lets leave as it goes on. */
  advance?(ms: number): readonly Emitted[];
}

export function runOracle(oracle: Oracle, { steps }: Pick<OracleTrial, 'steps'>): Seen {
  let lateRows = 0;
  let watermark = -Infinity;
  const seen = steps.map((step): readonly Emitted[] => {
    if ('restoreAt' in step) {
      // Tasks do not know watermarks from before: one that does not rise is heard again.
      watermark = -Infinity;
      return [];
    }
    if ('watermark' in step) {
      if (step.watermark <= watermark) return [];
      watermark = step.watermark;
      return oracle.watermark?.(watermark) ?? [];
    }
    if ('advanceMs' in step) return oracle.advance?.(step.advanceMs) ?? [];
    return step.rows.flatMap((row) => {
      const emitted = oracle.row(row, step.input);
      if (emitted === null) lateRows++;
      return emitted ?? [];
    });
  });
  return { steps: seen, lateRows };
}

/** Whether the operator is one subtask from beginning to end, so that what it gives has one order. */
export function isAlone({ steps }: OracleTrial): boolean {
  return steps.every((step) => !('restoreAt' in step) || step.restoreAt === 1);
}

/** `digits`: numbers to so many. */
export function printEmitted(row: Emitted, digits?: number): string {
  const { port = 'out', kind = INSERT, values, eventTime = null } = row;
  return `${port} ${CHANGE_SIGNS[kind]} @${eventTime} ${values.map((value) => printValue(value, digits)).join(' | ')}`;
}

function printValue(value: unknown, digits?: number): string {
  if (Array.isArray(value)) return `[${value.map((element) => printValue(element, digits)).join()}]`;
  if (typeof value === 'number') {
    if (digits !== undefined) return String(Number(value.toPrecision(digits)) + 0);
    return Object.is(value, -0) ? '-0' : String(value);
  }
  if (value instanceof Uint8Array) return `bytes(${[...value].join()})`;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/** Digits of sums whose order of adding may differ; an INT has no more. */
const DIGITS = 10;

/** What a run gave, as text. `isOrdered`: each step's rows have one order. */
export function printed({ steps, lateRows }: Seen, { isOrdered = false }: { isOrdered?: boolean } = {}): unknown {
  const lines = steps.map((rows) => rows.map((row) => printEmitted(row)));
  return { lateRows, steps: isOrdered ? lines : lines.map((all) => all.toSorted()) };
}

/** What a run of aggregates gave, as text: by step and key (cells `keys`), the rows of a key in order; numbers to ten digits. */
export function printedByKey({ steps, lateRows }: Seen, keys: readonly number[]): unknown {
  const byKey = steps.map((rows) => {
    const groups: Record<string, string[]> = {};
    for (const row of rows) {
      const key = keys.map((i) => printValue(row.values[i])).join(' | ');
      (groups[key] ??= []).push(printEmitted(row, DIGITS));
    }
    return groups;
  });
  return { lateRows, steps: byKey };
}

/** Tests that a property holds with state in RocksDB with hardly a cache, that now and then moves to memory. */
export function describeInRocksDb<T>(
  anyCase: (backend: Arbitrary<HarnessBackend>) => Arbitrary<T>,
  agree: (one: T) => Promise<void>,
  runs: number,
): void {
  describe('in RocksDB with hardly a cache, now and then moved to memory', () => {
    const rocksDb = new RocksDbFixture(0);
    afterAll(() => rocksDb.close());

    it('as in memory alone', async () => {
      const backend = fc.constantFrom<HarnessBackend>((options) => rocksDb.backend(options), 'moving');
      const property = fc.asyncProperty(anyCase(backend), async (one) => {
        await agree(one);
        rocksDb.closeBackends();
      });
      await fc.assert(property, propertyRuns(runs));
    });
  });
}
