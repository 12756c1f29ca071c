/** What a place in a config is called where the form is not in sight: `aggregates[1].expr` → `Aggregates 2 › Expression`. */
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { FormField } from '../../../runtime/core/config.ts';
import { nodeId as toNodeId } from '../../../runtime/core/ids.ts';
import type { PipelineDocument } from '../../../runtime/graph/index.ts';
import { findSpec } from '../../../runtime/operators/catalog.ts';
import { nodeIndex, usePipeline } from '../../stores/document-store.ts';
import { settingsFields } from '../document-form.ts';
import { parsePath, type ConfigPath } from './config-path.ts';
import { formText } from './use-form-text.ts';

type Fields = Readonly<Record<string, FormField>>;

/** What a node has beside its config, by the names of its texts. */
const OF_NODE: Readonly<Record<string, string>> = {
  label: 'inspector:node.label',
  parallelism: 'inspector:node.parallelism',
};
const BETWEEN = ' › ';

/** Labels along the path, items by their number; keys from where the form has no field for them. */
export function placeName(fields: Fields, path: ConfigPath, text: (label: string) => string): string {
  const names: string[] = [];
  let inside: Fields | null = fields;
  let form: FormField | undefined;
  for (const part of path) {
    if (typeof part === 'number') {
      // An item is named by its list.
      names.push(`${names.pop() ?? ''} ${part + 1}`.trim());
      form = form?.widget === 'list' ? form.item : undefined;
    } else {
      form = inside?.[part];
      names.push(form === undefined ? part : text(form.label));
    }
    inside = form === undefined ? null : fieldsIn(form);
  }
  return names.join(BETWEEN);
}

/** Of a variant those of all its cases: a place is in one of them. */
function fieldsIn(form: FormField): Fields | null {
  if (form.widget === 'object') return form.fields;
  if (form.widget !== 'variant') return null;
  return Object.assign({}, ...Object.values(form.cases).map((one) => one.fields)) as Fields;
}

type PlaceNames = (nodeId: string | null | undefined, path: string) => string;

/** Names places of the active document: in the config of a node, or in its settings where `nodeId` is null. Both as diagnostics print them. */
export function usePlaceNames(): PlaceNames {
  return usePlaceNamesIn(usePipeline());
}

/** As `usePlaceNames`, of any document. */
export function usePlaceNamesIn(document: PipelineDocument | null): PlaceNames {
  const { t, i18n } = useTranslation();
  return useCallback(
    (nodeId, path) => {
      if (document === null || path === '') return path;
      const parts = parsePath(path);
      const [head, ...rest] = parts;
      if (nodeId === null || nodeId === undefined) {
        if (head !== 'settings' || rest.length === 0) return path;
        // Texts of settings are translated already.
        return placeName(settingsFields(t, document.settings), rest, (label) => label);
      }
      const node = nodeIndex(document).get(toNodeId(nodeId));
      const fields = node === undefined ? undefined : findSpec(node.type)?.config.fields;
      if (fields === undefined) return path;
      const isFromNode = head === 'config' && rest.length > 0 && !Object.hasOwn(fields, head);
      const place = isFromNode ? rest : parts;
      if (!Object.hasOwn(fields, place[0] ?? '')) return OF_NODE[path] === undefined ? path : t(OF_NODE[path]);
      return placeName(fields, place, (label) => formText(i18n.language, label));
    },
    [document, t, i18n.language],
  );
}
