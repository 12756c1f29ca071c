/** Icon and help of every operator, taken from its folder. */
import { operatorFolder } from '../../runtime/core/operator-folder.ts';
import type { AnyOperatorSpec } from '../../runtime/core/operator.ts';
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
