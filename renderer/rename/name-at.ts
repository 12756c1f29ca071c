/** The name around a place in a text: a word, or what stands between backquotes; null where none is. */
export function nameAt(text: string, at: number): string | null {
  for (const match of text.matchAll(/`((?:[^`]|``)+)`|[\p{L}_$][\p{L}\p{N}_$]*/gu)) {
    if (match.index > at) return null;
    if (at <= match.index + match[0].length) return match[1]?.replaceAll('``', '`') ?? match[0];
  }
  return null;
}
