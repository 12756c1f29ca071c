/** From the text of a row pattern to its structure. */
import type { CstElement, CstNode, IToken } from 'chevrotain';
import type { DiagnosticCode } from '../../core/diagnostic-codes.ts';
import type { TextRange } from '../../core/diagnostics.ts';
import { say } from '../../core/say.ts';
import { parsePatternTokens, patternLexer } from './pattern-grammar.ts';
import type { PatternSyntax, Quantifier } from './pattern-syntax.ts';

export interface PatternProblem {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly range: TextRange;
}

export interface ParsedPattern {
  /** Null iff there are problems. */
  readonly pattern: PatternSyntax | null;
  readonly problems: readonly PatternProblem[];
}

export function parsePattern(text: string): ParsedPattern {
  const { tokens, errors: lexErrors } = patternLexer.tokenize(text);
  const { cst, errors } = parsePatternTokens(tokens);
  const problems = [
    ...lexErrors.map(({ offset, length }) => ({
      message: say`Unexpected character ${JSON.stringify(text.substr(offset, length))}: write variables, | ( ) and the quantifiers * + ? {n,m}`,
      range: { start: offset, end: offset + length },
    })),
    ...errors.map(({ message, token }) => ({ message, range: rangeOf(token, text) })),
  ].map((problem) => ({ ...problem, code: 'MR1310' as const }));
  if (problems.length > 0) return { pattern: null, problems };
  const builder = new PatternBuilder();
  const pattern = builder.alternatives(cst);
  return builder.problems.length === 0 ? { pattern, problems: [] } : { pattern: null, problems: builder.problems };
}

function rangeOf(token: IToken, text: string): TextRange {
  if (Number.isFinite(token.startOffset) && token.image !== '') {
    return { start: token.startOffset, end: token.startOffset + token.image.length };
  }
  const end = text.trimEnd().length;
  return { start: Math.max(0, end - 1), end };
}

type Children = Readonly<Record<string, readonly CstElement[] | undefined>>;

/** Only for trees without errors. */
class PatternBuilder {
  readonly problems: PatternProblem[] = [];

  alternatives(cst: CstNode): PatternSyntax {
    const items = nodes(cst, 'item').map((item) => this.#sequence(item));
    return items.length === 1 ? items[0]! : { node: 'alternatives', items, range: extent(cst) };
  }

  #sequence(cst: CstNode): PatternSyntax {
    const items = nodes(cst, 'item').map((item) => this.#factor(item));
    return items.length === 1 ? items[0]! : { node: 'sequence', items, range: extent(cst) };
  }

  #factor(cst: CstNode): PatternSyntax {
    const [variable] = tokens(cst, 'Variable');
    const item: PatternSyntax =
      variable === undefined
        ? this.alternatives(nodes(cst, 'group')[0]!)
        : { node: 'variable', name: variable.image, range: rangeOf(variable, '') };
    const [quantifier] = nodes(cst, 'quantifier');
    return quantifier === undefined
      ? item
      : { node: 'repeat', item, quantifier: this.#quantifier(quantifier), range: extent(cst) };
  }

  #quantifier(cst: CstNode): Quantifier {
    const isGreedy = tokens(cst, 'reluctant').length === 0;
    if (tokens(cst, 'Star').length > 0) return { min: 0, max: Infinity, isGreedy };
    if (tokens(cst, 'Plus').length > 0) return { min: 1, max: Infinity, isGreedy };
    if (tokens(cst, 'optional').length > 0) return { min: 0, max: 1, isGreedy };
    const [low] = tokens(cst, 'min');
    const [high] = tokens(cst, 'max');
    const isExact = tokens(cst, 'Comma').length === 0;
    const min = Number(low?.image ?? 0);
    const max = isExact ? min : Number(high?.image ?? Infinity);
    if (low === undefined && high === undefined) {
      this.problems.push({ code: 'MR1310', message: say`Say how often: {n}, {n,}, {n,m} or {,m}`, range: extent(cst) });
    } else if (max < Math.max(1, min)) {
      const message =
        max < min ? say`{${min},${max}} ends before it begins` : say`At most 0 rows: leave the variable out`;
      this.problems.push({ code: 'MR1310', message, range: extent(cst) });
    }
    return { min, max, isGreedy };
  }
}

function nodes(cst: CstNode, label: string): readonly CstNode[] {
  return ((cst.children as Children)[label] ?? []).filter((child) => 'children' in child);
}

function tokens(cst: CstNode, label: string): readonly IToken[] {
  return ((cst.children as Children)[label] ?? []).filter((child) => 'image' in child);
}

function extent(cst: CstNode): TextRange {
  return { start: cst.location?.startOffset ?? 0, end: (cst.location?.endOffset ?? 0) + 1 };
}
