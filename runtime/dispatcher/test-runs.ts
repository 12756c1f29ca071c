/** Runs of test cases: in this process, beside its jobs, which get the thread between steps. */
import type { FileIo } from '../core/file-io.ts';
import { say } from '../core/say.ts';
import type { EngineApi } from '../protocol/engine.ts';
import { release } from '../protocol/remote.ts';
import { codedError } from '../protocol/wire.ts';
import { runTestCase } from '../test-runner/index.ts';
import { documentIn } from './refused.ts';

export interface TestRunParts {
  /** To read lookup tables from. */
  readonly files: FileIo;
  /** ms, from any start. */
  now(): number;
}

export function createTestRuns({ files, now }: TestRunParts): Pick<EngineApi, 'runTests' | 'cancelTests'> {
  const running = new Map<string, AbortController>();
  return {
    async runTests({ runId, text, folder, subPipelines = {}, cases, allowsUserCode, timeoutMs }, onReport) {
      const document = documentIn(text);
      const cancel = new AbortController();
      running.set(runId, cancel);
      const options = {
        baseFolder: folder,
        files,
        allowsUserCode,
        subPipelines: new Map(Object.entries(subPipelines)),
        timeoutMs,
        signal: cancel.signal,
        now,
      };
      try {
        for (const index of cases ?? document.tests.keys()) {
          cancel.signal.throwIfAborted();
          if (document.tests[index] !== undefined) await onReport(await runTestCase(document, index, options));
        }
      } finally {
        running.delete(runId);
        release(onReport);
      }
    },
    async cancelTests(runId) {
      running.get(runId)?.abort(codedError('MR2005', say`The test run was cancelled.`));
    },
  };
}
