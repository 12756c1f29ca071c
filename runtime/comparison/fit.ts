import { hasErrors, type Diagnostic } from '../core/diagnostics.ts';
import { assert } from '../core/errors.ts';
import { exportDocument } from '../exporters/export-document.ts';
import type { Target } from '../exporters/target.ts';
import { findTarget } from '../exporters/targets.ts';
import type { PipelineDocument } from '../graph/index.ts';
import type { EngineSetup, JobContext } from './engine.ts';

export interface Fitting {
  /** As the engine can run it; null: it cannot. */
  readonly document: PipelineDocument | null;
  readonly isBatch: boolean;
  /** Why not. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What an engine's export has a place for: a job as it is, or else, where it is tried, as one of a batch. */
export function fitToEngine(
  document: PipelineDocument,
  { target, triesBatch }: Pick<EngineSetup, 'target' | 'triesBatch'>,
  context: JobContext,
): Fitting {
  const problems = (one: PipelineDocument): readonly Diagnostic[] =>
    exportDocument(one, targetOf(target), context).diagnostics;
  const diagnostics = problems(document);
  if (!hasErrors(diagnostics)) return { document, isBatch: false, diagnostics };
  const asBatch: PipelineDocument = { ...document, settings: { ...document.settings, runtimeMode: 'batch' } };
  if (triesBatch && !hasErrors(problems(asBatch))) return { document: asBatch, isBatch: true, diagnostics };
  return { document: null, isBatch: false, diagnostics };
}

export function targetOf(id: string): Target {
  const target = findTarget(id);
  assert(target !== null && target !== undefined, `there is no target ${id}`);
  return target;
}
