/** The systems that a document is meant for (`settings.targets`), and what they have nothing for. */
import type { Validation } from '../../runtime/compiler/validate.ts';
import type { Diagnostic } from '../../runtime/core/diagnostics.ts';
import type { Target } from '../../runtime/exporters/target.ts';
import { findTarget } from '../../runtime/exporters/targets.ts';
import { setSettings, type PipelineDocument } from '../../runtime/graph/index.ts';
import { t } from '../app/i18n/index.ts';
import { activeDocument, edit, useDocumentStore } from '../stores/document-store.ts';
import { addCheck } from '../stores/validation-store.ts';
import { exportOpen } from './exported.ts';

const NONE: readonly string[] = [];

/** Ids, of the active document. */
export function useChosenTargets(): readonly string[] {
  return useDocumentStore(
    (state) => state.documents.find(({ path }) => path === state.activePath)?.document.settings.targets ?? NONE,
  );
}

/** One step. */
export function toggleTarget(id: string): void {
  const chosen = activeDocument()?.document.settings.targets;
  if (chosen === undefined) return;
  const targets = chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id].toSorted();
  edit(t('export:targets.step'), (document) => setSettings(document, { targets }));
}

export interface Refusal {
  readonly target: Target;
  /** A sentence without its subject. */
  readonly reason: string;
}

/** Of any operator of the type, by the targets of these ids. */
export function refusalsOf(type: string, ids: readonly string[]): readonly Refusal[] {
  return ids.flatMap((id) => {
    const target = findTarget(id);
    const reason = target?.refuses?.(type) ?? null;
    return target === null || reason === null ? [] : [{ target, reason }];
  });
}

/** Nodes that a chosen target cannot express become warnings. Returns the way to stop. */
export function followTargets(): () => void {
  return addCheck(checkTargets);
}

export function checkTargets(path: string, document: PipelineDocument, validation?: Validation): readonly Diagnostic[] {
  return document.settings.targets.flatMap((id): readonly Diagnostic[] => {
    const target = findTarget(id);
    if (target === null) {
      const message = t('export:targets.unknown', { target: id });
      return [{ severity: 'warning', code: 'MR2401', message, path: 'settings.targets' }];
    }
    const { diagnostics } = exportOpen(path, document, target, validation);
    return diagnostics.filter(({ code }) => code === 'MR2401').map((one) => ({ ...one, severity: 'warning' }));
  });
}
