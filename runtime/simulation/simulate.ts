/** `npm run simulate`: whole jobs by seed, until one breaks what must hold. */
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process, { stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { drawCase } from './draw-case.ts';
import { compileCase, runCase, type Failure, type RunReport } from './run-case.ts';
import { shrink } from './shrink.ts';
import type { SimulationCase } from './simulation-case.ts';

const HELP = `Runs random pipelines under the deterministic scheduler: random interleavings, delays, checkpoints, deaths and restores.

Usage: npm run simulate -- [options]

  --seeds N      how many seeds (default: 100)
  --from S       the first (default: 0)
  --seed X       only this one
  --case FILE    a case as a failure prints it, in place of seeds
  --keep-going   do not stop at the first failure
  --no-shrink    print a failing case as it is
  --help         show this help

Exit code 0 when all held, 1 when something did not.`;

const OPTIONS = {
  seeds: { type: 'string', default: '100' },
  from: { type: 'string', default: '0' },
  seed: { type: 'string' },
  case: { type: 'string' },
  'keep-going': { type: 'boolean', default: false },
  'no-shrink': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const MAX_SHRINK_RUNS = 2000;
const REPORT_EVERY_MS = 10_000;

type Options = ReturnType<typeof readOptions>;

function readOptions() {
  const { values } = parseArgs({ options: OPTIONS });
  const number = (name: 'seeds' | 'from' | 'seed'): number => {
    const value = Number(values[name] ?? '0');
    if (!Number.isSafeInteger(value) || value < 0)
      throw new Error(`--${name} must be a whole number, not "${values[name]}"`);
    return value;
  };
  const isOne = values.seed !== undefined;
  return { ...values, first: isOne ? number('seed') : number('from'), count: isOne ? 1 : number('seeds') };
}

/** What all runs came to. */
class Totals {
  seeds = 0;
  steps = 0;
  checkpoints = 0;
  deaths = 0;
  errors = 0;
  restores = 0;
  rows = 0;
  failures = 0;
  readonly #startedAt = performance.now();

  add({ steps, checkpoints, deaths, errors, restores, rows, failure }: RunReport): void {
    this.seeds++;
    this.steps += steps;
    this.checkpoints += checkpoints;
    this.deaths += deaths;
    this.errors += errors;
    this.restores += restores;
    this.rows += rows;
    if (failure !== null) this.failures++;
  }

  toString(): string {
    const seconds = ((performance.now() - this.#startedAt) / 1000).toFixed(1);
    const { seeds, failures, rows, steps, checkpoints, deaths, errors, restores } = this;
    return (
      `${seeds} seeds, ${failures} failed, in ${seconds} s: ${steps} steps, ${rows} rows published, ` +
      `${checkpoints} checkpoints, ${deaths} deaths, ${errors} file errors, ${restores} restores`
    );
  }
}

async function runSeeds(options: Options): Promise<boolean> {
  const totals = new Totals();
  let reportAt = performance.now() + REPORT_EVERY_MS;
  for (let seed = options.first; seed < options.first + options.count; seed++) {
    const one = drawCase(seed);
    const report = await runCase(one);
    totals.add(report);
    if (report.failure !== null) {
      await explain(`seed ${seed}`, `--seed ${seed}`, one, report.failure, options);
      if (!options['keep-going']) break;
    }
    if (performance.now() < reportAt) continue;
    reportAt += REPORT_EVERY_MS;
    stderr.write(`${totals}\n`);
  }
  stdout.write(`${totals}\n`);
  return totals.failures === 0;
}

async function runFile(file: string, options: Options): Promise<boolean> {
  const one = JSON.parse(readFileSync(file, 'utf8')) as SimulationCase;
  if (compileCase(one) === null) throw new Error(`the document in ${file} has errors`);
  const report = await runCase(one);
  if (report.failure === null) stdout.write(`${file}: all held in ${report.steps} steps\n`);
  else await explain(file, `--case ${file}`, one, report.failure, options);
  return report.failure === null;
}

/** Prints a failure, the smallest case found, and how to run both again. */
async function explain(
  name: string,
  again: string,
  one: SimulationCase,
  failure: Failure,
  options: Options,
): Promise<void> {
  stdout.write(`\n${name}: ${tell(failure)}\nAgain: npm run simulate -- ${again}\n`);
  let smallest = one;
  if (!options['no-shrink']) {
    const shrunk = await shrink(one, failure, { maxRuns: MAX_SHRINK_RUNS });
    ({ smallest } = shrunk);
    stdout.write(`\nSmallest case after ${shrunk.runs} runs: ${tell(shrunk.failure)}\n`);
  }
  const file = join(tmpdir(), `millrace-simulation-${name.replaceAll(/[^a-z0-9]+/gi, '-')}.json`);
  const text = `${JSON.stringify(smallest, null, 2)}\n`;
  writeFileSync(file, text);
  stdout.write(`${text}Again: npm run simulate -- --case ${file}\n\n`);
}

function tell({ invariant, message, attempt, step }: Failure): string {
  return `${invariant}, at step ${step} of attempt ${attempt + 1}: ${message}`;
}

async function main(): Promise<number> {
  let options: Options;
  try {
    options = readOptions();
  } catch (error) {
    stderr.write(`${(error as Error).message}\n\n${HELP}\n`);
    return 2;
  }
  if (options.help) {
    stdout.write(`${HELP}\n`);
    return 0;
  }
  const allHeld = options.case === undefined ? await runSeeds(options) : await runFile(options.case, options);
  return allHeld ? 0 : 1;
}

void main().then((code) => {
  process.exitCode = code;
});
