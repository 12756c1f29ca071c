/** Puts a blocking exchange in front of an operator whose links in the plan ask for one. */
import type { Link, PhysicalOperator, PhysicalPlan } from '../../compiler/physical-plan.ts';
import type { NodeId } from '../../core/ids.ts';
import type { Operator, SourceOperator } from '../../core/operator.ts';
import { BlockingExchange } from './blocking-exchange.ts';
import { KeyPartitions } from './key-partitions.ts';
import type { OperatorNode } from '../task/operator-node.ts';
import { SpillFile } from './spill-file.ts';
import type { Environment } from '../task/environment.ts';
import { createStateBackend } from '../state/index.ts';
import { SwitchedState } from './switched-state.ts';

/** What blocking exchanges may use of the machine. */
export interface SpillOptions {
  /** Absolute; made when the first file is written. */
  readonly folder: string;
  /** Bytes of an operator subtask's state from which on it is spilled. */
  readonly afterBytes: number;
}

const MIB = 1024 * 1024;
/** What is left is for the ranges that turn out larger than others, and for operators without blocking input. */
const SHARE_OF_MEMORY = 0.5;
/** The task stands still while its state is written. */
const MAX_SPILLED_BYTES = 512 * MIB;

/** Each subtask behind a blocking exchange may hold an equal share of the managed memory, within reason. */
export function spillAfterBytes(plan: PhysicalPlan): number {
  const blocked = plan.chains.flatMap(({ operators, parallelism }) =>
    operators.filter((nodeId) => hasBlockingInput(plan, nodeId)).map(() => parallelism),
  );
  const subtasks = blocked.reduce((sum, parallelism) => sum + parallelism, 0);
  const share = (plan.settings.managedMemoryMb * MIB * SHARE_OF_MEMORY) / Math.max(1, subtasks);
  return Math.min(share, MAX_SPILLED_BYTES);
}

export function hasBlockingInput({ links }: PhysicalPlan, nodeId: NodeId): boolean {
  return links.some((link) => link.to === nodeId && link.exchange === 'blocking');
}

export interface BlockingInputOptions {
  readonly plan: PhysicalPlan;
  readonly environment: Environment;
  readonly spill: SpillOptions;
  /** What processing time is in batch mode, in ms since the epoch. */
  readonly startedAt: number;
}

/** The operator behind its exchange, to stand in for it in its node. `createOperator` takes its state from the node's context. */
export function behindBlockingExchange(
  { plan, environment, spill, startedAt }: BlockingInputOptions,
  operator: PhysicalOperator,
  parallelism: number,
  node: OperatorNode,
  createOperator: () => Operator | SourceOperator,
): Operator | SourceOperator {
  const { subtask, state } = node;
  if (!(state instanceof SwitchedState)) return createOperator();
  const keysOf = (input: number): Link['keys'] =>
    plan.links.find((link) => link.to === operator.nodeId && link.input === input)!.keys;
  const name = `${plan.operators.indexOf(operator)}-${subtask}.rows`;
  return new BlockingExchange({
    inputs: operator.inputs.map(({ shape }, input) => ({ schema: shape.schema, keys: keysOf(input) })),
    batchRows: plan.settings.batchRows,
    partitions: new KeyPartitions(subtask, parallelism),
    state,
    spillAfterBytes: spill.afterBytes,
    createFile: () => new SpillFile(environment.files, environment.files.resolve(spill.folder, name)),
    createState: (keyGroups, restored) =>
      // Lists are dealt out already: all that is in `restored` is for this one.
      createStateBackend('memory', {
        keyGroups,
        subtask: 0,
        parallelism: 1,
        restored,
        onMismatch: 'refuse',
        now: () => startedAt,
      }),
    createOperator,
  });
}
