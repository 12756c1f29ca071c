/** A node's config after fields of its inputs got other names: what names them follows. */
import { configLeaves, type ConfigLeaf } from '../../core/config.ts';
import type { InputStream } from '../../core/operator.ts';
import { fieldEdits, inputScope, printName, type RenameOf } from '../../expression/index.ts';
import type { ConfigPath, PipelineNode } from '../../graph/index.ts';
import type { Probe } from '../probe.ts';
import type { AnalyzedNode } from '../validator.ts';
import { fitSql } from './fit-sql.ts';
import { renamedOutputs, renameInputs, type Names } from './names.ts';
import { replaced, withChanges, type TextChange } from './text-change.ts';
import { mentionsInScript } from './texts.ts';

export interface Rewritten {
  readonly changes: readonly TextChange[];
  /** By port, which fields of its rows have another name now; null: the node does not take the new names. */
  readonly outputs: ReadonlyMap<string, Names> | null;
}

/** `names`: for each known input, its fields' new names. */
export function rewriteNode(
  probe: Probe,
  node: PipelineNode,
  { spec, inputs, edges }: AnalyzedNode,
  names: readonly (Names | undefined)[],
): Rewritten {
  const leaves = spec === null ? [] : configLeaves(spec.config.fields, node.config);
  const all = new Map(names.flatMap((one) => [...(one ?? [])]));
  const used = leaves.flatMap((leaf) => plainChanges(leaf, inputs, names));
  const plain = [...used, ...(spec?.category === 'sink' ? [] : keptNames(leaves, used, all))];
  const scripts = leaves.flatMap((leaf) => scriptChanges(leaf, all));
  const isKnown = inputs.length === edges.length;
  const before = probe.ask(node, node.config, isKnown ? inputs : null);
  const renamed = isKnown ? renameInputs(inputs, names) : null;
  const fitted = fitSql(leaves, all, (sql) => {
    const answer = probe.ask(node, withChanges(node.config, [...plain, ...sql]), renamed);
    return { outputs: renamedOutputs(before, answer), errors: answer.errors };
  });
  return { changes: [...plain, ...fitted.changes, ...scripts], outputs: fitted.outputs };
}

function plainChanges(
  { form, path, value }: ConfigLeaf,
  inputs: readonly InputStream[],
  names: readonly (Names | undefined)[],
): readonly TextChange[] {
  switch (form.widget) {
    case 'expression': {
      if (typeof value !== 'string' || form.rowNumber) return [];
      const edits = fieldEdits(value, byInput(inputs, names), inputScope(inputs));
      return edits.length === 0 ? [] : [{ path, text: value, edits, doubt: 'none' }];
    }
    case 'field':
      return wholeChange(path, value, byInput(inputs, names), form.input ?? null);
    case 'fields':
      return Array.isArray(value)
        ? value.flatMap((one, i) => wholeChange([...path, i], one, byInput(inputs, names), null))
        : [];
    default:
      return [];
  }
}

/** A field that is handed on as it is, `price AS price`, has no name of its own there: it goes on under the new one. */
function keptNames(leaves: readonly ConfigLeaf[], used: readonly TextChange[], names: Names): readonly TextChange[] {
  const under = (path: ConfigPath): string => JSON.stringify(path.slice(0, -1));
  return used.flatMap(({ path, text }) => {
    const item = leaves.filter((leaf) => leaf.path.length > 1 && under(leaf.path) === under(path));
    const name = item.find(({ form, value }) => form.widget === 'text' && names.has(String(value)));
    if (item.length !== 2 || name === undefined || typeof name.value !== 'string') return [];
    return text.trim() === printName(name.value) ? [replaced(name.path, name.value, names.get(name.value)!)] : [];
  });
}

/** Of the input at a port; null: of whichever has the field. */
function byInput(inputs: readonly InputStream[], names: readonly (Names | undefined)[]): RenameOf {
  return (field, port) => {
    const at = inputs.findIndex((input, i) => (port === null || input.port === port) && names[i]?.has(field) === true);
    return names[at]?.get(field);
  };
}

function wholeChange(
  path: ConfigPath,
  value: unknown,
  renameOf: RenameOf,
  input: string | null,
): readonly TextChange[] {
  const to = typeof value === 'string' ? renameOf(value, input) : undefined;
  return to === undefined || typeof value !== 'string' ? [] : [replaced(path, value, to)];
}

/** One change for each place: they are decided one by one. */
export function scriptChanges({ form, path, value }: ConfigLeaf, names: Names): readonly TextChange[] {
  if (form.widget !== 'script' || typeof value !== 'string') return [];
  return mentionsInScript(value, names).map(({ range, text, isLikely }) => ({
    path,
    text: value,
    edits: [{ range, text }],
    doubt: isLikely ? 'likely' : 'unlikely',
  }));
}
