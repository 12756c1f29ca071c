/** Texts counted in characters (code points), as Flink does: a pair of surrogates is one. */

const SURROGATE = /[\ud800-\udfff]/;

export function characterCount(text: string): number {
  if (!SURROGATE.test(text)) return text.length;
  let count = 0;
  for (let i = 0; i < text.length; i++, count++) if (text.codePointAt(i)! > 0xffff) i++;
  return count;
}

/** Characters `[start, end)`. */
export function characters(text: string, start: number, end: number): string {
  return SURROGATE.test(text) ? [...text].slice(start, end).join('') : text.slice(start, end);
}

export function reversed(text: string): string {
  return [...text].reverse().join('');
}

/** 1-based position in characters at or after `from` (1-based too); 0 = not there. */
export function positionOf(part: string, text: string, from = 1): number {
  if (from < 1) return 0;
  if (!SURROGATE.test(text)) return text.indexOf(part, from - 1) + 1;
  const at = text.indexOf(part, characters(text, 0, from - 1).length);
  return at < 0 ? 0 : characterCount(text.slice(0, at)) + 1;
}

/** Without the characters of `set` at its start and (or) its end. */
export function trimmed(text: string, set: string, leading: boolean, trailing: boolean): string {
  const drop = new Set(set);
  const all = [...text];
  let start = 0;
  let end = all.length;
  if (leading) while (start < end && drop.has(all[start]!)) start++;
  if (trailing) while (end > start && drop.has(all[end - 1]!)) end--;
  return all.slice(start, end).join('');
}
