/** What a cursor points at. */
import type { TextRange } from '../../core/diagnostics.ts';
import { signatureText } from '../check-call.ts';
import { Checker } from '../check.ts';
import { findFunction } from '../functions/index.ts';
import { parseExpression } from '../parse.ts';
import { printExpression, printName } from '../print.ts';
import type { Scope } from '../scope.ts';
import { syntaxChildren, type Syntax } from '../syntax.ts';
import { fieldType, functionDoc } from './completions.ts';

export interface Hover {
  readonly range: TextRange;
  /** Markdown. */
  readonly contents: string;
}

/** The type of the smallest sub-expression at `offset`, or the help of a function's name; also in text with mistakes. */
export function hover(text: string, offset: number, scope: Scope): Hover | null {
  const { syntax } = parseExpression(text);
  const called = functionAt(syntax, offset);
  if (called !== null) return called;
  const checker = new Checker(scope);
  checker.check(syntax);
  const here = checker.places
    .filter(({ syntax: { range } }) => range.start <= offset && offset < range.end)
    .sort((a, b) => length(a.syntax) - length(b.syntax))[0];
  if (here === undefined) return null;
  const { typed } = here;
  const shown =
    typed.node === 'column'
      ? `${typed.input === null ? '' : `${printName(typed.input)}.`}${printName(typed.name)}`
      : printExpression(typed);
  return { range: here.syntax.range, contents: `\`\`\`sql\n${shown}: ${fieldType(typed)}\n\`\`\`` };
}

function length({ range }: Syntax): number {
  return range.end - range.start;
}

function functionAt(syntax: Syntax, offset: number): Hover | null {
  if (syntax.node === 'call') {
    const { text, range } = syntax.name;
    const spec = range.start <= offset && offset < range.end ? findFunction(text) : undefined;
    if (spec !== undefined) {
      const usages = spec.signatures.map((s) => signatureText(text.toUpperCase(), s)).join('\n');
      return { range, contents: `\`\`\`sql\n${usages}\n\`\`\`\n${functionDoc(spec)}` };
    }
  }
  for (const child of syntaxChildren(syntax)) {
    const found = functionAt(child, offset);
    if (found !== null) return found;
  }
  return null;
}
