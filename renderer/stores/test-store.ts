/** Runs of test cases from the app: which are under way, and what each came to. */
import { create } from 'zustand';
import type { PipelineDocument, TestCase } from '../../runtime/graph/index.ts';
import type { TestReport } from '../../runtime/protocol/test-report.ts';
import { host } from '../host/host.ts';
import { activeDocument, printedText } from './document-store.ts';
import { notifyError } from './notice-store.ts';
import { pipelineText } from './pipeline-text.ts';
import { subPipelinesForRun } from './sub-pipelines.ts';
import { askForTrust, needsTrust } from './trust.ts';

/** A report, and what it was of: older than the screen once either has changed. */
export interface TestResult {
  readonly report: TestReport;
  readonly testCase: TestCase;
  readonly pipeline: string;
}

interface TestState {
  /** By path of the document, then by name of the case. */
  readonly results: ReadonlyMap<string, ReadonlyMap<string, TestResult>>;
  /** Names of the cases that wait for their report, of the document at `path`; null while nothing runs. */
  readonly running: { readonly path: string; readonly names: ReadonlySet<string> } | null;
  /** Place of the chosen case, by path of the document. */
  readonly chosen: ReadonlyMap<string, number>;
}

export const useTestStore = create<TestState>(() => ({ results: new Map(), running: null, chosen: new Map() }));

export function isStale({ testCase, pipeline }: TestResult, document: PipelineDocument, current: TestCase): boolean {
  return testCase !== current || pipeline !== pipelineText(document);
}

/** Runs cases of the active document by their places, all of them with null. Does nothing while others run. */
export async function runTests(cases: readonly number[] | null): Promise<void> {
  const open = activeDocument();
  if (open === null || useTestStore.getState().running !== null) return;
  // Where the answer is no, the cases are refused, and say why.
  if (needsTrust()) await askForTrust();
  const { path, document } = open;
  const wanted = document.tests.filter((_, i) => cases === null || cases.includes(i));
  if (wanted.length === 0 || useTestStore.getState().running !== null) return;
  useTestStore.setState({ running: { path, names: new Set(wanted.map(({ name }) => name)) } });
  try {
    await host().runTests({ path, text: printedText(document), ...subPipelinesForRun(path), cases }, (report) =>
      note(path, document, report),
    );
  } catch (error) {
    if (!isCancelled) notifyError('tests:runFailed', error);
  } finally {
    isCancelled = false;
    useTestStore.setState({ running: null });
  }
}

let isCancelled = false;

export async function cancelTests(): Promise<void> {
  if (useTestStore.getState().running === null) return;
  isCancelled = true;
  await host().cancelTests();
}

/** What a case would come to that is not in the document yet. Rejects when it cannot be tried. */
export async function tryTest(path: string, candidate: PipelineDocument, index: number): Promise<TestReport | null> {
  let found: TestReport | null = null;
  await host().runTests(
    { path, text: printedText(candidate), ...subPipelinesForRun(path), cases: [index] },
    (report) => {
      found = report;
    },
  );
  return found;
}

export function note(path: string, document: PipelineDocument, report: TestReport): void {
  const testCase = document.tests[report.index];
  if (testCase === undefined) return;
  useTestStore.setState(({ results, running }) => {
    const ofDocument = new Map(results.get(path));
    ofDocument.set(testCase.name, { report, testCase, pipeline: pipelineText(document) });
    const names = new Set([...(running?.names ?? [])].filter((name) => name !== testCase.name));
    return {
      results: new Map(results).set(path, ofDocument),
      ...(running?.path === path ? { running: { path, names } } : {}),
    };
  });
}

export function chooseTest(path: string, index: number): void {
  useTestStore.setState(({ chosen }) => ({ chosen: new Map(chosen).set(path, index) }));
}
