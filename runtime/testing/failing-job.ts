/** A job whose result is known, run with planted faults. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnyOperatorSpec } from '../core/operator.ts';
import { findSpec } from '../operators/catalog.ts';
import {
  countPerMinute,
  createJob,
  expectedCounts,
  node,
  readCounts,
  writeInput,
  type Started,
  type WholeJobOptions,
} from './whole-job.ts';
import { asynchronousSpec } from '../engine/failures/asynchronous.ts';
import { FAULTS_FILE, type Fault } from '../engine/failures/fault.ts';

export const ROWS = 1000;
/** Slow enough for some checkpoints on the way. */
const ROWS_PER_SECOND = 2000;
/** So that an operator is called several times even where a machine stalls. */
const BATCH_ROWS = 50;
export const RESTARTS = 3;

export const faultyWorker = path.resolve(import.meta.dirname, '../../dist/testing/faulty-worker.cjs');

const BUILD_SCRIPT = path.resolve(import.meta.dirname, '../../build/scripts/build.mjs');

/** For `beforeAll`. */
export async function prepareFaultyWorker(): Promise<void> {
  const script = (await import(pathToFileURL(BUILD_SCRIPT).href)) as { buildFaultyWorker(): Promise<void> };
  await script.buildFaultyWorker();
}

export interface FailingJobOptions extends WholeJobOptions {
  readonly checkpoint?: object;
  readonly restart?: object;
  /** As fast as it can. */
  readonly fast?: boolean;
  /** The input is there already. */
  readonly again?: boolean;
  /** With requests under way, of this config, between `odd` and `count`: node `ask`. */
  readonly asks?: object;
}

/** Operators: in (source.file) → odd (filter) → count (aggregate.window) → out (sink.file). */
export function failingJob(folder: string, faults: readonly Fault[], options: FailingJobOptions = {}): Started {
  const { checkpoint, restart, fast = false, again = false, asks, ...jobOptions } = options;
  if (!again) writeInput(folder, ROWS);
  writeFileSync(path.join(folder, FAULTS_FILE), JSON.stringify(faults));
  const document = countPerMinute({
    ...(fast ? {} : { slow: ROWS_PER_SECOND }),
    batchRows: BATCH_ROWS,
    checkpoint: { intervalMs: 30, tolerableFailures: 1000, ...checkpoint },
    restart: restart ?? { strategy: 'fixed-delay', delayMs: 1, maxAttempts: RESTARTS },
  });
  const whole = asks === undefined ? document : withRequests(document as Document, asks);
  return createJob(folder, whole, { workerFile: faultyWorker, findSpec: findAnySpec, ...jobOptions });
}

interface Document {
  readonly nodes: readonly object[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}

function withRequests(document: Document, config: object): object {
  const edges = document.edges.filter(({ from }) => from !== 'odd');
  return {
    ...document,
    nodes: [...document.nodes, node('ask', asynchronousSpec.type, config)],
    edges: [...edges, { from: 'odd', to: 'ask' }, { from: 'ask', to: 'count' }],
  };
}

function findAnySpec(type: string): AnyOperatorSpec | null {
  return type === asynchronousSpec.type ? asynchronousSpec : findSpec(type);
}

export const expected = expectedCounts(ROWS);
export const resultIn = readCounts;

export function restartsOf({ events }: Started): number {
  return events.filter((event) => event.type === 'state' && event.state === 'RESTARTING').length;
}
