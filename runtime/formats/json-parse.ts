/** JSON text in, without losing digits of long numbers. */
import { LosslessNumber, parse as parseLossless } from 'lossless-json';

/** A run this long may hold more digits than a double keeps. */
const LONG_RUN = 16;
const LONG_NUMBER = /[\d.]{16}/;
const SAFE_DIGITS = 15;

/** A number token of JSON, read: a double where that is exact, its text otherwise. */
export type JsonNumber = number | LosslessNumber;

/**
 * The parsed text; undefined when it is not JSON. With `exact`, numbers of 16 and more digits come as `LosslessNumber`;
 * lossless-json is some ten times slower than the platform's parser, so only texts that may hold one take that way.
 */
export function parseJson(text: string, exact: boolean): unknown {
  try {
    return exact && LONG_NUMBER.test(text) ? parseLossless(text, null, EXACT_OPTIONS) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

const EXACT_OPTIONS = {
  parseNumber: (token: string): JsonNumber => (token.length <= SAFE_DIGITS ? Number(token) : new LosslessNumber(token)),
  // As JSON.parse: the last one counts.
  onDuplicateKey: ({ newValue }: { newValue: unknown }): unknown => newValue,
};

/** Text of a number token; null for anything else. */
export function numberText(json: unknown): string | null {
  if (typeof json === 'number') return String(json);
  return json instanceof LosslessNumber ? json.value : null;
}

/**
 * Whether `LONG_NUMBER` occurs anywhere in the bytes. A run of 16 covers a place that 16 divides, so one byte in 16 is looked at: a
 * regular expression over every line took a fifth of the time of reading.
 */
export function holdsLongNumber(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start + LONG_RUN - 1; at < end; at += LONG_RUN) {
    if (!isNumeral(bytes[at]!)) continue;
    let from = at;
    let to = at + 1;
    while (from > start && isNumeral(bytes[from - 1]!)) from--;
    while (to < end && isNumeral(bytes[to]!)) to++;
    if (to - from >= LONG_RUN) return true;
  }
  return false;
}

function isNumeral(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x2e;
}
