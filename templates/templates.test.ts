/** Every template: valid, and giving the expected rows, at any parallelism, also when killed on the way. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { validateDocument } from '../runtime/compiler/validate.ts';
import { parseDocument } from '../runtime/graph/index.ts';
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

/** Lines of every output, sorted: order between subtasks is not part of the result. */
function outputsOf(folder: string): Record<string, string[]> {
  const outputs: Record<string, string[]> = {};
  for (const name of readdirSync(folder)) {
    const place = path.join(folder, name);
    const files = statSync(place).isDirectory()
      ? readdirSync(place)
          .filter((file) => !file.startsWith('.'))
          .map((file) => path.join(place, file))
      : [place];
    if (name.startsWith('.')) continue;
    outputs[name.replace(/\.(jsonl|csv)$/, '')] = files
      .flatMap((file) => readFileSync(file, 'utf8').split('\n').filter(Boolean))
      .sort();
  }
  return outputs;
}

/** The document, but for its mode. */
function toBatchMode(file: string): void {
  const document = JSON.parse(readFileSync(file, 'utf8')) as { settings?: object };
  writeFileSync(file, JSON.stringify({ ...document, settings: { ...document.settings, runtimeMode: 'batch' } }));
}

describe.each(templates)('template %s', (template) => {
  const expected = outputsOf(path.join(HERE, template, 'expected'));
  const resultOf = (file: string): Record<string, string[]> => outputsOf(path.join(path.dirname(file), 'out'));

  it('says what it is and answers, and validates without a remark', () => {
    expect(readFileSync(path.join(HERE, template, 'README.md'), 'utf8')).toMatch(/^# .+\n\n.+\?/);
    const { document, diagnostics } = parseDocument(
      readFileSync(path.join(HERE, template, `${template}.pipeline.json`), 'utf8'),
    );
    expect(diagnostics).toEqual([]);
    expect(validateDocument(document!).diagnostics).toEqual([]);
  });

  it.each([1, 2])('gives the expected rows at parallelism %d', async (parallelism) => {
    const file = copyOf(template, `p${parallelism}`);
    const run = startRun(file, ['--parallelism', String(parallelism), '--param', 'speed=1000000']);
    expect(await run.exitCode, run.stderr()).toBe(0);
    expect(resultOf(file)).toEqual(expected);
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
    expect(resultOf(file)).toEqual(expected);
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
    expect(resultOf(file)).toEqual(expected);
  });
});
