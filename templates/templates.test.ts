/** Every template: valid, and giving the expected rows, at any parallelism, also when killed on the way. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { afterAll, describe, expect, it } from 'vitest';
import { validateDocument } from '../runtime/compiler/validate.ts';
import { NodeFileIo } from '../runtime/engine/worker/node-file-io.ts';
import { parseDocument } from '../runtime/graph/index.ts';
import { runTestCase } from '../runtime/test-runner/index.ts';
import { startRun } from '../runtime/testing/run-cli-process.ts';

const HERE = import.meta.dirname;
const templates = readdirSync(HERE).filter((name) => statSync(path.join(HERE, name)).isDirectory());
const scratch = mkdtempSync(path.join(tmpdir(), 'millrace-templates-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A copy of the template to run in; returns its document's path. */
function copyOf(template: string, run: string): string {
  const folder = path.join(scratch, `${template}-${run}`);
  cpSync(path.join(HERE, template), folder, { recursive: true });
  return path.join(folder, `${template}.pipeline.json`);
}

/** Lines of every output, sorted: order between subtasks is not part of the result. Rows in folders of partitions name theirs first. */
async function outputsOf(folder: string): Promise<Record<string, string[]>> {
  const outputs: Record<string, string[]> = {};
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const names = file.split(path.sep);
    if (names.some((name) => name.startsWith('.')) || statSync(path.join(folder, file)).isDirectory()) continue;
    const partition = names.slice(1, -1).map((name) => `${name} `);
    const lines = (await linesOf(path.join(folder, file))).map((line) => partition.join('') + line);
    (outputs[names[0]!.replace(/\.(jsonl|csv)$/, '')] ??= []).push(...lines);
  }
  for (const lines of Object.values(outputs)) lines.sort();
  return outputs;
}

/** Parquet by the rows in it, as another program reads them. */
async function linesOf(file: string): Promise<string[]> {
  if (!file.endsWith('.parquet')) return readFileSync(file, 'utf8').split('\n').filter(Boolean);
  const rows = await parquetReadObjects({ file: await asyncBufferFromFile(file) });
  return rows.map((row) =>
    JSON.stringify(row, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  );
}

/** The document, but for its mode. */
function toBatchMode(file: string): void {
  const document = JSON.parse(readFileSync(file, 'utf8')) as { settings?: object };
  writeFileSync(file, JSON.stringify({ ...document, settings: { ...document.settings, runtimeMode: 'batch' } }));
}

describe.each(templates)('template %s', async (template) => {
  const expected = await outputsOf(path.join(HERE, template, 'expected'));
  // Nothing is late in batch mode.
  const batchFolder = path.join(HERE, template, 'expected-in-batch-mode');
  const expectedInBatchMode = existsSync(batchFolder) ? { ...expected, ...(await outputsOf(batchFolder)) } : expected;
  const resultOf = (file: string): Promise<Record<string, string[]>> => outputsOf(path.join(path.dirname(file), 'out'));

  it('says what it is and answers, and validates without a remark', () => {
    expect(readFileSync(path.join(HERE, template, 'README.md'), 'utf8')).toMatch(/^# .+\n\n.+\?/);
    const { document, diagnostics } = parseDocument(
      readFileSync(path.join(HERE, template, `${template}.pipeline.json`), 'utf8'),
    );
    expect(diagnostics).toEqual([]);
    expect(validateDocument(document!).diagnostics).toEqual([]);
  });

  it('passes its test cases', async () => {
    const { document } = parseDocument(readFileSync(path.join(HERE, template, `${template}.pipeline.json`), 'utf8'));
    expect(document!.tests.length).toBeGreaterThan(0);
    for (const index of document!.tests.keys()) {
      const report = await runTestCase(document!, index, {
        baseFolder: path.join(HERE, template),
        files: new NodeFileIo(),
        allowsUserCode: true,
        timeoutMs: 60_000,
        now: () => performance.now(),
      });
      expect(report).toMatchObject({ name: report.name, status: 'passed' });
    }
  });

  it.each([1, 2])('gives the expected rows at parallelism %d', async (parallelism) => {
    const file = copyOf(template, `p${parallelism}`);
    const run = startRun(file, ['--parallelism', String(parallelism), '--param', 'speed=1000000']);
    expect(await run.exitCode, run.stderr()).toBe(0);
    expect(await resultOf(file)).toEqual(expected);
  });

  it('gives the expected rows in batch mode, also when it was killed and runs again', async () => {
    const file = copyOf(template, 'batch');
    toBatchMode(file);
    const state = path.join(path.dirname(file), 'state');
    const first = startRun(file, ['--state-dir', state, '--param', 'speed=1000']);
    await first.waitFor((event) => event.type === 'metrics');
    first.process.kill('SIGKILL');
    expect(await first.exitCode).toBeNull();
    const second = startRun(file, ['--state-dir', state, '--param', 'speed=1000000']);
    expect(await second.exitCode, second.stderr()).toBe(0);
    expect(await resultOf(file)).toEqual(expectedInBatchMode);
  });

  it('gives each expected row once when it is killed and resumed', async () => {
    const file = copyOf(template, 'killed');
    const state = path.join(path.dirname(file), 'state');
    const first = startRun(file, ['--state-dir', state, '--param', 'speed=1000']);
    await first.waitFor((event) => event.type === 'checkpoint' && event.checkpoint.status === 'completed');
    first.process.kill('SIGKILL');
    expect(await first.exitCode).toBeNull();
    expect(existsSync(state)).toBe(true);
    const second = startRun(file, ['--state-dir', state, '--resume', '--param', 'speed=1000000']);
    expect(await second.exitCode, second.stderr()).toBe(0);
    expect(await resultOf(file)).toEqual(expected);
  });
});
