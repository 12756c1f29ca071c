import { say } from '../../core/say.ts';
import { arrayOf, BOOLEAN, INT, STRING } from '../../core/types.ts';
import { cannotCompute } from '../operations.ts';
import { type ArgumentInfo, declare, type FunctionSpec, takes, unsupported } from './declare.ts';
import { characterCount } from './text.ts';

const compiled = new Map<string, RegExp>();
/** Patterns that come from rows must not pile up. */
const MAX_COMPILED = 256;

/** Global, so that all matches can be walked; `lastIndex` is back at 0. */
function regexOf(pattern: string): RegExp {
  let regex = compiled.get(pattern);
  if (regex === undefined) {
    regex = compile(pattern);
    if (regex === undefined) throw cannotCompute(say`${JSON.stringify(pattern)} is no regular expression`);
    if (compiled.size >= MAX_COMPILED) compiled.clear();
    compiled.set(pattern, regex);
  }
  regex.lastIndex = 0;
  return regex;
}

/** Java's leading flags become JavaScript's; Java also bears needless escapes, which JavaScript does only without `u`. */
function compile(pattern: string): RegExp | undefined {
  const [lead = '', flags = ''] = /^\(\?([ims]+)\)/.exec(pattern) ?? [];
  const source = pattern.slice(lead.length);
  for (const unicode of ['u', '']) {
    try {
      return new RegExp(source, `g${flags}${unicode}`);
    } catch {
      // The laxer form comes next.
    }
  }
  return undefined;
}

function checkRegex(args: readonly ArgumentInfo[]): { argument: number; message: string } | null {
  const pattern = args[1]?.literal;
  return typeof pattern !== 'string' || compile(pattern) !== undefined
    ? null
    : { argument: 1, message: say`${JSON.stringify(pattern)} is no regular expression` };
}

export const REGEX_FUNCTIONS: readonly FunctionSpec[] = [
  declare('regex', {
    name: 'REGEXP',
    aliases: ['REGEXP_LIKE', 'RLIKE'],
    signatures: [takes({ text: STRING, pattern: STRING }, BOOLEAN)],
    doc: 'Whether a part of the text matches a regular expression.',
    example: ["REGEXP('order-42', '[0-9]+')", 'TRUE'],
    evaluate: (text: string, pattern: string) => regexOf(pattern).test(text),
    checkLiterals: checkRegex,
    spark: 'regexp_like',
  }),
  declare('regex', {
    name: 'REGEXP_EXTRACT',
    signatures: [takes({ text: STRING, pattern: STRING, 'group?': INT }, STRING, 'always')],
    doc: 'The first match, or a group of it (0 unless given = all of it); NULL when nothing matches.',
    example: ["REGEXP_EXTRACT('order-42', '([a-z]+)-([0-9]+)', 2)", "'42'"],
    evaluate: (text: string, pattern: string, group?: number) => regexOf(pattern).exec(text)?.[group ?? 0] ?? null,
    checkLiterals: checkRegex,
    spark: ([text, pattern, group]) =>
      `CASE WHEN regexp_like(${text}, ${pattern}) THEN regexp_extract(${text}, ${pattern}, ${group ?? '0'}) END`,
  }),
  declare('regex', {
    name: 'REGEXP_EXTRACT_ALL',
    signatures: [takes({ text: STRING, pattern: STRING, 'group?': INT }, arrayOf(STRING))],
    doc: 'Every match, or a group of each (1 unless given; 0 = all of it).',
    example: ["REGEXP_EXTRACT_ALL('a1 b22', '[a-z]([0-9]+)')", "ARRAY['1', '22']"],
    evaluate: (text: string, pattern: string, group?: number) =>
      [...text.matchAll(regexOf(pattern))].map((match) => match[group ?? 1] ?? null),
    checkLiterals: checkRegex,
  }),
  declare('regex', {
    name: 'REGEXP_REPLACE',
    signatures: [takes({ text: STRING, pattern: STRING, replacement: STRING }, STRING)],
    doc: 'The text with every match replaced; `$1` in the replacement stands for a group.',
    example: ["REGEXP_REPLACE('2026-11-22', '(\\d+)-(\\d+)-(\\d+)', '$3.$2.$1')", "'22.11.2026'"],
    evaluate: (text: string, pattern: string, replacement: string) => text.replace(regexOf(pattern), replacement),
    checkLiterals: checkRegex,
    flink: (args, call) => {
      const replacement = call.args[2]!.literal;
      const isPlain = typeof replacement === 'string' && !replacement.includes('$');
      return isPlain
        ? `REGEXP_REPLACE(${args.join(', ')})`
        : unsupported(say`REGEXP_REPLACE of Flink takes its replacement as it is: $1 stands for no group`);
    },
  }),
  declare('regex', {
    name: 'REGEXP_COUNT',
    signatures: [takes({ text: STRING, pattern: STRING }, INT)],
    doc: 'Number of matches.',
    example: ["REGEXP_COUNT('a1b22', '[0-9]+')", '2'],
    evaluate: (text: string, pattern: string) => {
      const regex = regexOf(pattern);
      let count = 0;
      for (const _ of text.matchAll(regex)) count++;
      return count;
    },
    checkLiterals: checkRegex,
  }),
  declare('regex', {
    name: 'REGEXP_INSTR',
    signatures: [takes({ text: STRING, pattern: STRING }, INT)],
    doc: 'Position of the first match (1-based), 0 when there is none.',
    example: ["REGEXP_INSTR('order-42', '[0-9]')", '7'],
    evaluate: (text: string, pattern: string) => {
      const match = regexOf(pattern).exec(text);
      return match === null ? 0 : characterCount(text.slice(0, match.index)) + 1;
    },
    checkLiterals: checkRegex,
  }),
  declare('regex', {
    name: 'REGEXP_SUBSTR',
    signatures: [takes({ text: STRING, pattern: STRING }, STRING, 'always')],
    doc: 'The first match; NULL when nothing matches.',
    example: ["REGEXP_SUBSTR('order-42', '[0-9]+')", "'42'"],
    evaluate: (text: string, pattern: string) => regexOf(pattern).exec(text)?.[0] ?? null,
    checkLiterals: checkRegex,
  }),
];
