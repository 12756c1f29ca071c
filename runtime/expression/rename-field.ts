/** Where the text of an expression names a field, and how it reads under another name. */
import type { TextRange } from '../core/diagnostics.ts';
import { parseExpression } from './parse.ts';
import { printName } from './print.ts';
import { resolvePath, type Scope } from './scope.ts';
import { syntaxChildren, type NamePart, type Syntax } from './syntax.ts';

export interface TextEdit {
  readonly range: TextRange;
  readonly text: string;
}

/** New name of a field of an input (null: an input without a qualifier); undefined: it keeps its name. */
export type RenameOf = (field: string, input: string | null) => string | undefined;

/**
 * Edits that give fields of `scope` (as it was before) their new names, qualified ones (`left.id`) included; all at once, so that two may
 * change places. What the scope does not know stays.
 */
export function fieldEdits(text: string, renameOf: RenameOf, scope: Scope): readonly TextEdit[] {
  const edits: TextEdit[] = [];
  const visit = (syntax: Syntax): void => {
    if (syntax.node === 'name') edits.push(...editOf(syntax.path, renameOf, scope));
    syntaxChildren(syntax).forEach(visit);
  };
  visit(parseExpression(text).syntax);
  return edits;
}

/** `text` with fields of `scope` renamed, and not a character else changed. */
export function renameFields(text: string, renameOf: RenameOf, scope: Scope): string {
  return applyEdits(text, fieldEdits(text, renameOf, scope));
}

/** Edits do not overlap; their order does not matter. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  return edits
    .toSorted((a, b) => b.range.start - a.range.start)
    .reduce((changed, { range, text: put }) => changed.slice(0, range.start) + put + changed.slice(range.end), text);
}

function editOf(path: readonly NamePart[], renameOf: RenameOf, scope: Scope): readonly TextEdit[] {
  const resolved = resolvePath(path, scope);
  if (resolved === 'unknown' || 'ambiguous' in resolved) return [];
  const { found, used } = resolved;
  const to = renameOf(found.field.name, found.input);
  return to === undefined ? [] : [{ range: path[used - 1]!.range, text: printName(to) }];
}
