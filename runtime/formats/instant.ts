/** TIMESTAMP text, fast: the usual spellings digit by digit, every other by core/time's `parseTimestamp`. */
import { parseTimestamp } from '../core/time.ts';
import { decodeUtf8 } from '../core/utf8.ts';

const ZERO = 0x30;
const DASH = 0x2d;
const COLON = 0x3a;
const DOT = 0x2e;
const BLANK = 0x20;
const LETTER_T = 0x54;
const LETTER_Z = 0x5a;
const DATE_LENGTH = 10;
const SECONDS_LENGTH = 19;
const MILLIS_LENGTH = 23;

/** The day of the last instant read: neighbours in a file are mostly of one day. */
let lastDate = -1;
let lastDateMs = 0;

/** Ms since the epoch from `bytes[start, end)`; null when they are no instant. */
export function instantOfBytes(bytes: Uint8Array, start: number, end: number): number | null {
  const usual = usualInstant(bytes, start, end);
  return usual === usual ? usual : finite(parseTimestamp(decodeUtf8(bytes.subarray(start, end))));
}

const scratch = new Uint8Array(MILLIS_LENGTH + 1);

export function instantOfText(text: string): number | null {
  const { length } = text;
  if (length > scratch.length) return finite(parseTimestamp(text));
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    scratch[i] = unit < 0x80 ? unit : 0;
  }
  const usual = usualInstant(scratch, 0, length);
  return usual === usual ? usual : finite(parseTimestamp(text));
}

function finite(ms: number | null): number | null {
  return ms !== null && Number.isFinite(ms) ? ms : null;
}

/** `2026-11-22T15:04:05`, with or without `.123` and `Z`, blank or T between; NaN for anything else. */
function usualInstant(bytes: Uint8Array, start: number, end: number): number {
  const stop = end - start > SECONDS_LENGTH && bytes[end - 1] === LETTER_Z ? end - 1 : end;
  const length = stop - start;
  if (length !== SECONDS_LENGTH && length !== MILLIS_LENGTH) return NaN;
  const between = bytes[start + DATE_LENGTH];
  if (
    bytes[start + 4] !== DASH ||
    bytes[start + 7] !== DASH ||
    (between !== LETTER_T && between !== BLANK) ||
    bytes[start + 13] !== COLON ||
    bytes[start + 16] !== COLON
  ) {
    return NaN;
  }
  const day = dateMs(bytes, start);
  const hour = twoDigits(bytes, start + 11);
  const minute = twoDigits(bytes, start + 14);
  const second = twoDigits(bytes, start + 17);
  if (!(hour < 24 && minute < 60 && second < 60)) return NaN;
  const whole = day + hour * 3_600_000 + minute * 60_000 + second * 1000;
  if (length === SECONDS_LENGTH) return whole;
  if (bytes[start + SECONDS_LENGTH] !== DOT) return NaN;
  return whole + twoDigits(bytes, start + 20) * 10 + digit(bytes[start + 22]!);
}

/** Midnight of `yyyy-mm-dd`; NaN when it is no day, or one of the first centuries (Date.UTC has its own idea of those). */
function dateMs(bytes: Uint8Array, start: number): number {
  const year = twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2);
  const month = twoDigits(bytes, start + 5);
  const day = twoDigits(bytes, start + 8);
  const date = (year * 100 + month) * 100 + day;
  if (date === lastDate) return lastDateMs;
  if (!(year >= 100 && month >= 1 && month <= 12 && day >= 1 && day <= 31)) return NaN;
  const ms = Date.UTC(year, month - 1, day);
  if (new Date(ms).getUTCDate() !== day) return NaN;
  lastDate = date;
  lastDateMs = ms;
  return ms;
}

function twoDigits(bytes: Uint8Array, at: number): number {
  return digit(bytes[at]!) * 10 + digit(bytes[at + 1]!);
}

function digit(byte: number): number {
  const value = byte - ZERO;
  return value >= 0 && value <= 9 ? value : NaN;
}
