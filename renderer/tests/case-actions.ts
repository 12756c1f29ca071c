/** What can be done to the test cases of the active document: each is one undo step. */
import {
  addTestCase,
  changeTestCase,
  DEFAULT_OUTPUT,
  duplicateTestCase,
  removeTestCase,
  type CaseRow,
  type Expectation,
  type TestCase,
  type TestStep,
} from '../../runtime/graph/index.ts';
import type { CheckedRow, RowCheck, TestReport } from '../../runtime/protocol/test-report.ts';
import { CHANGE_KEY } from '../../runtime/graph/index.ts';
import { t } from '../app/i18n/index.ts';
import { activeDocument, edit } from '../stores/document-store.ts';
import { chooseTest, runTests, useTestStore } from '../stores/test-store.ts';
import { activeValidation } from '../stores/validation-store.ts';
import { openPanel } from '../stores/view-store.ts';
import { expectedPlaces, outputPlaces } from './places.ts';
import type { StepKind } from './StepCard.tsx';

/** The chosen case of the document; the first one until one is chosen; -1 when there is none. */
export function chosenIndex(path: string | null, count: number): number {
  const wanted = path === null ? 0 : (useTestStore.getState().chosen.get(path) ?? 0);
  return Math.min(wanted, count - 1);
}

export function activeCase(): { readonly index: number; readonly testCase: TestCase } | null {
  const open = activeDocument();
  const index = open === null ? -1 : chosenIndex(open.path, open.document.tests.length);
  const testCase = open?.document.tests[index];
  return testCase === undefined ? null : { index, testCase };
}

/** With an input for the first source and an expectation for the first sink: what most cases begin with. */
export function addCase(): void {
  const open = activeDocument();
  if (open === null) return;
  const nodes = activeValidation()?.nodes ?? new Map();
  const source = outputPlaces(nodes)[0];
  const sink = expectedPlaces(nodes)[0];
  put(open.path, t('tests:edit.add'), {
    name: t('tests:newName'),
    steps: source === undefined ? [] : [{ node: source.node, port: source.port ?? DEFAULT_OUTPUT, rows: [] }],
    expect: sink === undefined ? [] : [expectationAt(sink)],
  });
}

export function put(path: string, label: string, testCase: Pick<TestCase, 'name'> & Partial<TestCase>): void {
  edit(label, (document) => {
    const added = addTestCase(document, testCase);
    chooseTest(path, added.index);
    return added.document;
  });
  openPanel('tests');
}

export function duplicateCase(index: number): void {
  const open = activeDocument();
  if (open === null) return;
  edit(t('tests:edit.duplicate'), (document) => {
    const copied = duplicateTestCase(document, index);
    chooseTest(open.path, copied.index);
    return copied.document;
  });
}

export function removeCase(index: number): void {
  const open = activeDocument();
  const name = open?.document.tests[index]?.name ?? '';
  edit(t('tests:edit.remove', { name }), (document) => removeTestCase(document, index));
}

export function changeCase(index: number, label: string, change: (testCase: TestCase) => TestCase): void {
  edit(label, (document) => changeTestCase(document, index, change));
}

export function newStep(kind: StepKind): TestStep | null {
  const place = outputPlaces(activeValidation()?.nodes ?? new Map())[0];
  if (kind === 'advance') return { advance: '5 seconds' };
  if (place === undefined) return null;
  const { node } = place;
  if (kind === 'watermark') return { node, watermark: '2026-01-01T00:00:00Z' };
  if (kind === 'idle') return { node, idle: true };
  if (kind === 'end') return { node, end: true };
  return { node, port: place.port ?? DEFAULT_OUTPUT, rows: [] };
}

export function newExpectation(): Expectation | null {
  const place = expectedPlaces(activeValidation()?.nodes ?? new Map())[0];
  return place === undefined ? null : expectationAt(place);
}

export function expectationAt({ node, port }: { node: Expectation['node']; port: string | null }): Expectation {
  const look = { node, rows: [], order: 'any', updates: 'changelog', ignore: [], tolerance: 0 } as const;
  return { ...look, rows: [], ignore: [], ...(port === null ? {} : { port }) };
}

/** A row that came out, as a case writes it. NULLs and what is ignored are left out. */
export function caseRow(row: CheckedRow, fields: readonly string[], ignore: readonly string[] = []): CaseRow {
  const cells = fields.flatMap((name, i): [string, unknown][] => {
    const value = row.values[i] ?? null;
    return value === null || ignore.includes(name) ? [] : [[name, value]];
  });
  return Object.fromEntries([...(row.changeKind === '+I' ? [] : [[CHANGE_KEY, row.changeKind]]), ...cells]);
}

export function actualRows({ rows, fields }: RowCheck, ignore: readonly string[] = []): CaseRow[] {
  return rows.flatMap(({ actual }) => (actual === null ? [] : [caseRow(actual, fields, ignore)]));
}

/** Whether the report holds all rows that came out. */
export function isWhole({ rows, expectedCount, actualCount }: RowCheck): boolean {
  return (
    rows.filter(({ actual }) => actual !== null).length === actualCount &&
    rows.filter(({ expected }) => expected !== null).length === expectedCount
  );
}

/** What came out is right: the case expects it from now on, and runs again. */
export function takeActual(index: number, { checks }: TestReport): void {
  changeCase(index, t('tests:edit.takeActual'), (testCase) => ({
    ...testCase,
    expect: testCase.expect.map((expectation, i) => {
      const check = checks[i];
      return check === undefined || check.isMet
        ? expectation
        : { ...expectation, rows: actualRows(check, expectation.ignore) };
    }),
  }));
  void runTests([index]);
}
