/** Icon and help of every operator, taken from its folder. */
import { operatorFolder } from '../../runtime/core/operator-folder.ts';
import type { AnyOperatorSpec } from '../../runtime/core/operator.ts';
import type { PipelineNode } from '../../runtime/graph/index.ts';
import { findSpec } from '../../runtime/operators/catalog.ts';
import { t } from '../app/i18n/index.ts';

const icons = import.meta.glob<string>('../../runtime/operators/*/icon.svg', {
  eager: true,
  query: '?raw',
  import: 'default',
});
const docs = import.meta.glob<string>('../../runtime/operators/*/docs.md', { query: '?raw', import: 'default' });

function folderOf(type: string): string {
  return `../../runtime/operators/${operatorFolder(type)}`;
}

/** SVG text, drawn in `currentColor`; null for a type that is not known. */
export function operatorIcon(type: string): string | null {
  return icons[`${folderOf(type)}/icon.svg`] ?? null;
}

/** Markdown; null for a type that is not known. */
export async function operatorDocs(type: string): Promise<string | null> {
  return (await docs[`${folderOf(type)}/docs.md`]?.()) ?? null;
}

/** What a node is called: its label, else its operator, else its id where that is not known. */
export function nodeLabel({ id, type, label }: Pick<PipelineNode, 'id' | 'type' | 'label'>): string {
  return label !== undefined && label !== '' ? label : (operatorName(type) ?? id);
}

/** Of a type in the user's language; null for one that is not known. */
export function operatorName(type: string): string | null {
  const spec = findSpec(type);
  return spec === null ? null : operatorLabel(spec);
}

/** In the user's language where there is a translation, else as the spec says it. */
export function operatorLabel(spec: AnyOperatorSpec): string {
  return translated(spec.type, 'label', spec.label);
}

export function operatorSummary(spec: AnyOperatorSpec): string {
  return translated(spec.type, 'summary', spec.summary);
}

/** Types hold dots, so the key is looked up in one piece. */
function translated(type: string, part: string, original: string): string {
  return t(`operators:${type}|${part}`, { defaultValue: original, keySeparator: '|' });
}
