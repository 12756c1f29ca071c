/** A case here and on a real engine. */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Fidelity } from '../../core/exporter.ts';
import { exportDocument } from '../export-document.ts';
import type { PipelineDocument } from '../../graph/index.ts';
import type { NodeLosses } from '../loss-report.ts';
import type { Target } from '../target.ts';
import type { Case, Engine } from './case.ts';
import { prepare, runHere, writeFiles } from './local-run.ts';
import { difference } from './rows.ts';

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
  readonly target: Target;
  /** Whether what is impossible for a stream is tried as a batch job, where the target has both. */
  readonly triesBatch: boolean;
  readonly workerFile: string;
  /** Folder for files of the cases; each gets one of its own, which goes at the end. */
  readonly scratch: string;
  readonly keep: boolean;
}

/** Never rejects for what the engine does. */
export async function verifyCase(
  one: Case,
  { engine, target, triesBatch, workerFile, scratch, keep }: VerifyOptions,
): Promise<Outcome> {
  const startedAt = performance.now();
  const folder = path.join(scratch, one.name.replaceAll(/[^\w.-]+/g, '-'));
  const baseFolder = one.baseFolder === '' ? folder : one.baseFolder;
  await mkdir(path.join(folder, 'engine'), { recursive: true });
  await writeFiles(folder, one.files ?? {});
  const whole = exportDocument(one.document, target, { params: one.params ?? {}, baseFolder });
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
    const { document, record } = prepare({ ...one, baseFolder }, path.join(folder, 'recorded'));
    const problems = (job: PipelineDocument): readonly string[] =>
      exportDocument(job, target, { params: one.params ?? {}, baseFolder })
        .diagnostics.filter(({ severity }) => severity === 'error')
        .map(({ message }) => message);
    const asBatch: PipelineDocument = { ...document, settings: { ...document.settings, runtimeMode: 'batch' } };
    const refused = problems(document);
    isBatch = refused.length > 0 && triesBatch && problems(asBatch).length === 0;
    if (refused.length > 0 && !isBatch) return done('impossible', 0, refused);
    await record(workerFile);
    const expected = await runHere(document, { params: one.params ?? {}, baseFolder }, workerFile);
    const seen = await engine.run({ document: isBatch ? asBatch : document, params: one.params ?? {}, baseFolder, scratch: path.join(folder, 'engine') }).catch((error: unknown) => error as Error); // prettier-ignore
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
