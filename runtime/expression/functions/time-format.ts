/** Times to and from texts by a pattern in the letters of Java's DateTimeFormatter (`yyyy-MM-dd HH:mm:ss`), in UTC. */
import { UTCDate } from '@date-fns/utc';
import { format, isValid, parse } from 'date-fns';
import { cannotCompute } from '../operations.ts';
import { say } from '../../core/say.ts';

/** What Flink takes and gives when no pattern is written. */
export const DEFAULT_PATTERN = 'yyyy-MM-dd HH:mm:ss';

/** Throws MR2104 for a pattern that cannot be read. */
export function formatTime(ms: number, pattern: string): string {
  const parts = partsOf(pattern);
  const date = new Date(ms);
  const year = date.getUTCFullYear();
  if (parts !== null && year >= 1 && year <= 9999) {
    let text = '';
    for (const part of parts) text += typeof part === 'string' ? part : part(date);
    return text;
  }
  try {
    return format(new UTCDate(ms), pattern);
  } catch (cause) {
    throw cannotCompute(say`the time pattern ${JSON.stringify(pattern)} cannot be used: ${(cause as Error).message}`);
  }
}

type Part = string | ((date: Date) => string);

/** The fields that patterns mostly are of: twenty times as fast by hand, and a pattern is read only once. */
const FIELDS: Readonly<Record<string, (date: Date) => string>> = {
  yyyy: (date) => String(date.getUTCFullYear()).padStart(4, '0'),
  MM: (date) => twoDigits(date.getUTCMonth() + 1),
  dd: (date) => twoDigits(date.getUTCDate()),
  HH: (date) => twoDigits(date.getUTCHours()),
  mm: (date) => twoDigits(date.getUTCMinutes()),
  ss: (date) => twoDigits(date.getUTCSeconds()),
  SSS: (date) => String(date.getUTCMilliseconds()).padStart(3, '0'),
};

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

/** By pattern. Patterns may come from a field of the rows, so that it must not grow for ever. */
const knownParts = new Map<string, readonly Part[] | null>();
const MAX_KNOWN = 100;

/** Null when the pattern has anything but `FIELDS` and what stands for itself. */
function partsOf(pattern: string): readonly Part[] | null {
  const known = knownParts.get(pattern);
  if (known !== undefined) return known;
  const parts = pattern.includes("'") ? [undefined] : pattern.match(/([a-z])\1*|[^a-z]+/gi)?.map(partOf);
  const result = parts?.every((part) => part !== undefined) === true ? parts : null;
  if (knownParts.size >= MAX_KNOWN) knownParts.clear();
  knownParts.set(pattern, result);
  return result;
}

function partOf(run: string): Part | undefined {
  return /^[a-z]/i.test(run) ? FIELDS[run] : run;
}

/** Milliseconds since the epoch; null when the text does not have the pattern. */
export function parseTime(text: string, pattern: string): number | null {
  try {
    const parsed = parse(text, pattern, new UTCDate(0));
    return isValid(parsed) ? parsed.getTime() : null;
  } catch (cause) {
    throw cannotCompute(say`the time pattern ${JSON.stringify(pattern)} cannot be used: ${(cause as Error).message}`);
  }
}

/** What is wrong with a pattern; null when it is good. */
export function patternFault(pattern: string): string | null {
  try {
    format(new UTCDate(0), pattern);
    return null;
  } catch {
    return say`${JSON.stringify(pattern)} is no time pattern: write it as in "${DEFAULT_PATTERN}", other letters in single quotes`;
  }
}
