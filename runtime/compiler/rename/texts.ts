/** Where texts in SQL and JavaScript, which only their operators can read, seem to name a field. */
import type { TextRange } from '../../core/diagnostics.ts';
import type { TextEdit } from '../../expression/index.ts';

export interface Mention {
  readonly name: string;
  readonly range: TextRange;
  /** `alias`: behind AS; `qualifier`: before a dot. */
  readonly role: 'name' | 'alias' | 'qualifier';
}

const SQL_PART =
  /'(?:[^']|'')*'?|--[^\n]*|\/\*[^]*?(?:\*\/|$)|\$\{[^}]*\}|`((?:[^`]|``)+)`|([\p{L}_][\p{L}\p{N}_$]*)/gu;

/** Not in strings, comments and parameters; a word before a bracket is a function's. */
export function namesInSql(text: string, names: ReadonlySet<string>): readonly Mention[] {
  return [...text.matchAll(SQL_PART)].flatMap((match): Mention[] => {
    const name = match[1]?.replaceAll('``', '`') ?? match[2];
    if (name === undefined || !names.has(name)) return [];
    const range = { start: match.index, end: match.index + match[0].length };
    const behind = text.slice(range.end).trimStart();
    if (match[2] !== undefined && behind.startsWith('(')) return [];
    const isAlias = /\bAS\s+$/iu.test(text.slice(0, range.start));
    return [{ name, range, role: isAlias ? 'alias' : behind.startsWith('.') ? 'qualifier' : 'name' }];
  });
}

const SCRIPT_PART =
  /\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)|(\??\.)\s*([\p{L}_$][\p{L}\p{N}_$]*)|(['"])((?:(?!\3)[^\\\n]|\\.)*)\3|([\p{L}_$][\p{L}\p{N}_$]*)/gu;
const PLAIN = /^[\p{L}_$][\p{L}\p{N}_$]*$/u;

export interface ScriptMention extends TextEdit {
  /** It reads a property of that name: `row.price`, `row['price']`; a name that stands alone may be anything. */
  readonly isLikely: boolean;
}

/** Edits under which code would read the new names; each of them is a guess. */
export function mentionsInScript(text: string, names: ReadonlyMap<string, string>): readonly ScriptMention[] {
  return [...text.matchAll(SCRIPT_PART)].flatMap((match): ScriptMention[] => {
    const [whole, dot, property, quote, string, word] = match;
    const to = names.get(property ?? string ?? word ?? '');
    if (to === undefined) return [];
    const range = { start: match.index, end: match.index + whole.length };
    if (dot !== undefined) {
      const optional = dot === '?.' ? '?.' : '';
      return [{ range, text: PLAIN.test(to) ? `${dot}${to}` : `${optional}[${quoted(to)}]`, isLikely: true }];
    }
    if (quote !== undefined) {
      const isIndex = text.slice(0, range.start).trimEnd().endsWith('[');
      return [{ range, text: quoted(to, quote), isLikely: isIndex }];
    }
    const isKey = text.slice(range.end).trimStart().startsWith(':');
    return PLAIN.test(to)
      ? [{ range, text: to, isLikely: false }]
      : isKey
        ? [{ range, text: quoted(to), isLikely: false }]
        : [];
  });
}

function quoted(text: string, quote = "'"): string {
  return `${quote}${text.replaceAll(/[\\'"]/g, (one) => (one === quote || one === '\\' ? `\\${one}` : one))}${quote}`;
}
