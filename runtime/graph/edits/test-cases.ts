/** Changes to the document's test cases, which are named by their place in the list: two may bear the same name while one is typed. */
import type { NodeId } from '../../core/ids.ts';
import type { PipelineDocument } from '../document.ts';
import { emptyTestCase, type TestCase } from '../test-case.ts';

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
