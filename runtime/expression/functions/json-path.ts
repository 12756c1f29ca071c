/** JSON texts and paths into them: RFC 9535, with SQL's `lax $.a` accepted. */
import { isSafeNumber, parse as parseLossless } from 'lossless-json';
import { query, type JsonValue } from 'jsonpath-rfc9535';
import parsePath from 'jsonpath-rfc9535/parser';

/** Digits that a double may not hold. */
const LONG_NUMBER = /\d{16}/;

/** Also holds bigints, for whole numbers beyond 2^53. */
export type Json = JsonValue | bigint;

let lastText: string | null = null;
let lastValue: Json | undefined;

/** The value of a JSON text, undefined when it is malformed. Asking for the same text again costs nothing. */
export function parseJson(text: string): Json | undefined {
  if (text === lastText) return lastValue;
  lastValue = read(text);
  lastText = text;
  return lastValue;
}

function read(text: string): Json | undefined {
  try {
    return (LONG_NUMBER.test(text) ? parseLossless(text, null, exactNumber) : JSON.parse(text)) as Json;
  } catch {
    return undefined;
  }
}

function exactNumber(digits: string): unknown {
  return isSafeNumber(digits) || !/^-?\d+$/.test(digits) ? Number(digits) : BigInt(digits);
}

/** JSON text of a value, without spaces. */
export function printJson(value: Json): string {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map((item) => printJson(item as Json)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}:${printJson(member as Json)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}

type Finder = (document: Json) => readonly Json[];

const finders = new Map<string, Finder>();
/** Paths that come from rows must not pile up. */
const MAX_FINDERS = 256;

/** What a path finds. Throws an Error when the path is malformed. */
export function find(document: Json, path: string): readonly Json[] {
  let finder = finders.get(path);
  if (finder === undefined) {
    if (finders.size >= MAX_FINDERS) finders.clear();
    finder = finderOf(path.replace(/^\s*(?:lax|strict)\s+/i, ''));
    finders.set(path, finder);
  }
  return finder(document);
}

/** Most paths are chains of names and positions: walking them needs no query engine. */
const CHAIN = /^\$(?:\.[\p{L}_][\p{L}\p{N}_]*|\[\d+\]|\['[^'\\]*'\])*$/u;

function finderOf(path: string): Finder {
  if (!CHAIN.test(path)) {
    parsePath(path);
    return (document) => query(document as JsonValue, path) as Json[];
  }
  const steps = [...path.matchAll(/\.([\p{L}_][\p{L}\p{N}_]*)|\[(\d+)\]|\['([^'\\]*)'\]/gu)].map(
    ([, name, position, quoted]) => (position === undefined ? (name ?? quoted ?? '') : Number(position)),
  );
  return (document) => {
    let at: Json | undefined = document;
    for (const step of steps) {
      if (typeof at !== 'object' || at === null || Array.isArray(at) !== (typeof step === 'number')) return [];
      if (!Object.hasOwn(at, step)) return [];
      at = (at as Readonly<Record<string | number, Json>>)[step];
    }
    return at === undefined ? [] : [at];
  };
}
