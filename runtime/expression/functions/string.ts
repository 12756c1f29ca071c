import { say } from '../../core/say.ts';
import { BIGINT, BOOLEAN, INT, mapOf, STRING, type Value } from '../../core/types.ts';
import { encodeUtf8 } from '../../core/utf8.ts';
import { declare, takes, unsupported, type EvaluationContext, type FunctionSpec } from './declare.ts';
import { splitIndex } from './split-index.ts';
import { characterCount, characters, positionOf, reversed, trimmed } from './text.ts';

const TEXT = takes({ text: STRING }, STRING);

/** `TRIM(BOTH c FROM s)`: both targets know the characters only in this form. */
function trimSpelling(side: string, plain: string): (args: readonly string[]) => string {
  return ([text, set]) => (set === undefined ? `${plain}(${text})` : `TRIM(${side} ${set} FROM ${text})`);
}

function padding(text: string, length: number, pad: string): string | null {
  if (length < 0 || pad === '') return null;
  const missing = length - characterCount(text);
  return missing <= 0 ? '' : characters(pad.repeat(Math.ceil(missing / characterCount(pad))), 0, missing);
}

function substring(text: string, start: number, length = Infinity): string | null {
  if (length < 0) return null;
  const count = characterCount(text);
  const from = start > 0 ? start - 1 : start < 0 ? count + start : 0;
  return from < 0 || from >= count ? '' : characters(text, from, from + length);
}

function translated(text: string, from: string, to: string): string {
  const replacements = [...to];
  const map = new Map<string, string>();
  [...from].forEach((character, i) => {
    if (!map.has(character)) map.set(character, replacements[i] ?? '');
  });
  return [...text].map((character) => map.get(character) ?? character).join('');
}

/** Row by row of Wagner and Fischer's matrix. */
function editDistance(text: string, other: string): number {
  const [a, b] = [[...text], [...other]];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  a.forEach((character, i) => {
    const next = [i + 1];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (character === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  });
  return row[b.length]!;
}

export const STRING_FUNCTIONS: readonly FunctionSpec[] = [
  declare('string', {
    name: 'UPPER',
    aliases: ['UCASE'],
    signatures: [TEXT],
    doc: 'The text in upper case.',
    example: ["UPPER('Zoë')", "'ZOË'"],
    evaluate: (text: string) => text.toUpperCase(),
  }),
  declare('string', {
    name: 'LOWER',
    aliases: ['LCASE'],
    signatures: [TEXT],
    doc: 'The text in lower case.',
    example: ["LOWER('Zoë')", "'zoë'"],
    evaluate: (text: string) => text.toLowerCase(),
  }),
  declare('string', {
    name: 'INITCAP',
    signatures: [TEXT],
    doc: 'Each word with a capital first letter and the rest in lower case. Words are runs of letters and digits.',
    example: ["INITCAP('new YORK city')", "'New York City'"],
    evaluate: (text: string) =>
      text.toLowerCase().replace(/[\p{L}\p{N}]+/gu, (word) => {
        const [first = '', ...rest] = word;
        return first.toUpperCase() + rest.join('');
      }),
  }),
  declare('string', {
    name: 'TRIM',
    aliases: ['BTRIM'],
    signatures: [TEXT, takes({ text: STRING, characters: STRING }, STRING)],
    doc: 'The text without spaces (or without the given characters) at both ends. Also `TRIM(BOTH c FROM s)`.',
    example: ["TRIM('  a b ')", "'a b'"],
    evaluate: (text: string, set?: string) => trimmed(text, set ?? ' ', true, true),
    flink: trimSpelling('BOTH', 'TRIM'),
    spark: trimSpelling('BOTH', 'TRIM'),
  }),
  declare('string', {
    name: 'LTRIM',
    signatures: [TEXT, takes({ text: STRING, characters: STRING }, STRING)],
    doc: 'The text without spaces (or the given characters) at its start. Also `TRIM(LEADING c FROM s)`.',
    example: ["LTRIM('xxabx', 'x')", "'abx'"],
    evaluate: (text: string, set?: string) => trimmed(text, set ?? ' ', true, false),
    flink: trimSpelling('LEADING', 'LTRIM'),
    spark: trimSpelling('LEADING', 'LTRIM'),
  }),
  declare('string', {
    name: 'RTRIM',
    signatures: [TEXT, takes({ text: STRING, characters: STRING }, STRING)],
    doc: 'The text without spaces (or the given characters) at its end. Also `TRIM(TRAILING c FROM s)`.',
    example: ["RTRIM('ab  ')", "'ab'"],
    evaluate: (text: string, set?: string) => trimmed(text, set ?? ' ', false, true),
    flink: trimSpelling('TRAILING', 'RTRIM'),
    spark: trimSpelling('TRAILING', 'RTRIM'),
  }),
  declare('string', {
    name: 'SUBSTRING',
    aliases: ['SUBSTR'],
    signatures: [
      takes({ text: STRING, start: INT }, STRING),
      takes({ text: STRING, start: INT, length: INT }, STRING, 'always'),
    ],
    doc: 'Characters from position `start` (1-based; negative counts from the end), at most `length` of them. NULL for a negative length.',
    example: ["SUBSTRING('stream', 2, 3)", "'tre'"],
    evaluate: substring,
  }),
  declare('string', {
    name: 'LEFT',
    signatures: [takes({ text: STRING, length: INT }, STRING)],
    doc: 'The first `length` characters.',
    example: ["LEFT('stream', 3)", "'str'"],
    evaluate: (text: string, length: number) => characters(text, 0, Math.max(0, length)),
  }),
  declare('string', {
    name: 'RIGHT',
    signatures: [takes({ text: STRING, length: INT }, STRING)],
    doc: 'The last `length` characters.',
    example: ["RIGHT('stream', 3)", "'eam'"],
    evaluate: (text: string, length: number) => {
      const count = characterCount(text);
      return characters(text, Math.max(0, count - Math.max(0, length)), count);
    },
  }),
  declare('string', {
    name: 'CONCAT',
    signatures: [takes({ 'text…': STRING }, STRING)],
    doc: 'All texts joined; NULL when one is NULL. `||` does the same.',
    example: ["CONCAT('a', 'b', 'c')", "'abc'"],
    evaluate: (...texts: string[]) => texts.join(''),
    inline: (args) => `(${args.join(' + ')})`,
  }),
  declare('string', {
    name: 'CONCAT_WS',
    signatures: [takes({ separator: STRING, 'text…': STRING }, STRING, 'always')],
    doc: 'The texts that are not NULL, joined with a separator between them.',
    example: ["CONCAT_WS('-', 'a', NULL, 'b')", "'a-b'"],
    nulls: 'custom',
    evaluate: (separator: string | null, ...texts: (string | null)[]) =>
      separator === null ? null : texts.filter((text) => text !== null).join(separator),
  }),
  declare('string', {
    name: 'CHAR_LENGTH',
    aliases: ['CHARACTER_LENGTH', 'LENGTH'],
    signatures: [takes({ text: STRING }, INT)],
    doc: 'Number of characters.',
    example: ["CHAR_LENGTH('naïve')", '5'],
    evaluate: characterCount,
  }),
  declare('string', {
    name: 'OCTET_LENGTH',
    signatures: [takes({ text: STRING }, INT)],
    doc: 'Number of bytes of the text in UTF-8.',
    example: ["OCTET_LENGTH('naïve')", '6'],
    evaluate: (text: string) => encodeUtf8(text).length,
    // Two digits a byte.
    flink: ([text]) => `CHAR_LENGTH(HEX(${text})) / 2`,
  }),
  declare('string', {
    name: 'REPLACE',
    signatures: [takes({ text: STRING, search: STRING, replacement: STRING }, STRING)],
    doc: 'The text with every occurrence of `search` replaced.',
    example: ["REPLACE('a-b-c', '-', '/')", "'a/b/c'"],
    evaluate: (text: string, search: string, replacement: string) => text.replaceAll(search, () => replacement),
  }),
  declare('string', {
    name: 'TRANSLATE',
    signatures: [takes({ text: STRING, from: STRING, to: STRING }, STRING)],
    doc: 'Each character of `from` becomes the one at the same place in `to`, or goes when there is none.',
    example: ["TRANSLATE('a-b.c', '-.', '_')", "'a_bc'"],
    evaluate: translated,
  }),
  declare('string', {
    name: 'POSITION',
    signatures: [takes({ part: STRING, text: STRING }, INT)],
    doc: 'Position of the first occurrence (1-based), 0 when there is none. Written `POSITION(part IN text)`.',
    example: ["POSITION('re' IN 'stream')", '3'],
    evaluate: (part: string, text: string) => positionOf(part, text),
    text: ([part, text]) => `POSITION(${part} IN ${text})`,
  }),
  declare('string', {
    name: 'LOCATE',
    signatures: [takes({ part: STRING, text: STRING, 'from?': INT }, INT)],
    doc: 'Position of the first occurrence of `part` at or after `from` (1-based), 0 when there is none.',
    example: ["LOCATE('a', 'banana', 3)", '4'],
    evaluate: (part: string, text: string, from?: number) => positionOf(part, text, from ?? 1),
  }),
  declare('string', {
    name: 'INSTR',
    signatures: [takes({ text: STRING, part: STRING }, INT)],
    doc: 'Position of the first occurrence of `part` in `text` (1-based), 0 when there is none.',
    example: ["INSTR('banana', 'n')", '3'],
    evaluate: (text: string, part: string) => positionOf(part, text),
  }),
  declare('string', {
    name: 'LPAD',
    signatures: [takes({ text: STRING, length: INT, pad: STRING }, STRING, 'always')],
    doc: 'The text filled up on the left to `length` characters, or cut to them. NULL for a negative length or an empty pad.',
    example: ["LPAD('7', 3, '0')", "'007'"],
    evaluate: (text: string, length: number, pad: string) => {
      const fill = padding(text, length, pad);
      return fill === null ? null : fill + characters(text, 0, length);
    },
  }),
  declare('string', {
    name: 'RPAD',
    signatures: [takes({ text: STRING, length: INT, pad: STRING }, STRING, 'always')],
    doc: 'The text filled up on the right to `length` characters, or cut to them. NULL for a negative length or an empty pad.',
    example: ["RPAD('ab', 5, 'xy')", "'abxyx'"],
    evaluate: (text: string, length: number, pad: string) => {
      const fill = padding(text, length, pad);
      return fill === null ? null : characters(text, 0, length) + fill;
    },
  }),
  declare('string', {
    name: 'REPEAT',
    signatures: [takes({ text: STRING, times: INT }, STRING)],
    doc: 'The text `times` times over.',
    example: ["REPEAT('ab', 3)", "'ababab'"],
    evaluate: (text: string, times: number) => text.repeat(Math.max(0, times)),
  }),
  declare('string', {
    name: 'REVERSE',
    signatures: [TEXT],
    doc: 'The characters in the opposite order.',
    example: ["REVERSE('abc')", "'cba'"],
    evaluate: reversed,
  }),
  declare('string', {
    name: 'SPLIT_INDEX',
    signatures: [takes({ text: STRING, separator: STRING, index: INT }, STRING, 'always')],
    doc: 'The part at `index` (counted from 0) of the text split at each separator. NULL when there is no such part.',
    example: ["SPLIT_INDEX('a/b/c', '/', 1)", "'b'"],
    evaluate: splitIndex,
    spark: ([text, separator, index]) => `get(split(${text}, concat('\\\\Q', ${separator}, '\\\\E')), ${index})`,
  }),
  declare('string', {
    name: 'STARTSWITH',
    signatures: [takes({ text: STRING, start: STRING }, BOOLEAN)],
    doc: 'Whether the text begins with `start`.',
    example: ["STARTSWITH('stream', 'str')", 'TRUE'],
    evaluate: (text: string, start: string) => text.startsWith(start),
  }),
  declare('string', {
    name: 'ENDSWITH',
    signatures: [takes({ text: STRING, end: STRING }, BOOLEAN)],
    doc: 'Whether the text ends with `end`.',
    example: ["ENDSWITH('stream', 'am')", 'TRUE'],
    evaluate: (text: string, end: string) => text.endsWith(end),
  }),
  declare('string', {
    name: 'ASCII',
    signatures: [takes({ text: STRING }, INT)],
    doc: 'Code of the first character; 0 for an empty text.',
    example: ["ASCII('A')", '65'],
    evaluate: (text: string) => text.codePointAt(0) ?? 0,
  }),
  declare('string', {
    name: 'CHR',
    signatures: [takes({ code: BIGINT }, STRING, 'always')],
    doc: 'The character of a code between 0 and 255; larger ones count modulo 256, negative ones give NULL.',
    example: ['CHR(65)', "'A'"],
    evaluate: (value: bigint) => (value < 0n ? null : String.fromCharCode(Number(value & 0xffn))),
  }),
  declare('string', {
    name: 'ELT',
    signatures: [takes({ index: INT, 'text…': STRING }, STRING, 'always')],
    doc: 'The text at `index` (1-based) among the following arguments; NULL when there is none.',
    example: ["ELT(2, 'a', 'b', 'c')", "'b'"],
    nulls: 'custom',
    evaluate: (index: number | null, ...texts: (string | null)[]) =>
      index === null ? null : (texts[index - 1] ?? null),
    // elt fails for an index that is not there.
    spark: ([index, ...texts]) =>
      `CASE WHEN ${index} BETWEEN 1 AND ${texts.length} THEN elt(${[index, ...texts].join(', ')}) END`,
  }),
  declare('string', {
    name: 'IS_ALPHA',
    signatures: [takes({ text: STRING }, BOOLEAN)],
    doc: 'Whether the text has letters only, at least one.',
    example: ["IS_ALPHA('abc')", 'TRUE'],
    evaluate: (text: string) => /^\p{L}+$/u.test(text),
    spark: ([text]) => `${text} rlike '^\\\\p{L}+$'`,
  }),
  declare('string', {
    name: 'IS_DIGIT',
    signatures: [takes({ text: STRING }, BOOLEAN)],
    doc: 'Whether the text has digits only, at least one.',
    example: ["IS_DIGIT('2026')", 'TRUE'],
    evaluate: (text: string) => /^\p{Nd}+$/u.test(text),
    spark: ([text]) => `${text} rlike '^\\\\p{Nd}+$'`,
  }),
  declare('string', {
    name: 'IS_DECIMAL',
    signatures: [takes({ text: STRING }, BOOLEAN)],
    doc: 'Whether the text is a number.',
    example: ["IS_DECIMAL('-3.5')", 'TRUE'],
    evaluate: (text: string) => /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(text),
    spark: ([text]) => `TRY_CAST(${text} AS DOUBLE) IS NOT NULL`,
  }),
  declare('string', {
    name: 'URL_ENCODE',
    signatures: [TEXT],
    doc: 'The text as a form encodes it for a URL.',
    example: ["URL_ENCODE('a b&c')", "'a+b%26c'"],
    evaluate: (text: string) =>
      encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'))
        .replaceAll('%20', '+')
        .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`),
  }),
  declare('string', {
    name: 'URL_DECODE',
    signatures: [takes({ text: STRING }, STRING, 'always')],
    doc: 'The text that `URL_ENCODE` was given; NULL when it is malformed.',
    example: ["URL_DECODE('a+b%26c')", "'a b&c'"],
    evaluate: (text: string) => {
      try {
        return decodeURIComponent(text.replaceAll('+', ' '));
      } catch {
        return null;
      }
    },
    spark: 'try_url_decode',
  }),
  declare('string', {
    name: 'PARSE_URL',
    signatures: [takes({ url: STRING, part: STRING, 'key?': STRING }, STRING, 'always')],
    doc: 'A part of a URL: PROTOCOL, HOST, AUTHORITY, USERINFO, PATH, FILE, QUERY or REF; with a key, that value of the QUERY. NULL when it is not there.',
    example: ["PARSE_URL('https://a.org/p?q=1#top', 'QUERY', 'q')", "'1'"],
    evaluate: urlPart,
    // parse_url fails where the URL cannot be read.
    spark: 'try_parse_url',
  }),
  declare('string', {
    name: 'STR_TO_MAP',
    signatures: [takes({ text: STRING, 'pairSeparator?': STRING, 'keySeparator?': STRING }, mapOf(STRING, STRING))],
    doc: 'A map from a text such as `a=1,b=2`. The separators are `,` and `=` unless given.',
    example: ["STR_TO_MAP('a=1,b=2')['b']", "'2'"],
    evaluate: (text: string, pairSeparator?: string, keySeparator?: string) => {
      const between = keySeparator ?? '=';
      return new Map<Value, Value>(
        text.split(pairSeparator ?? ',').map((pair) => {
          const at = pair.indexOf(between);
          return at < 0 ? [pair, null] : [pair.slice(0, at), pair.slice(at + between.length)];
        }),
      );
    },
    spark: ([text, pairs, keys]) => `str_to_map(${text}, ${pairs ?? "','"}, ${keys ?? "'='"})`,
  }),
  declare('string', {
    name: 'UUID',
    signatures: [takes({}, STRING, 'never')],
    doc: 'A random identifier (RFC 4122, version 4).',
    example: ['CHAR_LENGTH(UUID())', '36'],
    isDeterministic: false,
    needsContext: true,
    evaluate: ({ random }: EvaluationContext) =>
      'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, (slot) => {
        const digit = Math.floor(random() * 16);
        return (slot === 'x' ? digit : (digit & 3) | 8).toString(16);
      }),
  }),
  declare('string', {
    name: 'CONTAINS',
    signatures: [takes({ text: STRING, part: STRING }, BOOLEAN)],
    doc: 'Whether `part` is somewhere in the text.',
    example: ["CONTAINS('stream', 'rea')", 'TRUE'],
    evaluate: (text: string, part: string) => text.includes(part),
    flink: ([text, part]) => `(POSITION(${part} IN ${text}) > 0)`,
  }),
  declare('string', {
    name: 'LEVENSHTEIN',
    signatures: [takes({ text: STRING, other: STRING }, INT)],
    doc: 'How many characters must be put in, taken out or changed to make one text of the other.',
    example: ["LEVENSHTEIN('kitten', 'sitting')", '3'],
    evaluate: editDistance,
    flink: unsupported(say`Flink SQL has no LEVENSHTEIN`),
  }),
];

const URL_PARTS =
  /^([a-z][a-z0-9+.-]*):(?:\/\/((?:([^/?#]*)@)?([^/?#:]*)(?::\d*)?))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/is;

function urlPart(url: string, part: string, key?: string): string | null {
  const match = URL_PARTS.exec(url);
  if (match === null) return null;
  const [, protocol, authority, user, host, path, query, ref] = match;
  if (key !== undefined) {
    const pair = part.toUpperCase() === 'QUERY' ? query?.split('&').find((p) => p.startsWith(`${key}=`)) : undefined;
    return pair?.slice(key.length + 1) ?? null;
  }
  switch (part.toUpperCase()) {
    case 'PROTOCOL':
      return protocol ?? null;
    case 'AUTHORITY':
      return authority ?? null;
    case 'USERINFO':
      return user ?? null;
    case 'HOST':
      return host ?? null;
    case 'PATH':
      return path ?? null;
    case 'FILE':
      return `${path ?? ''}${query === undefined ? '' : `?${query}`}`;
    case 'QUERY':
      return query ?? null;
    case 'REF':
      return ref ?? null;
    default:
      return null;
  }
}
