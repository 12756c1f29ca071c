/** What a node of a run gave, to a file. */
import type { FileIo } from '../core/file-io.ts';
import type { NodeId } from '../core/ids.ts';
import { say } from '../core/say.ts';
import type { DebugRun } from './debug-run.ts';
import { RecordingWriter } from './recording-file.ts';

/** Of a source all that was read of it, of another node what left it up to the present moment; how many rows. */
export async function recordNode(run: DebugRun, nodeId: NodeId, files: FileIo, path: string): Promise<number> {
  const { plan, sources } = run.debug;
  const operator = plan.operators.find((one) => one.nodeId === nodeId);
  if (operator === undefined || Object.keys(operator.outputs).length === 0) {
    throw new Error(say`No rows leave "${nodeId}": there is nothing to record.`);
  }
  const { parallelism } = plan.chains.find(({ operators }) => operators.includes(nodeId))!;
  const writer = new RecordingWriter(files, path, operator, parallelism);
  if (sources.has(nodeId)) recordSource(run, nodeId, parallelism, writer);
  else {
    await run.review(0, run.moment, ({ call }) => {
      if (call?.nodeId !== nodeId) return;
      for (const { port, batch } of call.emitted) writer.addRows(call.subtask, port, batch);
      if (call.kind === 'watermark') writer.addWatermark(call.subtask, call.time!);
    });
  }
  writer.finish();
  return writer.rows;
}

/** Subtasks in turn, a call of each at a time. */
function recordSource({ input }: DebugRun, nodeId: NodeId, subtasks: number, writer: RecordingWriter): void {
  const calls = Array.from({ length: subtasks }, (_, subtask) => input.log(nodeId, subtask).calls);
  const longest = Math.max(...calls.map(({ length }) => length));
  for (let i = 0; i < longest; i++) {
    for (const [subtask, made] of calls.entries()) {
      for (const effect of made[i]?.effects ?? []) {
        if (effect.type === 'rows') writer.addRows(subtask, effect.port, effect.batch);
        else if (effect.type === 'watermark') writer.addWatermark(subtask, effect.watermark);
      }
    }
  }
}
