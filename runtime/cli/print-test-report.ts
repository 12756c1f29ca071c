/** The report of a test case as text, rows that differ included. */
import { printTimestamp } from '../core/time.ts';
import { CHANGE_KEY, TIME_KEY } from '../graph/index.ts';
import {
  MAX_ROWS,
  type CheckedRow,
  type ComparedRow,
  type RowCheck,
  type TestReport,
} from '../protocol/test-report.ts';
import { printDiagnostic, printError } from './print-diagnostic.ts';
import { count, paint, type Colors } from './text.ts';

/** Rows as expected that are shown before and behind one that is not. */
const CONTEXT = 2;

export function printTestReport(io: Colors, report: TestReport): string {
  const { name, status, durationMs } = report;
  const mark = status === 'passed' ? paint(io, 'info', '✓') : paint(io, 'error', '✗');
  const head = `  ${mark} ${name} (${Math.round(durationMs)} ms)\n`;
  return status === 'passed' ? head : head + indent(printFailure(io, report));
}

/** Why a case did not pass, without its name. */
export function printFailure(
  io: Colors,
  { status, checks, diagnostics, error, failedStep, parallelism }: TestReport,
): string {
  const at = parallelism === 1 ? '' : `at parallelism ${parallelism}:\n`;
  if (status === 'failed')
    return (
      at +
      checks
        .filter(({ isMet }) => !isMet)
        .map((check) => printCheck(io, check))
        .join('')
    );
  const problems = diagnostics.map((one) => printDiagnostic(io, '', one).replace(/^:/, '')).join('');
  if (error === null) return problems;
  return `${at}${failedStep === null ? '' : `in step ${failedStep + 1}: `}${printError(io, error)}`;
}

/** The rows of an expectation that is not met. */
export function printCheck(io: Colors, check: RowCheck): string {
  const { nodeId, port, rows, expectedCount, actualCount } = check;
  const place = port === null || port === 'out' ? nodeId : `${nodeId}.${port}`;
  const head = `${place}: expected ${count(expectedCount, 'row')}, got ${actualCount.toLocaleString('en-US')}\n`;
  const lines: string[] = [];
  let skipped = 0;
  rows.forEach((row, i) => {
    const isNear = rows
      .slice(Math.max(0, i - CONTEXT), i + CONTEXT + 1)
      .some(({ comparison }) => comparison !== 'same');
    if (!isNear) return void skipped++;
    if (skipped > 0) lines.push(`  … ${count(skipped, 'row')} as expected`);
    skipped = 0;
    lines.push(...printRow(io, row, check).map((line) => `  ${line}`));
  });
  if (skipped > 0) lines.push(`  … ${count(skipped, 'row')} as expected`);
  if (rows.length === MAX_ROWS) lines.push('  … and more');
  return `${head}${lines.join('\n')}\n`;
}

function printRow(io: Colors, { comparison, expected, actual, changed }: ComparedRow, check: RowCheck): string[] {
  const text = (row: CheckedRow | null): string => rowText(row!, check);
  switch (comparison) {
    case 'same':
      return [`= ${text(actual)}`];
    case 'missing':
      return [paint(io, 'error', `- ${text(expected)}   missing`)];
    case 'unexpected':
      return [paint(io, 'warning', `+ ${text(actual)}   unexpected`)];
    case 'moved':
      return [paint(io, 'warning', `> ${text(actual)}   at another place`)];
    case 'changed': {
      const differences = changed.map((field) => {
        const [was, is] = [expected!, actual!].map((row) => JSON.stringify(cellOf(row, field, check)));
        return `${field}: expected ${was}, got ${is}`;
      });
      return [paint(io, 'error', `~ ${text(actual)}`), ...differences.map((line) => `    ${line}`)];
    }
  }
}

function rowText(row: CheckedRow, { fields, hasUpdates }: RowCheck): string {
  const cells = fields.map((name, i) => [name, row.values[i]] as const);
  const change = hasUpdates ? [[CHANGE_KEY, row.changeKind] as const] : [];
  return JSON.stringify(Object.fromEntries([...change, ...cells]));
}

function cellOf(row: CheckedRow, field: string, { fields }: RowCheck): unknown {
  if (field === CHANGE_KEY) return row.changeKind;
  if (field === TIME_KEY) return row.eventTime === null ? null : printTimestamp(row.eventTime);
  return row.values[fields.indexOf(field)];
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '      ');
}
