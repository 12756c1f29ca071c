/** `npm run verify:engines`: every case here and on the real engines; the matrix of what came of it. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command, Option } from 'commander';
import { ToolMissing } from '../../comparison/cache.ts';
import { compareDocument } from '../../comparison/compare-document.ts';
import type { Engine, EngineSetup } from '../../comparison/engine.ts';
import { engines } from '../../comparison/engines.ts';
import { targetOf } from '../../comparison/fit.ts';
import { StormEngine } from '../../comparison/storm/storm-engine.ts';
import { parseDocument } from '../../graph/index.ts';
import { COMPARISON_DEFAULTS, isSame, type EngineName } from '../../protocol/comparison.ts';
import { allCases } from './cases.ts';
import { knownGaps } from './known-gaps.ts';
import { printMatrix } from './matrix.ts';
import { replayProblems } from './storm/replay.ts';
import { verifyCase, type Outcome } from './verify.ts';

interface Options {
  readonly target?: string;
  readonly case?: readonly string[];
  readonly quick?: boolean;
  readonly keep?: boolean;
}

/** `root`: of the repository; `workerFile`: the bundled worker. Gives the exit code. */
export async function verifyEngines(argv: readonly string[], root: string, workerFile: string): Promise<number> {
  const program = new Command('verify:engines')
    .addOption(new Option('--target <name>', 'only this engine').choices(Object.keys(engines)))
    .option('--case <names...>', 'only cases and checks whose name has one of these in it')
    .option('--quick', 'a handful of cases, for CI; an engine that is not to be had here is left out')
    .option('--keep', 'keep scripts, files and rows of the cases, to look at')
    .parse(argv, { from: 'user' });
  const { target: wanted, case: parts, quick = false, keep = false } = program.opts<Options>();
  const here = path.join(root, 'runtime/exporters/conformance');
  const isWanted = (name: string): boolean => parts === undefined || parts.some((part) => name.includes(part));
  const cases = (await allCases(root)).filter(({ name }) => isWanted(name) && (!quick || QUICK.includes(name)));
  const scratch = await mkdtemp(path.join(tmpdir(), 'millrace-engines-'));
  const { signal } = interruption();
  let isGood = true;
  let done = cases.length;
  try {
    for (const setup of Object.values(engines)) {
      const { name, label, target } = setup;
      if (wanted !== undefined && wanted !== name) continue;
      const outcomes: Outcome[] = [];
      const engine = await startedOr(setup, quick, signal);
      if (engine === null) continue;
      const startedAt = performance.now();
      try {
        for (const one of cases) {
          signal.throwIfAborted();
          if (quick && performance.now() - startedAt > QUICK_MS) {
            process.stdout.write(`left out, for time: ${one.name}\n`);
            continue;
          }
          const outcome = await verifyCase(one, { engine, setup, workerFile, scratch, keep });
          outcomes.push(outcome);
          process.stdout.write(lineOf(outcome));
        }
        for (const check of checksOf(engine).filter((one) => isWanted(one.name))) {
          done++;
          if (!(await isShown(check, path.join(scratch, 'check')))) isGood = false;
        }
        signal.throwIfAborted();
        if (quick && name === COMPARED && !(await comparesWell(engine, setup, root, workerFile))) isGood = false;
      } finally {
        await engine.stop();
      }
      const verdict = knownGaps(name, outcomes);
      for (const problem of verdict) process.stdout.write(`${problem}\n`);
      if (verdict.length > 0) isGood = false;
      if (parts === undefined && !quick) {
        await writeFile(path.join(here, `${name}.md`), printMatrix(name, label, targetOf(target).label, outcomes));
      }
    }
  } catch (error) {
    if (signal.aborted) return 130;
    if (!(error instanceof ToolMissing)) throw error;
    process.stderr.write(`${error.message} ${error.remedy}\n`);
    return 1;
  } finally {
    if (keep) process.stderr.write(`kept: ${scratch}\n`);
    else await rm(scratch, { recursive: true, force: true });
  }
  return isGood && done > 0 ? 0 : 1;
}

/** Of what everything else stands on: expressions, a join, windows that fire, and updates. */
const QUICK: readonly string[] = [
  'operator aggregate.running',
  'operator aggregate.window',
  'operator join.interval',
  'semantics arithmetic, NULLs and texts of values',
];
/** For the cases of one engine. */
const QUICK_MS = 40_000;

/** The engine that starts and ends soonest. */
const COMPARED: EngineName = 'spark';

/** `millrace compare` of a template, on the engine that is at work: the rows are the same. */
async function comparesWell(engine: Engine, setup: EngineSetup, root: string, workerFile: string): Promise<boolean> {
  const file = path.join(root, 'templates/quakes/quakes.pipeline.json');
  const { document } = parseDocument(await readFile(file, 'utf8'));
  const { report } = await compareDocument(document!, {
    ...COMPARISON_DEFAULTS,
    setup: { ...setup, start: () => Promise.resolve({ run: (job) => engine.run(job), stop: () => Promise.resolve() }) },
    params: {},
    baseFolder: path.dirname(file),
    workerFile,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    now: () => performance.now(),
  });
  const isGood = report !== null && isSame(report) && report.checks.some(({ actualCount }) => actualCount > 0);
  const seconds = ((report?.durationMs ?? 0) / 1000).toFixed(1);
  process.stdout.write(`${isGood ? 'equal' : 'different'}      compare template quakes (${seconds} s)\n`);
  return isGood;
}

/** By Ctrl+C: engines end at once, and what is in temporary folders goes. */
function interruption(): AbortController {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => controller.abort(new Error('interrupted')));
  return controller;
}

/** What is shown of an engine beside rows that are equal. */
interface Check {
  readonly name: string;
  /** `folder`: of its own, which need not be there. Gives what is wrong; rejects with what the engine failed at. */
  run(folder: string): Promise<readonly string[]>;
}

function checksOf(engine: Engine): readonly Check[] {
  if (!(engine instanceof StormEngine)) return [];
  return [{ name: 'rows that a bolt fails or loses come again', run: (folder) => replayProblems(engine, folder) }];
}

async function isShown({ name, run }: Check, folder: string): Promise<boolean> {
  const startedAt = performance.now();
  const problems = await run(folder).catch((error: unknown) => [(error as Error).message]);
  const isGood = problems.length === 0;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`${isGood ? 'shown ' : 'FAILED'}     ${name} (${seconds} s)\n${detailLines(problems)}`);
  return isGood;
}

/** Null: it is not to be had here, which is said, and may be so. */
async function startedOr(setup: EngineSetup, mayBeMissing: boolean, signal: AbortSignal): Promise<Engine | null> {
  try {
    return await setup.start({ signal });
  } catch (error) {
    if (!mayBeMissing || !(error instanceof ToolMissing)) throw error;
    process.stdout.write(`LEFT OUT: ${setup.name} is not verified on this machine. ${error.message}\n`);
    return null;
  }
}

function lineOf({ name, result, isBatch, rows, details, seconds }: Outcome): string {
  return `${result.padEnd(10)} ${name} (${rows} rows,${isBatch ? ' batch,' : ''} ${seconds.toFixed(1)} s)\n${detailLines(details)}`;
}

function detailLines(details: readonly string[]): string {
  return details.map((detail) => `    ${detail}\n`).join('');
}
