/** Renaming a field in the text of an expression. */
import type { TextRange } from '../core/diagnostics.ts';
import { parseExpression } from './parse.ts';
import { printName } from './print.ts';
import { resolvePath, type Scope } from './scope.ts';
import { syntaxChildren, type NamePart, type Syntax } from './syntax.ts';

/**
 * `text` with the field `from` named `to`, and not a character else changed. With a scope (as it was before), only names that
 * mean that field change, qualified ones included (`left.from`); `input` restricts it to one input. Without a scope, every
 * name that begins with `from` counts as that field.
 */
export function renameField(text: string, from: string, to: string, scope?: Scope, input?: string | null): string {
  const ranges: TextRange[] = [];
  const visit = (syntax: Syntax): void => {
    if (syntax.node === 'name') {
      const part = fieldPart(syntax.path, from, scope, input);
      if (part !== undefined) ranges.push(part.range);
    }
    syntaxChildren(syntax).forEach(visit);
  };
  visit(parseExpression(text).syntax);
  return ranges
    .sort((a, b) => b.start - a.start)
    .reduce((changed, { start, end }) => changed.slice(0, start) + printName(to) + changed.slice(end), text);
}

function fieldPart(
  path: readonly NamePart[],
  from: string,
  scope: Scope | undefined,
  input: string | null | undefined,
): NamePart | undefined {
  if (scope === undefined) return path[0]?.text === from ? path[0] : undefined;
  const resolved = resolvePath(path, scope);
  if (resolved === 'unknown' || 'ambiguous' in resolved) return undefined;
  const { found, used } = resolved;
  return found.field.name === from && (input === undefined || found.input === input) ? path[used - 1] : undefined;
}
