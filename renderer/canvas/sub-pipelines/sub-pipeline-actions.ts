/** Into a sub-pipeline and back out; a part of the graph made one. */
import { create } from 'zustand';
import { t } from '../../app/i18n/index.ts';
import type { NodeId } from '../../../runtime/core/ids.ts';
import { printDocument } from '../../../runtime/graph/index.ts';
import { documentName, openDocument, pathForName, showDocument } from '../../files/document-files.ts';
import { host } from '../../host/host.ts';
import { resolveFrom } from '../../inspector/widgets/relative-path.ts';
import { activeDocument, edit, findOpen } from '../../stores/document-store.ts';
import { notify } from '../../stores/notice-store.ts';
import { refreshSubPipelines } from '../../stores/sub-pipelines.ts';
import { activeValidation, validateNow } from '../../stores/validation-store.ts';
import { reveal, selectNodes } from '../../stores/view-store.ts';
import { selectedIds } from '../canvas-actions.ts';
import { nodeName } from '../../run/node-name.ts';
import { extractSubPipeline, referredPath } from './extract.ts';

interface Entrance {
  readonly path: string;
  readonly node: NodeId;
}

/** By path of a sub-pipeline: where it was jumped into from. */
export const useEntrances = create<{ readonly entrances: ReadonlyMap<string, Entrance> }>(() => ({
  entrances: new Map(),
}));

/** The file that a node of the document on screen stands for; null for any other node. */
export function targetOf(id: NodeId | undefined): string | null {
  const open = activeDocument();
  const validation = activeValidation();
  if (open === null || validation === null || id === undefined) return null;
  const path = referredPath(validation, open.document, id);
  return path === null ? null : resolveFrom(open.path, path);
}

export function canJumpIn(): boolean {
  return selectedIds().length === 1 && targetOf(selectedIds()[0]) !== null;
}

export async function jumpIn(id: NodeId | undefined = selectedIds()[0]): Promise<void> {
  const open = activeDocument();
  const target = targetOf(id);
  if (open === null || id === undefined || target === null) return;
  await openDocument(target);
  if (activeDocument()?.path !== target) return;
  useEntrances.setState(({ entrances }) => ({
    entrances: new Map([...entrances, [target, { path: open.path, node: id }]]),
  }));
}

/** Open documents around the one at `path`, outermost first, by where each was jumped into from. */
export function wayTo(path: string): readonly Entrance[] {
  const { entrances } = useEntrances.getState();
  const way: Entrance[] = [];
  for (let at = entrances.get(path); at !== undefined; at = entrances.get(at.path)) {
    const { path: outer } = at;
    if (findOpen(outer) === null || outer === path || way.some((one) => one.path === outer)) break;
    way.unshift(at);
  }
  return way;
}

export function jumpOut(entrance: Entrance | undefined = wayTo(activeDocument()?.path ?? '').at(-1)): void {
  if (entrance === undefined) return;
  showDocument(entrance.path);
  reveal({ nodeId: entrance.node });
}

/**
 * Writes the selected nodes to a new pipeline beside this one and puts a sub-pipeline in their place, as one step. Rejects when
 * there is such a file; null: done, else why not.
 */
export async function makeSubPipeline(name: string): Promise<string | null> {
  const open = activeDocument();
  validateNow();
  const validation = activeValidation();
  if (open === null || validation === null) return null;
  const file = pathForName(name);
  const folder = open.path.includes('/') ? open.path.slice(0, open.path.lastIndexOf('/') + 1) : '';
  const extracted = extractSubPipeline(open.document, validation, selectedIds(), { name: name.trim(), path: file });
  if (!extracted.ok) {
    return t('canvas:subPipeline.unknown', { node: nodeName(open.document, extracted.error) });
  }
  const { document, id, subPipeline } = extracted.value;
  await host().saveDocument(`${folder}${file}`, printDocument(subPipeline), null);
  edit(t('canvas:steps.makeSubPipeline', { name: name.trim() }), () => document);
  await refreshSubPipelines();
  validateNow();
  selectNodes([id]);
  notify('canvas:subPipeline.made', { tone: 'success', values: { name: documentName(file) } });
  return null;
}
