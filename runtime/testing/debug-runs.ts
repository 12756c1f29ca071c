/** Debug runs of drawn pipelines, and all that can be known of one at a moment, as text to compare. */
import { encodeBatch } from '../core/wire-batch.ts';
import { seededRandom } from '../core/random.ts';
import type { NodeId } from '../core/ids.ts';
import type { AnyOperatorFactory } from '../core/operator.ts';
import type { CompileOptions } from '../compiler/index.ts';
import type { RunCheckpoint } from '../debug/checkpoints.ts';
import { compileForDebug } from '../debug/debug-plan.ts';
import { DebugRun, type RunOptions } from '../debug/debug-run.ts';
import { OutsideWorld } from '../debug/outside-world.ts';
import type { Replica } from '../debug/replica.ts';
import { decodeTaskState } from '../engine/checkpoint/task-state-file.ts';
import { encodeStateSnapshot, finishSnapshot, readTable, type StateSnapshot } from '../engine/state/index.ts';
import { readDocument } from '../graph/index.ts';
import { runtimes } from '../operators/runtimes.ts';
import { assert } from '../core/errors.ts';
import { MemoryFiles } from './memory-files.ts';
import { MemoryNetwork } from './memory-network.ts';

const START_MS = Date.UTC(2026, 0, 1);

const findRuntime = (type: string): AnyOperatorFactory | undefined =>
  (runtimes as Record<string, AnyOperatorFactory>)[type];

/** Opened; null when the document has errors. */
export async function openRun(
  raw: object,
  files: MemoryFiles,
  options: Partial<Pick<RunOptions, 'schedule' | 'seed' | 'checkpointEvery' | 'checkpointBytes'>> = {},
  baseFolder = '/job',
  subPipelines: CompileOptions['subPipelines'] = new Map(),
): Promise<DebugRun | null> {
  const { document } = readDocument(raw);
  if (document === null) return null;
  const { debug } = compileForDebug(document, { baseFolder, subPipelines });
  if (debug === null) return null;
  const outside = {
    files,
    network: new MemoryNetwork(),
    now: () => START_MS,
    later: () => () => undefined,
  };
  const world = new OutsideWorld({ outside, findRuntime, seed: 1, startAt: START_MS, onArrival: () => undefined });
  await world.open(debug);
  const run = new DebugRun({
    debug,
    world,
    findRuntime,
    files,
    from: DebugRun.start(START_MS),
    onMismatch: 'refuse',
    schedule: 'downstream-first',
    seed: 1,
    checkpointEvery: 50,
    checkpointBytes: 1 << 20,
    ...options,
  });
  await run.open();
  return run;
}

/** State of every operator to the byte, every queue, clock and numbers. */
export function fingerprint(replica: Replica): string {
  const parts: unknown[] = [replica.moment, replica.now, replica.probe.nextRow, replica.isFinished];
  for (const task of replica.tasks) {
    for (const { nodeId, subtask, state } of task.nodes) {
      const bytes = encodeStateSnapshot(finishSnapshot(state.snapshot('checkpoint')));
      parts.push(nodeId, subtask, Buffer.from(bytes).toString('latin1'));
    }
  }
  for (const { address, progress, elements, ids } of replica.channels) {
    parts.push(address, String(progress.watermark), progress.isIdle);
    for (const [i, element] of elements.entries()) {
      if (element.type !== 'batch')
        parts.push({ ...element, watermark: 'watermark' in element ? String(element.watermark) : '' });
      else parts.push(ids[i], Buffer.from(encodeBatch(element.batch)).toString('latin1'));
    }
  }
  return JSON.stringify(parts);
}

/** All that operators have restored: entries of keyed state, timers among them, and of lists, wherever they are dealt out to. */
export function restoredState(replica: Replica): readonly string[] {
  const nodes = replica.tasks.flatMap((task) => task.nodes);
  return entriesOf(nodes.map(({ nodeId, state }) => [nodeId, finishSnapshot(state.snapshot('checkpoint'))]));
}

/** The same of what a checkpoint holds. */
export function keptState({ kept }: RunCheckpoint): readonly string[] {
  return entriesOf((kept?.files ?? []).flatMap((file) => [...decodeTaskState(file).operators]));
}

/** Without the numbers in which entries were made: a restore gives new ones. Of lists that all subtasks are given, each entry once. */
function entriesOf(snapshots: readonly (readonly [NodeId, StateSnapshot])[]): readonly string[] {
  const keyed = snapshots.flatMap(([nodeId, { tables }]) =>
    tables.flatMap((table) => {
      const rows = readTable(table);
      return Array.from({ length: rows.length }, (_, i) => {
        const values = rows.row(i).toSpliced(table.layout.keys.length, 1);
        return `${nodeId} ${table.name} ${rows.eventTimes?.[i] ?? ''} ${values.map(String).join(' ')}`;
      });
    }),
  );
  const listed = snapshots.flatMap(([nodeId, { lists }]) =>
    lists.flatMap(({ name, values }) => values.map((value) => `${nodeId} ${name} ${JSON.stringify(value)}`)),
  );
  return [...keyed, ...new Set(listed)].sort();
}

/** Moments of a run in an order drawn from a seed. */
export function drawMoments(seed: number, frontier: number, count: number): readonly number[] {
  const random = seededRandom(seed);
  assert(frontier >= 0, 'a run has a frontier');
  return Array.from({ length: count }, () => Math.floor(random() * (frontier + 1)));
}
