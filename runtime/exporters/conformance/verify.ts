/** A case here and on a real engine. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Engine, EngineSetup } from '../../comparison/engine.ts';
import { fitToEngine, targetOf } from '../../comparison/fit.ts';
import { localRows } from '../../comparison/local-rows.ts';
import { comparedSettings, recordedInput } from '../../comparison/recorded-input.ts';
import { difference } from '../../comparison/rows.ts';
import type { Fidelity } from '../../core/exporter.ts';
import { exportDocument } from '../export-document.ts';
import type { NodeLosses } from '../loss-report.ts';
import type { Case } from './case.ts';

export interface Outcome {
  readonly name: string;
  /** Of the export of the pipeline as it is. */
  readonly fidelity: Fidelity;
  /** What makes it so. */
  readonly losses: readonly NodeLosses[];
  /** `impossible`: what is behind the sources is; it was not run. */
  readonly result: 'equal' | 'different' | 'failed' | 'impossible';
  /** Whether it ran there as a batch job, since it is impossible as a stream. */
  readonly isBatch: boolean;
  /** Rows of all sinks here. */
  readonly rows: number;
  /** The first differences, or why the engine failed. */
  readonly details: readonly string[];
  readonly seconds: number;
}

export interface VerifyOptions {
  readonly engine: Engine;
  readonly setup: EngineSetup;
  readonly workerFile: string;
  /** Folder for files of the cases; each gets one of its own, which goes at the end. */
  readonly scratch: string;
  readonly keep: boolean;
}

/** Never rejects for what the engine does. */
export async function verifyCase(
  one: Case,
  { engine, setup, workerFile, scratch, keep }: VerifyOptions,
): Promise<Outcome> {
  const startedAt = performance.now();
  const folder = path.join(scratch, one.name.replaceAll(/[^\w.-]+/g, '-'));
  const baseFolder = one.baseFolder === '' ? folder : one.baseFolder;
  await mkdir(path.join(folder, 'engine'), { recursive: true });
  await writeFiles(folder, one.files ?? {});
  const context = { params: one.params ?? {}, baseFolder };
  const whole = exportDocument(one.document, targetOf(setup.target), context);
  const known = {
    name: one.name,
    fidelity: whole.report?.fidelity ?? ('impossible' as const),
    losses: whole.report?.nodes.filter(({ fidelity }) => fidelity !== 'exact') ?? [],
  };
  let isBatch = false;
  const done = (result: Outcome['result'], rows: number, details: readonly string[]): Outcome => ({
    ...known,
    result,
    isBatch,
    rows,
    details,
    seconds: (performance.now() - startedAt) / 1000,
  });
  try {
    const input = one.keepsSources === true
      ? null
      : recordedInput(one.document, { ...context, isLateAllowed: one.isLateAllowed ?? false }, path.join(folder, 'recorded')); // prettier-ignore
    const document = input?.document ?? { ...one.document, settings: comparedSettings(one.document) };
    const fitting = fitToEngine(document, setup, context);
    if (fitting.document === null) {
      const refused = fitting.diagnostics.filter(({ severity }) => severity === 'error');
      return done('impossible', 0, refused.map(({ message }) => message)); // prettier-ignore
    }
    isBatch = fitting.isBatch;
    await input?.record({ workerFile }, { maxRows: Infinity, maxSeconds: Infinity });
    const expected = await localRows(document, { ...context, workerFile });
    const seen = await engine.run({ ...context, document: fitting.document, scratch: path.join(folder, 'engine') }).catch((error: unknown) => error as Error); // prettier-ignore
    const count = [...expected.values()].reduce((sum, rows) => sum + rows.length, 0);
    if (seen instanceof Error) return done('failed', count, seen.message.split('\n').slice(0, 3));
    const details = [...expected].flatMap(([id, rows]) => {
      const compared = one.compared?.[id] ?? ((all: typeof rows) => all);
      return difference(compared(rows), compared(seen.get(id) ?? [])).map((text) => `${id}: ${text}`);
    });
    return done(details.length === 0 ? 'equal' : 'different', count, details);
  } catch (error) {
    return done('failed', 0, [`here: ${(error as Error).message}`]);
  } finally {
    if (!keep) await rm(folder, { recursive: true, force: true });
  }
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}
