import type { TextEdit } from '../../runtime/expression/index.ts';

export interface Marked {
  readonly kind: 'same' | 'old' | 'new';
  readonly text: string;
}

/** The lines of a text that edits touch, each in parts: what stays, what goes, what comes. */
export function markedLines(text: string, edits: readonly TextEdit[]): readonly (readonly Marked[])[] {
  let start = 0;
  return text.split('\n').flatMap((line): Marked[][] => {
    const end = start + line.length;
    const own = edits
      .filter(({ range }) => range.start >= start && range.end <= end)
      .toSorted((a, b) => a.range.start - b.range.start);
    const parts: Marked[] = [];
    let at = start;
    for (const { range, text: put } of own) {
      parts.push({ kind: 'same', text: text.slice(at, range.start) });
      parts.push({ kind: 'old', text: text.slice(range.start, range.end) }, { kind: 'new', text: put });
      at = range.end;
    }
    parts.push({ kind: 'same', text: text.slice(at, end) });
    start = end + 1;
    return own.length === 0 ? [] : [parts.filter((part) => part.text !== '')];
  });
}
