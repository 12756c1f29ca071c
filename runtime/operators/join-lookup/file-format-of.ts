import type { TextFormat } from '../../formats/index.ts';

/** How a file is written, by the end of its name; null when that does not say. */
export function fileFormatOf(path: string): TextFormat | null {
  const end = /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase();
  return end === 'csv' || end === 'jsonl' ? end : null;
}
