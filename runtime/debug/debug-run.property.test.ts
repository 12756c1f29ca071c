/** Drawn pipelines give in a debug run what the naive reference says, however often the run starts again from a checkpoint. */
import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { NodeId } from '../core/ids.ts';
import type { AnyOperatorFactory } from '../core/operator.ts';
import { parallelismByOperator } from '../engine/task/task-builder.ts';
import { runtimes } from '../operators/runtimes.ts';
import { drawCase } from '../simulation/draw-case.ts';
import { OutputCheck } from '../simulation/output-check.ts';
import { compileCase } from '../simulation/run-case.ts';
import { BASE_FOLDER } from '../simulation/simulation-case.ts';
import { openRun } from '../testing/debug-runs.ts';
import { MemoryFiles } from '../testing/memory-files.ts';
import { MemoryNetwork } from '../testing/memory-network.ts';
import { propertyRuns } from '../testing/property-runs.ts';
import { referenceJob } from '../testing/reference/pipeline.ts';
import { writeSink, type GivenRow } from './write-sink.ts';

async function agree(seed: number): Promise<void> {
  const drawn = drawCase(seed);
  const [plan] = compileCase(drawn) ?? [];
  if (plan === undefined) return;
  const files = new MemoryFiles();
  for (const [path, lines] of Object.entries(drawn.files)) {
    files.write(path, lines.map((line) => `${line}\n`).join(''));
  }
  const subtasks = parallelismByOperator(plan);
  const output = new OutputCheck(
    plan,
    referenceJob(plan, files, (id) => subtasks.get(id)!),
  );
  const run = (await openRun(drawn.document, files, { schedule: 'seeded', seed, checkpointEvery: 300 }, BASE_FOLDER))!;
  const { sinks, plan: debugged } = run.debug;
  const given = new Map<NodeId, GivenRow[]>([...sinks].map((id) => [id, []]));
  await run.forward(({ call }) => {
    if (call?.kind === 'row') given.get(call.nodeId)?.push({ input: call.input, row: call.batch! });
    return null;
  });
  const outside = { files, network: new MemoryNetwork(), now: () => 0, later: () => () => undefined };
  const findRuntime = (type: string): AnyOperatorFactory | undefined =>
    (runtimes as Record<string, AnyOperatorFactory>)[type];
  for (const [sink, rows] of given) await writeSink(debugged, sink, rows, outside, findRuntime);
  output.checkAll(files);
  run.close();
}

describe('a debug run', () => {
  it('gives what the reference gives', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 0, max: 1_000_000 }), agree), propertyRuns(4));
  });
});
