/** Taking the selected composite apart. */
import { t } from '../app/i18n/index.ts';
import type { AnalyzedNode } from '../../runtime/compiler/validate.ts';
import { explode } from '../../runtime/graph/index.ts';
import { findSpec } from '../../runtime/operators/catalog.ts';
import { activeDocument, edit } from '../stores/document-store.ts';
import { activeValidation, validateNow } from '../stores/validation-store.ts';
import { selectNodes } from '../stores/view-store.ts';
import { selectedIds } from './canvas-actions.ts';
import { nodeName } from '../run/node-name.ts';
import { NODE_HEIGHT, NODE_WIDTH } from './flow-instance.ts';

/** Between the nodes that a composite becomes: enough for the figures of their edges. */
const GAP = { x: 96, y: 64 };

/** Null: not one composite is selected, or what it stands for is not known. */
function selectedExpansion(): NonNullable<AnalyzedNode['expansion']> | null {
  const [id, ...others] = selectedIds();
  if (id === undefined || others.length > 0) return null;
  return activeValidation()?.nodes.get(id)?.expansion ?? null;
}

export function canExplode(): boolean {
  return selectedExpansion() !== null;
}

/** Puts the operators that the selected composite stands for in its place, as one step. */
export function explodeSelection(): void {
  const open = activeDocument();
  const [id] = selectedIds();
  const found = selectedExpansion();
  if (open === null || id === undefined || found === null) return;
  const spacing = { x: NODE_WIDTH + GAP.x, y: NODE_HEIGHT + GAP.y };
  const apart = explode(open.document, id, found.expansion, (type) => findSpec(type)?.version ?? 1, spacing);
  edit(t('canvas:steps.explode', { name: nodeName(open.document, id) }), () => apart.document);
  validateNow();
  selectNodes(apart.ids);
}
