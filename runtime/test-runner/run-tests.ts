/** Runs test cases of a document, one after the other, in this thread. */
import type { Diagnostic } from '../core/diagnostics.ts';
import { hasErrors } from '../core/diagnostics.ts';
import type { FileIo } from '../core/file-io.ts';
import type { StreamShape } from '../core/schema.ts';
import { checkDocument } from '../compiler/compile.ts';
import type { SubPipelineTexts, Validation } from '../compiler/index.ts';
import { toLogicalPlan } from '../compiler/logical-plan.ts';
import { planPhysical } from '../compiler/planner.ts';
import { expectedPlace, testCaseProblems } from '../compiler/test-case-problems.ts';
import { TIME_KEY, type Expectation, type PipelineDocument } from '../graph/index.ts';
import { toErrorReport } from '../protocol/error-report.ts';
import { MAX_ROWS, type CheckedRow, type RowCheck, type TestReport } from '../protocol/test-report.ts';
import { CaseRun, createPause } from './case-run.ts';
import { batchOfRows, rowsOfBatch } from './case-rows.ts';
import { compareRows, tableOf } from './compare-rows.ts';
import { isolate } from './isolate.ts';

export interface TestRunOptions {
  /** Absolute. */
  readonly baseFolder: string;
  /** To read lookup tables from; nothing is written. */
  readonly files: FileIo;
  readonly allowsUserCode: boolean;
  /** Texts of the documents that this one stands on, by path from its folder. */
  readonly subPipelines?: SubPipelineTexts | undefined;
  /** For each run of a case, wall clock. */
  readonly timeoutMs: number;
  /** Ends the run: what it rejects with is the signal's reason. */
  readonly signal?: AbortSignal;
  /** ms, from any start. */
  readonly now: () => number;
}

export const DEFAULT_TIMEOUT_MS = 30_000;

/** The case at `index`. Rejects only when it is cancelled: all else is told in the report. */
export async function runTestCase(
  document: PipelineDocument,
  index: number,
  options: TestRunOptions,
): Promise<TestReport> {
  const testCase = document.tests[index]!;
  const startedAt = options.now();
  const report = (rest: Partial<TestReport> & Pick<TestReport, 'status'>): TestReport => ({
    index,
    name: testCase.name,
    durationMs: options.now() - startedAt,
    parallelism: testCase.parallelism[0]!,
    checks: [],
    diagnostics: [],
    error: null,
    failedStep: null,
    ...rest,
  });

  const { validation, diagnostics } = checkCase(document, index, options);
  if (hasErrors(diagnostics)) {
    return report({ status: 'error', diagnostics: diagnostics.filter(({ severity }) => severity === 'error') });
  }
  let last = report({ status: 'passed' });
  for (const parallelism of testCase.parallelism) {
    const { plan: logical, captures, shapes } = isolate(toLogicalPlan(document, validation), validation, testCase);
    // State on disk is for state that is larger than memory.
    const settings = { ...logical.settings, stateBackend: 'memory' as const };
    const plan = planPhysical({ ...logical, settings }, { baseFolder: options.baseFolder, parallelism });
    const pause = createPause(options.timeoutMs, options.signal ?? null, options.now);
    let run: CaseRun | null = null;
    try {
      run = new CaseRun({ plan, testCase, files: options.files, pause });
      const captured = await run.run();
      const checks = testCase.expect.map((expectation, i) =>
        checkRows(expectation, shapes[i]!, captured.get(captures[i]!)!, validation),
      );
      const status = checks.every(({ isMet }) => isMet) ? 'passed' : 'failed';
      last = report({ status, parallelism, checks });
    } catch (error) {
      options.signal?.throwIfAborted();
      last = report({ status: 'error', parallelism, error: toErrorReport(error), failedStep: run?.step ?? null });
    }
    if (last.status !== 'passed') break;
  }
  return last;
}

function checkCase(
  document: PipelineDocument,
  index: number,
  { allowsUserCode, subPipelines }: TestRunOptions,
): { readonly validation: Validation; readonly diagnostics: readonly Diagnostic[] } {
  const params = Object.entries(document.tests[index]!.params).map(([name, value]) => [name, String(value)] as const);
  const { validation, diagnostics } = checkDocument(document, {
    allowsUserCode,
    subPipelines,
    params: Object.fromEntries(params),
  });
  const prefix = `tests[${index}]`;
  const ofCase = testCaseProblems(document.tests, validation.nodes).filter(({ path }) => path?.startsWith(prefix));
  return { validation, diagnostics: [...diagnostics, ...ofCase] };
}

function checkRows(
  expectation: Expectation,
  { schema, changelog }: StreamShape,
  captured: readonly CheckedRow[],
  validation: Validation,
): RowCheck {
  const { node, updates, order, ignore, tolerance } = expectation;
  const hasUpdates = changelog === 'update' && updates === 'changelog';
  const expected = rowsOfBatch(batchOfRows(schema, expectation.rows));
  const actual = changelog === 'update' && updates === 'table' ? tableOf(captured) : captured;
  const timed = new Set(expected.filter((_, i) => expectation.rows[i]![TIME_KEY] !== undefined));
  const rows = compareRows(expected, actual, { schema, order, ignore, tolerance, timed });
  return {
    nodeId: node,
    port: expectedPlace(expectation, validation.nodes)!.port,
    fields: schema.fields.map(({ name }) => name),
    hasUpdates,
    isMet: rows.every(({ comparison }) => comparison === 'same'),
    rows: rows.slice(0, MAX_ROWS),
    expectedCount: expected.length,
    actualCount: actual.length,
  };
}
