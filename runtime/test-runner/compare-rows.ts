/**
 * Which rows came as expected. First those that are equal find each other; of the rest, those that are most alike are one row that
 * changed, when they share at least half of what is compared; what is left is missing or unexpected.
 */
import type { Schema } from '../core/schema.ts';
import type { DataType } from '../core/types.ts';
import { CHANGE_KEY, TIME_KEY, type Expectation } from '../graph/index.ts';
import type { CheckedRow, ComparedRow } from '../protocol/test-report.ts';

/** Rows beyond are not paired by likeness: it takes the square of their number. */
const MAX_ALIKE = 500;

export interface Comparing extends Pick<Expectation, 'order' | 'ignore' | 'tolerance'> {
  readonly schema: Schema;
  /** Expected rows that say their event time: for the others it does not count. */
  readonly timed: ReadonlySet<CheckedRow>;
}

export function compareRows(
  expected: readonly CheckedRow[],
  actual: readonly CheckedRow[],
  comparing: Comparing,
): ComparedRow[] {
  const comparer = new RowComparer(comparing);
  const partner =
    comparing.order === 'exact' ? longestCommon(expected, actual, comparer) : equalPairs(expected, actual, comparer);
  const taken = new Set(partner.filter((at) => at !== null));
  const moved = new Map<number, number>();
  if (comparing.order === 'exact') {
    for (const [e, a] of equalPairsAmong(expected, actual, left(partner), leftActual(actual, taken), comparer)) {
      moved.set(e, a);
      taken.add(a);
    }
  }
  const lone = left(partner).filter((e) => !moved.has(e));
  const changed = alikePairs(expected, actual, lone, leftActual(actual, taken), comparer);

  const rows: { readonly at: number; readonly row: ComparedRow }[] = [];
  // Where a row of the result belongs among the expected ones: behind the expected partner of the one before it.
  let anchor = -1;
  const anchors = new Map<number, number>();
  const partnerOf = new Map([...entriesOf(partner), ...changed, ...moved].map(([e, a]) => [a, e]));
  actual.forEach((_, a) => {
    const e = partnerOf.get(a);
    if (e === undefined) anchors.set(a, anchor + 0.5);
    else if (!moved.has(e)) anchor = e;
  });
  expected.forEach((row, e) => {
    const same = partner[e] ?? null;
    const at = same ?? changed.get(e) ?? moved.get(e) ?? null;
    const comparison = same !== null ? 'same' : changed.has(e) ? 'changed' : moved.has(e) ? 'moved' : 'missing';
    const other = at === null ? null : actual[at]!;
    const differing = comparison === 'changed' ? comparer.differing(row, other!) : [];
    rows.push({ at: e, row: { comparison, expected: row, actual: other, changed: differing } });
  });
  for (const [a, at] of anchors) {
    rows.push({ at, row: { comparison: 'unexpected', expected: null, actual: actual[a]!, changed: [] } });
  }
  // Sorting is stable: those at one place stay in the order they came.
  return rows.sort((a, b) => a.at - b.at).map(({ row }) => row);
}

/** Rows that changes leave in the end, in the order in which they first came; a row that is taken back without being there stays, as a change. */
export function tableOf(rows: readonly CheckedRow[]): CheckedRow[] {
  const left = new Map<string, CheckedRow[]>();
  const strays: CheckedRow[] = [];
  for (const row of rows) {
    const key = JSON.stringify(row.values);
    const same = left.get(key) ?? [];
    left.set(key, same);
    if (row.changeKind.startsWith('+')) same.push({ ...row, changeKind: '+I' });
    else if (same.pop() === undefined) strays.push(row);
  }
  return [...[...left.values()].flat(), ...strays];
}

/** Compares rows by the fields that count. */
class RowComparer {
  readonly #fields: readonly { readonly name: string; readonly index: number; readonly isNumber: boolean }[];
  readonly #tolerance: number;
  readonly #timed: ReadonlySet<CheckedRow>;

  constructor({ schema, ignore, tolerance, timed }: Comparing) {
    this.#fields = schema.fields
      .map(({ name, type }, index) => ({ name, index, isNumber: isNumber(type) }))
      .filter(({ name }) => !ignore.includes(name));
    this.#tolerance = tolerance;
    this.#timed = timed;
  }

  get width(): number {
    return this.#fields.length + 1;
  }

  isEqual(expected: CheckedRow, actual: CheckedRow): boolean {
    return this.differing(expected, actual).length === 0;
  }

  /** Equal for rows that are equal without tolerance, and only for them, but for their event times. */
  key(row: CheckedRow): string {
    return JSON.stringify([row.changeKind, ...this.#fields.map(({ index }) => row.values[index])]);
  }

  differing(expected: CheckedRow, actual: CheckedRow): string[] {
    const names = this.#fields
      .filter(({ index, isNumber }) => !this.#isSame(expected.values[index], actual.values[index], isNumber))
      .map(({ name }) => name);
    if (expected.changeKind !== actual.changeKind) names.push(CHANGE_KEY);
    if (this.#timed.has(expected) && expected.eventTime !== actual.eventTime) names.push(TIME_KEY);
    return names;
  }

  #isSame(expected: unknown, actual: unknown, isNumber: boolean): boolean {
    if (expected === actual) return true;
    if (expected === null || actual === null) return false;
    if (isNumber && this.#tolerance > 0) return Math.abs(Number(expected) - Number(actual)) <= this.#tolerance;
    return JSON.stringify(expected) === JSON.stringify(actual);
  }
}

function isNumber({ kind }: DataType): boolean {
  return kind === 'INT' || kind === 'BIGINT' || kind === 'DOUBLE' || kind === 'DECIMAL';
}

/** By expected row: the place of an equal one. */
type Partners = (number | null)[];

function equalPairs(expected: readonly CheckedRow[], actual: readonly CheckedRow[], comparer: RowComparer): Partners {
  const partner: Partners = expected.map(() => null);
  for (const [e, a] of equalPairsAmong(expected, actual, [...expected.keys()], [...actual.keys()], comparer))
    partner[e] = a;
  return partner;
}

/** Exactly equal ones first, by their text; then those within the tolerance. */
function equalPairsAmong(
  expected: readonly CheckedRow[],
  actual: readonly CheckedRow[],
  expectedAt: readonly number[],
  actualAt: readonly number[],
  comparer: RowComparer,
): Map<number, number> {
  const found = new Map<number, number>();
  const byKey = new Map<string, number[]>();
  for (const a of actualAt) {
    const key = comparer.key(actual[a]!);
    const same = byKey.get(key);
    if (same === undefined) byKey.set(key, [a]);
    else same.push(a);
  }
  for (const e of expectedAt) {
    const same = byKey.get(comparer.key(expected[e]!)) ?? [];
    const i = same.findIndex((a) => comparer.isEqual(expected[e]!, actual[a]!));
    if (i >= 0) found.set(e, same.splice(i, 1)[0]!);
  }
  const free = new Set([...byKey.values()].flat());
  for (const e of expectedAt) {
    if (found.has(e)) continue;
    for (const a of [...free].sort((one, other) => one - other)) {
      if (!comparer.isEqual(expected[e]!, actual[a]!)) continue;
      found.set(e, a);
      free.delete(a);
      break;
    }
  }
  return found;
}

/** The longest common subsequence, by the textbook's table; equal ends are set aside first. */
function longestCommon(
  expected: readonly CheckedRow[],
  actual: readonly CheckedRow[],
  comparer: RowComparer,
): Partners {
  const partner: Partners = expected.map(() => null);
  const isEqual = (e: number, a: number): boolean => comparer.isEqual(expected[e]!, actual[a]!);
  let start = 0;
  while (start < expected.length && start < actual.length && isEqual(start, start)) partner[start] = start++;
  let [endE, endA] = [expected.length, actual.length];
  while (endE > start && endA > start && isEqual(endE - 1, endA - 1)) partner[--endE] = --endA;
  const [rows, columns] = [endE - start, endA - start];
  const length = Array.from({ length: rows + 1 }, () => new Uint32Array(columns + 1));
  for (let e = rows - 1; e >= 0; e--) {
    for (let a = columns - 1; a >= 0; a--) {
      length[e]![a] = isEqual(start + e, start + a)
        ? length[e + 1]![a + 1]! + 1
        : Math.max(length[e + 1]![a]!, length[e]![a + 1]!);
    }
  }
  for (let e = 0, a = 0; e < rows && a < columns;) {
    if (isEqual(start + e, start + a)) partner[start + e++] = start + a++;
    else if (length[e + 1]![a]! >= length[e]![a + 1]!) e++;
    else a++;
  }
  return partner;
}

/** Pairs of rows that are most alike, best first; the earlier ones where they are equally so. */
function alikePairs(
  expected: readonly CheckedRow[],
  actual: readonly CheckedRow[],
  expectedAt: readonly number[],
  actualAt: readonly number[],
  comparer: RowComparer,
): Map<number, number> {
  if (expectedAt.length > MAX_ALIKE || actualAt.length > MAX_ALIKE) return new Map();
  const pairs = expectedAt
    .flatMap((e) => actualAt.map((a) => ({ e, a, differing: comparer.differing(expected[e]!, actual[a]!).length })))
    .filter(({ differing }) => differing * 2 <= comparer.width)
    .sort((one, other) => one.differing - other.differing);
  const found = new Map<number, number>();
  const taken = new Set<number>();
  for (const { e, a } of pairs) {
    if (found.has(e) || taken.has(a)) continue;
    found.set(e, a);
    taken.add(a);
  }
  return found;
}

function left(partner: Partners): number[] {
  return partner.flatMap((at, e) => (at === null ? [e] : []));
}

function leftActual(actual: readonly CheckedRow[], taken: ReadonlySet<number>): number[] {
  return [...actual.keys()].filter((a) => !taken.has(a));
}

function entriesOf(partner: Partners): [number, number][] {
  return partner.flatMap((a, e): [number, number][] => (a === null ? [] : [[e, a]]));
}
