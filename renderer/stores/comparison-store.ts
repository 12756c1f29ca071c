/** Comparisons with real engines from the app: the one that runs, and what the last one of each document came to. */
import { create } from 'zustand';
import type { Diagnostic } from '../../runtime/core/diagnostics.ts';
import type { PipelineDocument } from '../../runtime/graph/index.ts';
import {
  isSame,
  type ComparisonOptions,
  type ComparisonProgress,
  type ComparisonReport,
  type EngineName,
} from '../../runtime/protocol/comparison.ts';
import { host } from '../host/host.ts';
import { openDialog, useDialogStore } from './dialog-store.ts';
import { activate, activeDocument, findOpen, printedText } from './document-store.ts';
import { notify } from './notice-store.ts';
import { pipelineText } from './pipeline-text.ts';
import { diagnosticsOf } from './run-store.ts';
import { subPipelinesForRun } from './sub-pipelines.ts';
import { askForTrust, needsTrust } from './trust.ts';

export interface RunningComparison {
  /** Of the document. */
  readonly path: string;
  readonly engine: EngineName;
  /** ms since the epoch. */
  readonly startedAt: number;
  /** Null until something is told. */
  readonly progress: ComparisonProgress | null;
}

export interface ComparisonResult {
  /** Of what it was: see `pipelineText`. */
  readonly pipeline: string;
  readonly report: ComparisonReport | null;
  /** Why there is no report. */
  readonly error: unknown;
  /** What stands in the way, where the document is the reason. */
  readonly diagnostics: readonly Diagnostic[];
}

interface ComparisonState {
  readonly running: RunningComparison | null;
  /** See `resultOf`. */
  readonly results: ReadonlyMap<string, ReadonlyMap<EngineName, ComparisonResult>>;
}

export const useComparisonStore = create<ComparisonState>(() => ({ running: null, results: new Map() }));

/** The last one of the document at `path` with an engine. */
export function resultOf({ results }: ComparisonState, path: string, engine: EngineName): ComparisonResult | null {
  return results.get(path)?.get(engine) ?? null;
}

let isCancelled = false;

/** Compares the active document as it is on screen. Does nothing while a comparison runs. */
export async function compare(options: ComparisonOptions): Promise<void> {
  const open = activeDocument();
  if (open === null || useComparisonStore.getState().running !== null) return;
  const { path, document } = open;
  if (needsTrust()) {
    // Its question takes the place of the dialog.
    await askForTrust();
    openDialog({ type: 'compare' });
  }
  const { engine } = options;
  isCancelled = false;
  useComparisonStore.setState({ running: { path, engine, startedAt: Date.now(), progress: null } });
  const onProgress = (progress: ComparisonProgress): void =>
    useComparisonStore.setState(({ running }) => (running === null ? {} : { running: { ...running, progress } }));
  const request = { path, text: printedText(document), ...subPipelinesForRun(path), options };
  try {
    note(path, document, engine, await host().compare(request, onProgress), null);
  } catch (error) {
    if (!isCancelled) note(path, document, engine, null, error);
  } finally {
    useComparisonStore.setState({ running: null });
  }
  if (!isCancelled) tellEnd(path, engine);
}

export async function cancelComparison(): Promise<void> {
  if (useComparisonStore.getState().running === null) return;
  isCancelled = true;
  await host().cancelComparison();
}

export function isOutdated({ pipeline }: ComparisonResult, document: PipelineDocument): boolean {
  return pipeline !== pipelineText(document);
}

function note(
  path: string,
  document: PipelineDocument,
  engine: EngineName,
  report: ComparisonReport | null,
  error: unknown,
): void {
  const result = { pipeline: pipelineText(document), report, error, diagnostics: diagnosticsOf(error) };
  useComparisonStore.setState(({ results }) => ({
    results: new Map(results).set(path, new Map(results.get(path)).set(engine, result)),
  }));
}

/** To who has closed the dialog meanwhile. */
function tellEnd(path: string, engine: EngineName): void {
  if (useDialogStore.getState().dialog?.type === 'compare' && activeDocument()?.path === path) return;
  const report = resultOf(useComparisonStore.getState(), path, engine)?.report ?? null;
  const show = (): void => {
    if (findOpen(path) === null) return;
    activate(path);
    openDialog({ type: 'compare' });
  };
  const [key, tone] =
    report === null
      ? (['compare:ended.failed', 'error'] as const)
      : isSame(report)
        ? (['compare:ended.same', 'success'] as const)
        : (['compare:ended.different', 'warning'] as const);
  const values = { path, engine: report?.label ?? '' };
  notify(key, { tone, values, action: { labelKey: 'compare:ended.show', run: show } });
}
