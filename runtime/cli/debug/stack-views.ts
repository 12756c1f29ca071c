/** A run as threads and stacks: threads are the operators' subtasks; the stack is the next step, and below it the row's way. */
import { Source, StackFrame, Thread } from '@vscode/debugadapter';
import path from 'node:path';
import type { NodeId } from '../../core/ids.ts';
import type { DebugPlanInfo, DebugStep, DebugStop } from '../../protocol/debug.ts';
import type { NodeLines } from './document-lines.ts';
import { describeStep } from './words.ts';

/** The next step's; those behind it are the rows that its row was made from. */
export const STEP_FRAME = 1;
/** Frames above are those of threads that are not at work. */
const IDLE_FRAMES = 1_000_000;

export class StackViews {
  readonly plan: DebugPlanInfo;
  readonly #file: string;
  readonly #lines: readonly NodeLines[];
  readonly #subtasks: readonly { readonly nodeId: NodeId; readonly subtask: number }[];

  constructor(plan: DebugPlanInfo, file: string, lines: readonly NodeLines[]) {
    this.plan = plan;
    this.#file = path.resolve(file);
    this.#lines = lines;
    this.#subtasks = plan.operators.flatMap(({ nodeId, subtasks }) =>
      Array.from({ length: subtasks }, (_, subtask) => ({ nodeId, subtask })),
    );
  }

  get threads(): Thread[] {
    return this.#subtasks.map(({ nodeId, subtask }, i) => new Thread(i + 1, `${nodeId} #${subtask}`));
  }

  /** The first where it belongs to none. */
  threadOf(step: DebugStep | null): number {
    const at = this.#subtasks.findIndex(({ nodeId, subtask }) => nodeId === step?.nodeId && subtask === step.subtask);
    return Math.max(0, at) + 1;
  }

  /** Of the subtask at hand; of others only where they are. */
  framesOf(thread: number, { next, path: way }: DebugStop): readonly StackFrame[] {
    if (next !== null && thread === this.threadOf(next)) {
      return [
        this.#frame(STEP_FRAME, describeStep(next), next.nodeId),
        ...way.map((row, i) => this.#frame(STEP_FRAME + 1 + i, `${row.nodeId}.${row.port}: row ${row.id}`, row.nodeId)),
      ];
    }
    const idle = this.#subtasks[thread - 1];
    if (idle === undefined) return [];
    return [this.#frame(IDLE_FRAMES + thread, `${idle.nodeId} #${idle.subtask}`, idle.nodeId)];
  }

  /** The operator that a frame is about. */
  nodeOf(frame: number, { next, path: way }: DebugStop): NodeId | null {
    if (frame > IDLE_FRAMES) return this.#subtasks[frame - IDLE_FRAMES - 1]?.nodeId ?? null;
    if (frame === STEP_FRAME) return next?.nodeId ?? null;
    return way[frame - STEP_FRAME - 1]?.nodeId ?? null;
  }

  #frame(id: number, name: string, nodeId: NodeId | null): StackFrame {
    const operator = this.plan.operators.find((one) => one.nodeId === nodeId);
    const lines = this.#lines.find((one) => one.nodeId === (operator?.documentNode ?? nodeId));
    return new StackFrame(id, name, new Source(path.basename(this.#file), this.#file), lines?.first ?? 0, 1);
  }
}
