/** Where each operator is shown to be right: no cell of the table may stay empty. The laws and the example in its docs are for all, with no way out. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { operatorFolder } from '../core/operator-folder.ts';
import { catalog } from './catalog.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const HEADER = ['operator', 'its results against', 'laws and docs example', 'in whole jobs'];

function filesUnder(folder: string, fits: (name: string) => boolean): readonly string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter(fits)
    .map((name) => path.posix.join(folder, name.split(path.sep).join('/')))
    .sort();
}

const texts = new Map<string, string>();
function textOf(file: string): string {
  const text = texts.get(file) ?? readFileSync(path.join(ROOT, file), 'utf8');
  texts.set(file, text);
  return text;
}

const references = filesUnder(
  'runtime/testing/reference',
  (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
);
const pipelines = [
  ...filesUnder('templates', (name) => name.endsWith('.pipeline.json')),
  ...filesUnder('runtime/bench/nexmark', (name) => name.endsWith('.pipeline.json')),
];
/** Tests that run a job from a source to a sink on the real engine. */
const jobTests = filesUnder('runtime', (name) => name.endsWith('.test.ts')).filter((file) =>
  /testing\/whole-job|run-cli-process/.test(textOf(file)),
);

/** An oracle, of its own or of whole pipelines; else its own tests of cases written by hand. */
function oracleOf(type: string): string {
  const folder = `runtime/operators/${operatorFolder(type)}`;
  const own = filesUnder(folder, (name) => name.endsWith('.property.test.ts'))[0];
  const shared = references.find((file) => textOf(file).includes(`'${type}'`));
  const byHand = filesUnder(folder, (name) => name.endsWith('.test.ts'))[0];
  return own === undefined ? (shared ?? byHand ?? '') : own;
}

function jobsOf(type: string): string {
  const documents = pipelines.filter((file) => textOf(file).includes(`"type": "${type}"`));
  const tests = jobTests.filter((file) => textOf(file).includes(`'${type}'`));
  return [...documents, ...tests]
    .slice(0, 2)
    .map((file) => path.posix.basename(file))
    .join(', ');
}

// `npx vitest run runtime/operators/coverage.test.ts -u` writes it anew.
it('is written down in coverage.md, without a hole', async () => {
  const rows = Object.keys(catalog).map((type) => [
    `\`${type}\``,
    path.posix.basename(oracleOf(type)),
    'yes',
    jobsOf(type),
  ]);
  expect(rows.filter((row) => row.includes('')).map(([type]) => type)).toEqual([]);
  const lines = [HEADER, HEADER.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  await expect(`# Where each operator is shown to be right\n\n${lines.join('\n')}\n`).toMatchFileSnapshot(
    'coverage.md',
  );
});
