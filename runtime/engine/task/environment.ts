import type { FileIo } from '../../core/file-io.ts';
import type { NodeId } from '../../core/ids.ts';
import type { NetworkIo } from '../../core/network-io.ts';
import type { LogLevel } from '../../protocol/job.ts';
import type { Task } from './task.ts';

/** All that tasks take from outside, so that the same tasks run in worker threads and in a simulation. */
export interface Environment {
  /** ms since the epoch, with fractions. */
  now(): number;
  /** In [0, 1). */
  random(): number;
  /** A gate's choice of the channel to look at first: a function that maps a count to [0, count). */
  createChooser(): (count: number) => number;
  readonly files: FileIo;
  readonly network: NetworkIo;
  print(nodeId: NodeId, text: string): void;
  log(nodeId: NodeId, subtask: number, level: LogLevel, message: string): void;
  /** This task may have something to do again. */
  wake(task: Task): void;
  /** `OperatorContext.delay`. */
  delay(ms: number): Promise<void>;
}

/** Round robin, as threads do it. */
export function createRoundRobin(): (count: number) => number {
  let turn = 0;
  return (count) => (turn = (turn + 1) % count);
}
