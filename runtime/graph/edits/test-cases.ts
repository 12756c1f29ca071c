/** Changes to the document's test cases, which are named by their place in the list: two may bear the same name while one is typed. */
import type { NodeId } from '../../core/ids.ts';
import { DEFAULT_OUTPUT, type PipelineDocument } from '../document.ts';
import { emptyTestCase, type CaseRow, type TestCase } from '../test-case.ts';

/** Puts a case at the end, under its name or the first of `name 2`, `name 3`, … that is free. */
export function addTestCase(
  document: PipelineDocument,
  testCase: Pick<TestCase, 'name'> & Partial<TestCase>,
): { document: PipelineDocument; index: number } {
  return insertTestCase(document, document.tests.length, { ...emptyTestCase(testCase.name), ...testCase });
}

/** A copy right behind the case. */
export function duplicateTestCase(
  document: PipelineDocument,
  index: number,
): { document: PipelineDocument; index: number } {
  const original = document.tests[index];
  return original === undefined ? { document, index } : insertTestCase(document, index + 1, original);
}

export function removeTestCase(document: PipelineDocument, index: number): PipelineDocument {
  const tests = document.tests.filter((_, i) => i !== index);
  return tests.length === document.tests.length ? document : { ...document, tests };
}

/** `change` gives the same case when there is nothing to change. */
export function changeTestCase(
  document: PipelineDocument,
  index: number,
  change: (testCase: TestCase) => TestCase,
): PipelineDocument {
  const before = document.tests[index];
  const after = before === undefined ? undefined : change(before);
  if (after === undefined || after === before) return document;
  return { ...document, tests: document.tests.map((one, i) => (i === index ? after : one)) };
}

/** The cases with a node under its new id. */
export function renameNodeInTests(tests: readonly TestCase[], id: NodeId, renamed: NodeId): readonly TestCase[] {
  const rename = <Part extends object>(part: Part): Part =>
    'node' in part && part.node === id ? { ...part, node: renamed } : part;
  const isNamed = ({ steps, expect }: TestCase): boolean =>
    [...steps, ...expect].some((part) => 'node' in part && part.node === id);
  return tests.map((one) =>
    isNamed(one) ? { ...one, steps: one.steps.map(rename), expect: one.expect.map(rename) } : one,
  );
}

function insertTestCase(
  document: PipelineDocument,
  index: number,
  testCase: TestCase,
): { document: PipelineDocument; index: number } {
  const name = freshName(testCase.name, new Set(document.tests.map((one) => one.name)));
  return { document: { ...document, tests: document.tests.toSpliced(index, 0, { ...testCase, name }) }, index };
}

function freshName(base: string, taken: ReadonlySet<string>): string {
  if (!taken.has(base)) return base;
  const stem = base.replace(/ \d+$/, '');
  let number = 2;
  while (taken.has(`${stem} ${number}`)) number++;
  return `${stem} ${number}`;
}

/** New names, by old ones, of fields of rows that leave a port, or that reach a node without outputs (`port` null). */
export interface RenamedFields {
  readonly nodeId: NodeId;
  readonly port: string | null;
  readonly names: ReadonlyMap<string, string>;
}

/** Rows given and expected in test cases, with fields under their new names. */
export function renameInTestCases(document: PipelineDocument, renamed: readonly RenamedFields[]): PipelineDocument {
  const namesAt = (node: NodeId, port: string | undefined): ReadonlyMap<string, string> | undefined =>
    renamed.find((one) => one.nodeId === node && one.port === (port ?? null))?.names;
  const tests = document.tests.map((test) => ({
    ...test,
    steps: test.steps.map((step) => {
      const names = 'rows' in step ? namesAt(step.node, step.port) : undefined;
      return names === undefined || !('rows' in step)
        ? step
        : { ...step, rows: step.rows.map((row) => named(row, names)) };
    }),
    expect: test.expect.map((one) => {
      const names = namesAt(one.node, one.port) ?? namesAt(one.node, one.port ?? DEFAULT_OUTPUT);
      if (names === undefined) return one;
      const ignore = one.ignore.map((name) => names.get(name) ?? name);
      return { ...one, ignore, rows: one.rows.map((row) => named(row, names)) };
    }),
  }));
  return document.tests.length === 0 ? document : { ...document, tests };
}

function named(row: CaseRow, names: ReadonlyMap<string, string>): CaseRow {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [names.get(name) ?? name, value]));
}
