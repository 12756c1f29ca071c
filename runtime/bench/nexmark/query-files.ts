/** Files that queries read and write besides the events: the side table of q13, the folders of q10. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { PipelineDocument } from '../../graph/index.ts';
import type { ResultRow } from './reference/events.ts';

/** As nexmark-flink's `SideInputGenerator` writes them: each number below with itself as text. */
const SIDE_ROWS = 10_000;

export interface QueryFiles {
  /** Values for those of the document's parameters that name files. */
  readonly params: Readonly<Record<string, string>>;
  /** Folder for what it writes. */
  readonly output: string;
}

/** The files are gone afterwards. */
export async function withQueryFiles<T>(
  document: PipelineDocument,
  use: (files: QueryFiles) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'millrace-nexmark-'));
  try {
    const output = path.join(folder, 'output');
    const sideInput = path.join(folder, 'side_input.csv');
    await mkdir(output);
    const lines = Array.from({ length: SIDE_ROWS }, (_, i) => `${i},${i}\n`);
    await writeFile(sideInput, `key,value\n${lines.join('')}`);
    const all = Object.entries({ output, sideInput });
    const params = Object.fromEntries(all.filter(([name]) => Object.hasOwn(document.settings.params, name)));
    return await use({ params, output });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Rows of the CSV files in folders `dt=…/hm=…`, those two last. */
export async function readPartitions(folder: string): Promise<ResultRow[]> {
  const names = await readdir(folder, { recursive: true });
  const rows: ResultRow[] = [];
  for (const name of names.filter((one) => one.endsWith('.csv'))) {
    const [, dt, hm] = /dt=([^/\\]+)[/\\]hm=([^/\\]+)/.exec(name) ?? [];
    const [, ...lines] = (await readFile(path.join(folder, name), 'utf8')).trimEnd().split('\n');
    for (const line of lines) {
      const [auction, bidder, price, dateTime, extra] = line.split(',');
      const numbers = [auction, bidder, price].map(Number);
      rows.push([...numbers, dateTime!, extra!, dt!, decodeURIComponent(hm!)]);
    }
  }
  return rows;
}
