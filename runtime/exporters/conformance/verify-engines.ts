/** `npm run verify:engines`: every case here and on the real engines; the matrix of what came of it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command, Option } from 'commander';
import { findTarget } from '../targets.ts';
import { JavaMissing } from '../../testing/java.ts';
import type { Engine, EngineSetup } from './case.ts';
import { allCases } from './cases.ts';
import { flinkSetup } from './flink/flink-engine.ts';
import { knownGaps } from './known-gaps.ts';
import { printMatrix } from './matrix.ts';
import { PythonMissing } from './spark/python.ts';
import { sparkSetup } from './spark/spark-engine.ts';
import { stormSetup } from './storm/storm-engine.ts';
import { verifyCase, type Outcome } from './verify.ts';

interface Options {
  readonly target?: string;
  readonly case?: readonly string[];
  readonly quick?: boolean;
  readonly keep?: boolean;
}

/** By the name that `--target` takes. */
const TARGETS: Readonly<
  Record<string, { readonly id: string; readonly triesBatch: boolean; setup(here: string): EngineSetup }>
> = {
  flink: { id: 'flink-sql', triesBatch: false, setup: (here) => flinkSetup(path.join(here, 'flink')) },
  spark: { id: 'spark', triesBatch: true, setup: (here) => sparkSetup(path.join(here, 'spark')) },
  storm: { id: 'storm', triesBatch: false, setup: (here) => stormSetup(path.join(here, 'storm')) },
};

/** `root`: of the repository; `workerFile`: the bundled worker. Gives the exit code. */
export async function verifyEngines(argv: readonly string[], root: string, workerFile: string): Promise<number> {
  const program = new Command('verify:engines')
    .addOption(new Option('--target <name>', 'only this engine').choices(Object.keys(TARGETS)))
    .option('--case <names...>', 'only cases whose name has one of these in it')
    .option('--quick', 'a handful of cases, for CI; an engine that is not to be had here is left out')
    .option('--keep', 'keep scripts, files and rows of the cases, to look at')
    .parse(argv, { from: 'user' });
  const { target: wanted, case: parts, quick = false, keep = false } = program.opts<Options>();
  const here = path.join(root, 'runtime/exporters/conformance');
  const cases = (await allCases(root)).filter(
    ({ name }) =>
      (parts === undefined || parts.some((part) => name.includes(part))) && (!quick || QUICK.includes(name)),
  );
  const scratch = await mkdtemp(path.join(tmpdir(), 'millrace-engines-'));
  let isGood = cases.length > 0;
  try {
    for (const [name, { id, triesBatch, setup }] of Object.entries(TARGETS)) {
      if (wanted !== undefined && wanted !== name) continue;
      const outcomes: Outcome[] = [];
      const engine = await startedOr(setup(here), quick, name);
      if (engine === null) continue;
      const startedAt = performance.now();
      try {
        for (const one of cases) {
          if (quick && performance.now() - startedAt > QUICK_MS) {
            process.stdout.write(`left out, for time: ${one.name}\n`);
            continue;
          }
          const outcome = await verifyCase(one, {
            engine,
            target: findTarget(id)!,
            triesBatch,
            workerFile,
            scratch,
            keep,
          });
          outcomes.push(outcome);
          process.stdout.write(lineOf(outcome));
        }
      } finally {
        await engine.stop();
      }
      const verdict = knownGaps(name, outcomes);
      for (const problem of verdict) process.stdout.write(`${problem}\n`);
      if (verdict.length > 0) isGood = false;
      if (parts === undefined && !quick) {
        await writeFile(
          path.join(here, `${name}.md`),
          printMatrix(name, engine.label, findTarget(id)!.label, outcomes),
        );
      }
    }
  } catch (error) {
    if (!(error instanceof JavaMissing || error instanceof PythonMissing)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  } finally {
    if (keep) process.stderr.write(`kept: ${scratch}\n`);
    else await rm(scratch, { recursive: true, force: true });
  }
  return isGood ? 0 : 1;
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

/** Null: it is not to be had here, which is said, and may be so. */
async function startedOr(setup: EngineSetup, mayBeMissing: boolean, name: string): Promise<Engine | null> {
  try {
    return await setup.start();
  } catch (error) {
    if (!mayBeMissing || !(error instanceof JavaMissing || error instanceof PythonMissing)) throw error;
    process.stdout.write(`LEFT OUT: ${name} is not verified on this machine. ${error.message}\n`);
    return null;
  }
}

function lineOf({ name, result, isBatch, rows, details, seconds }: Outcome): string {
  const lines = details.map((detail) => `    ${detail}\n`).join('');
  return `${result.padEnd(10)} ${name} (${rows} rows,${isBatch ? ' batch,' : ''} ${seconds.toFixed(1)} s)\n${lines}`;
}
