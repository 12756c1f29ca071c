/** Times to and from texts by a pattern in the letters of Java's DateTimeFormatter (`yyyy-MM-dd HH:mm:ss`), in UTC. */
import { UTCDate } from '@date-fns/utc';
import { format, isValid, parse } from 'date-fns';
import { cannotCompute } from '../operations.ts';

/** What Flink takes and gives when no pattern is written. */
export const DEFAULT_PATTERN = 'yyyy-MM-dd HH:mm:ss';

/** Throws MR2104 for a pattern that cannot be read. */
export function formatTime(ms: number, pattern: string): string {
  try {
    return format(new UTCDate(ms), pattern);
  } catch (cause) {
    throw cannotCompute(`the time pattern ${JSON.stringify(pattern)} cannot be used: ${(cause as Error).message}`);
  }
}

/** Milliseconds since the epoch; null when the text does not have the pattern. */
export function parseTime(text: string, pattern: string): number | null {
  try {
    const parsed = parse(text, pattern, new UTCDate(0));
    return isValid(parsed) ? parsed.getTime() : null;
  } catch (cause) {
    throw cannotCompute(`the time pattern ${JSON.stringify(pattern)} cannot be used: ${(cause as Error).message}`);
  }
}

/** What is wrong with a pattern; null when it is good. */
export function patternFault(pattern: string): string | null {
  try {
    format(new UTCDate(0), pattern);
    return null;
  } catch {
    return `${JSON.stringify(pattern)} is no time pattern: write it as in "${DEFAULT_PATTERN}", other letters in single quotes`;
  }
}
