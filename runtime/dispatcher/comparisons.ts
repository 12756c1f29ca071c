/** Comparisons with real engines: in this process, beside its jobs; the engines are processes of their own. */
import { compareDocument, type EngineSetup } from '../comparison/index.ts';
import { say } from '../core/say.ts';
import type { EngineName } from '../protocol/comparison.ts';
import type { EngineApi } from '../protocol/engine.ts';
import { release } from '../protocol/remote.ts';
import { codedError } from '../protocol/wire.ts';
import { documentIn, refused } from './refused.ts';

export interface ComparisonParts {
  readonly engines: Readonly<Record<EngineName, EngineSetup>>;
  /** Absolute path of the bundled worker. */
  readonly workerFile: string;
  /** ms, from any start. */
  now(): number;
}

export function createComparisons({
  engines,
  workerFile,
  now,
}: ComparisonParts): Pick<EngineApi, 'compare' | 'cancelComparison'> {
  const running = new Map<string, AbortController>();
  return {
    async compare({ comparisonId, text, folder, subPipelines = {}, options, allowsUserCode }, onProgress) {
      const document = documentIn(text);
      const cancel = new AbortController();
      running.set(comparisonId, cancel);
      const { engine, ...choices } = options;
      try {
        const { report, diagnostics } = await compareDocument(document, {
          ...choices,
          setup: engines[engine],
          baseFolder: folder,
          subPipelines: new Map(Object.entries(subPipelines)),
          workerFile,
          allowsUserCode,
          signal: cancel.signal,
          onProgress,
          now,
        });
        if (report === null) throw refused(diagnostics);
        return report;
      } finally {
        running.delete(comparisonId);
        release(onProgress);
      }
    },
    async cancelComparison(comparisonId) {
      running.get(comparisonId)?.abort(codedError('MR2005', say`The comparison was cancelled.`));
    },
  };
}
