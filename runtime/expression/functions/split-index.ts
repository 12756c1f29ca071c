/** Part `index` (from 0) of `text` split at each `separator`, without making the others; null when there is none. */
export function splitIndex(text: string, separator: string, index: number): string | null {
  if (index < 0 || text === '') return null;
  if (separator === '') return text[index] ?? null;
  let start = 0;
  for (let nth = 0; nth < index; nth++) {
    const at = text.indexOf(separator, start);
    if (at < 0) return null;
    start = at + separator.length;
  }
  const end = text.indexOf(separator, start);
  return text.substring(start, end < 0 ? text.length : end);
}
