/** Reports of test cases as JUnit's XML, which build servers read. */
import builder from 'junit-report-builder';
import type { TestedFile } from './test.ts';
import { printFailure } from './print-test-report.ts';

const PLAIN = { useColor: false };

/** A suite for each file, its cases under their names. */
export function junitReport(files: readonly TestedFile[]): string {
  const report = builder.newBuilder().name('millrace');
  for (const { file, reports } of files) {
    const suite = report.testSuite().name(file);
    for (const one of reports) {
      const testCase = suite
        .testCase()
        .className(file)
        .file(file)
        .name(one.name)
        .time(one.durationMs / 1000);
      if (one.status === 'passed') continue;
      const text = printFailure(PLAIN, one).trimEnd();
      const [first = ''] = text.split('\n');
      if (one.status === 'failed') testCase.failure(first, 'rows').stacktrace(text);
      else testCase.error(first, one.error?.code ?? one.diagnostics[0]?.code ?? 'error', text);
    }
  }
  return report.build();
}
