import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Of all JSONL files that were committed to a folder; `name`: only of the file of that name, or its parts. */
export async function rowsIn(folder: string, name = ''): Promise<Record<string, unknown>[]> {
  const names = await readdir(folder);
  const files = names.filter((one) => one.startsWith(name) && one.endsWith('.jsonl') && !one.startsWith('.'));
  const texts = await Promise.all(files.map((one) => readFile(path.join(folder, one), 'utf8')));
  return texts
    .flatMap((text) => text.split('\n').filter(Boolean))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
