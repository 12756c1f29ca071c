/** Makes the tasks that one thread runs: operators from the plan, chained and wired to channels. */
import { assert } from '../../core/errors.ts';
import { keyGroupRange } from '../../core/hash.ts';
import type { NodeId } from '../../core/ids.ts';
import type { AnyOperatorFactory, OperatorContext } from '../../core/operator.ts';
import type { Chain, Link, PhysicalOperator, PhysicalPlan } from '../../compiler/physical-plan.ts';
import { runtimes } from '../../operators/runtimes.ts';
import { behindBlockingExchange, hasBlockingInput, type SpillOptions } from '../batch/blocking-input.ts';
import type { RestoredChannels } from '../network/channel-restore.ts';
import type { ChannelId } from '../network/channel-state.ts';
import type { ChannelReceiver, ChannelSender } from '../network/channel.ts';
import type { Environment } from './environment.ts';
import { InputGate, type InputChannel } from '../network/input-gate.ts';
import type { MetricsLayout } from '../metrics/metrics-layout.ts';
import { OperatorNode, PortOutput } from './operator-node.ts';
import { OutputWriter } from '../network/output-writer.ts';
import { Replay } from './replay.ts';
import { createStateBackend, type RocksDbEnvironment, type StateSnapshot } from '../state/index.ts';
import { SwitchedState } from '../batch/switched-state.ts';
import { Task, type TaskListener } from './task.ts';
import { TimerQueue } from './timer-queue.ts';
import { alignmentOf } from './watermark-alignment.ts';

/** Ends of the channel of a link (index in the plan) between two subtasks. */
export interface Wiring {
  sender(link: number, from: number, to: number): ChannelSender;
  receiver(link: number, from: number, to: number): ChannelReceiver;
}

/** State of all subtasks of each operator, from the checkpoint a job starts from. */
export type RestoredState = ReadonlyMap<NodeId, readonly StateSnapshot[]>;

/** What makes an operator in place of the runtime of its type; null: nothing does. */
export type FindRuntime = (operator: PhysicalOperator) => AnyOperatorFactory | null;

export interface TaskBuilderOptions {
  readonly plan: PhysicalPlan;
  readonly wiring: Wiring;
  readonly environment: Environment;
  /** When this attempt to run began, in whole ms since the epoch: the same for all tasks. */
  readonly startedAt: number;
  readonly restored: RestoredState;
  readonly restoredChannels: RestoredChannels;
  /** Restored state of another shape, or of no operator: an error, or passed over. */
  readonly onMismatch: 'refuse' | 'drop';
  readonly spill: SpillOptions;
  /** Null unless state is in RocksDB. */
  readonly rocksdb: RocksDbEnvironment | null;
  readonly layout: MetricsLayout;
  readonly metrics: Float64Array;
  readonly listener: TaskListener;
  readonly findRuntime?: FindRuntime;
}

/** Subtasks that a subtask of `link.from` sends to. */
export function targetsOf(link: Link, subtask: number, toParallelism: number): readonly number[] {
  switch (link.exchange) {
    case 'forward':
      return [subtask];
    case 'single':
      return [0];
    default:
      return Array.from({ length: toParallelism }, (_, i) => i);
  }
}

/** Every channel of the plan: link index, sending and receiving subtask. */
export function channelsOf(plan: PhysicalPlan): { link: number; from: number; to: number }[] {
  const parallelism = parallelismByOperator(plan);
  return plan.links.flatMap((link, index) => {
    if (link.exchange === 'chained') return [];
    return Array.from({ length: parallelism.get(link.from)! }, (_, from) => from).flatMap((from) =>
      targetsOf(link, from, parallelism.get(link.to)!).map((to) => ({ link: index, from, to })),
    );
  });
}

export function parallelismByOperator(plan: PhysicalPlan): ReadonlyMap<NodeId, number> {
  return new Map(plan.chains.flatMap((chain) => chain.operators.map((id) => [id, chain.parallelism] as const)));
}

/** The task of one subtask of a chain, not opened yet. */
export function buildTask(options: TaskBuilderOptions, chain: Chain, subtask: number): Task {
  const { plan, layout, metrics, environment } = options;
  const operators = new Map(plan.operators.map((operator) => [operator.nodeId, operator]));
  const timers = new TimerQueue<OperatorNode>();
  const nodes = new Map<NodeId, OperatorNode>();
  for (const nodeId of chain.operators) {
    const operator = operators.get(nodeId);
    assert(operator !== undefined, `chain ${chain.id} names ${nodeId}`);
    nodes.set(nodeId, createNode(options, operator, chain, subtask));
  }
  const writers = connectOutputs(options, nodes, subtask);
  const ordered = [...nodes.values()];
  const task = new Task({
    id: chain.id,
    subtask,
    nodes: ordered,
    writers,
    gate: createGate(options, chain, subtask),
    replay: createReplay(options, nodes, subtask),
    alignment: alignmentOf(plan, layout, metrics, chain.id, subtask),
    timers,
    listener: options.listener,
    now: () => environment.now(),
    metrics,
    metricsAt: layout.at(chain.id, subtask),
  });
  for (const node of ordered) {
    const operator = operators.get(node.nodeId)!;
    node.context = createContext(options, operator, node, timers, task);
    const create =
      options.findRuntime?.(operator) ??
      (runtimes[operator.type as keyof typeof runtimes] as AnyOperatorFactory | undefined);
    assert(create !== undefined, `no runtime for ${operator.type}`);
    const operatorPlan = {
      nodeId: operator.nodeId,
      config: operator.config,
      inputs: operator.inputs,
      outputs: operator.outputs,
      subtask,
      parallelism: chain.parallelism,
      baseFolder: plan.baseFolder,
      get batchRows() {
        return Math.min(plan.settings.batchRows, task.rowsAtATime);
      },
    };
    try {
      node.operator = behindBlockingExchange(options, operator, chain.parallelism, node, () =>
        create(operatorPlan, node.context),
      );
    } catch (error) {
      throw node.blame(error);
    }
  }
  return task;
}

function createNode(
  options: TaskBuilderOptions,
  operator: PhysicalOperator,
  chain: Chain,
  subtask: number,
): OperatorNode {
  const { layout, metrics, restored } = options;
  const { nodeId } = operator;
  const state = createStateBackend(
    options.plan.settings.stateBackend,
    {
      keyGroups: keyGroupRange(subtask, chain.parallelism),
      subtask,
      parallelism: chain.parallelism,
      restored: restored.get(nodeId) ?? [],
      onMismatch: options.onMismatch,
      now: clockOf(options, operator),
    },
    options.rocksdb,
  );
  const node = new OperatorNode({
    nodeId,
    subtask,
    assignsWatermarks: operator.assignsWatermarks,
    metrics,
    metricsAt: layout.at(nodeId, subtask),
    latencyAt: layout.latencyAt(nodeId, subtask),
    state: hasBlockingInput(options.plan, nodeId) ? new SwitchedState(state, subtask) : state,
  });
  for (const port of Object.keys(operator.outputs)) {
    node.outputs.set(port, new PortOutput(node, layout.portAt(nodeId, subtask, port)));
  }
  return node;
}

function connectOutputs(
  options: TaskBuilderOptions,
  nodes: ReadonlyMap<NodeId, OperatorNode>,
  subtask: number,
): OutputWriter[] {
  const { plan, wiring, environment } = options;
  const parallelism = parallelismByOperator(plan);
  const writers: OutputWriter[] = [];
  plan.links.forEach((link, index) => {
    const node = nodes.get(link.from);
    if (node === undefined) return;
    const output = node.outputs.get(link.fromPort);
    assert(output !== undefined, `${link.from} has no port ${link.fromPort}`);
    if (link.exchange === 'chained') {
      const next = nodes.get(link.to)!;
      output.chainTo(next);
      if (!node.chained.includes(next)) node.chained.push(next);
      return;
    }
    const channels = targetsOf(link, subtask, parallelism.get(link.to)!).map((to) => wiring.sender(index, subtask, to));
    const { schema } = plan.operators.find((o) => o.nodeId === link.from)!.outputs[link.fromPort]!;
    const { batchRows, latencyTargetMs, bufferTimeoutMs } = plan.settings;
    const writer = new OutputWriter(
      channels,
      {
        schema,
        exchange: link.exchange,
        keys: link.keys,
        batchRows,
        latencyTargetMs,
        sendsAtOnce: bufferTimeoutMs === 0,
        subtask,
      },
      {
        now: () => environment.now(),
        metrics: options.metrics,
        usageAt: options.layout.links[index]! + subtask,
      },
    );
    output.writeTo(writer);
    node.writers.push(writer);
    writers.push(writer);
  });
  return writers;
}

function createGate(options: TaskBuilderOptions, chain: Chain, subtask: number): InputGate | null {
  const { plan, wiring, environment, restoredChannels } = options;
  const parallelism = parallelismByOperator(plan);
  const channels: InputChannel[] = [];
  plan.links.forEach((link, index) => {
    if (link.to !== chain.id || link.exchange === 'chained') return;
    for (let from = 0; from < parallelism.get(link.from)!; from++) {
      if (!targetsOf(link, from, chain.parallelism).includes(subtask)) continue;
      channels.push({
        receiver: wiring.receiver(index, from, subtask),
        input: link.input,
        id: channelId(plan, link, from, subtask),
        restored: restoredChannels(index, from, subtask),
      });
    }
  });
  if (channels.length === 0) return null;
  const { mode } = plan.settings.checkpoint;
  return new InputGate(channels, { choose: environment.createChooser(), now: () => environment.now(), mode });
}

function createReplay(
  { plan, restoredChannels }: TaskBuilderOptions,
  nodes: ReadonlyMap<NodeId, OperatorNode>,
  subtask: number,
): Replay {
  return new Replay(
    // The end of the chain first: nothing may come to an operator before what was under way to it.
    [...nodes.values()].reverse().flatMap((node) => {
      const index = plan.links.findIndex((one) => one.to === node.nodeId && one.exchange === 'chained');
      const link = plan.links[index];
      const restored = restoredChannels(index, subtask, subtask);
      if (link === undefined || restored === null) return [];
      return [{ from: nodes.get(link.from)!, node, id: channelId(plan, link, subtask, subtask), restored }];
    }),
  );
}

function channelId(plan: PhysicalPlan, link: Link, sender: number, receiver: number): ChannelId {
  const { from, fromPort, to, toPort } = link;
  const parallelism = parallelismByOperator(plan);
  return {
    from,
    fromPort,
    to,
    toPort,
    sender,
    receiver,
    senders: parallelism.get(from)!,
    receivers: parallelism.get(to)!,
    schema: plan.operators.find((o) => o.nodeId === from)!.outputs[fromPort]!.schema,
  };
}

function clockOf({ plan, environment, startedAt }: TaskBuilderOptions, operator: PhysicalOperator): () => number {
  return standsStill(plan, operator) ? () => startedAt : () => Math.floor(environment.now());
}

function standsStill({ settings }: PhysicalPlan, { inputs }: PhysicalOperator): boolean {
  return settings.runtimeMode === 'batch' && inputs.length > 0;
}

function createContext(
  options: TaskBuilderOptions,
  operator: PhysicalOperator,
  node: OperatorNode,
  timers: TimerQueue<OperatorNode>,
  task: Task,
): OperatorContext {
  const { plan, environment } = options;
  const isBatch = plan.settings.runtimeMode === 'batch';
  const hasTimers = !standsStill(plan, operator);
  return {
    clock: { now: clockOf(options, operator) },
    random: () => environment.random(),
    state: node.state,
    files: environment.files,
    get network() {
      return environment.network;
    },
    output(port) {
      const output = node.outputs.get(port);
      assert(output !== undefined, `${node.nodeId} has no port ${port}`);
      return output;
    },
    hasProgress: !isBatch,
    emitWatermark: (watermark) => {
      if (!isBatch) node.emitWatermark(watermark);
    },
    emitIdle: () => {
      if (!isBatch) node.emitIdle();
    },
    setTimer: (at) => {
      if (hasTimers) timers.add(at, node);
    },
    wake: () => {
      task.wake(node);
      environment.wake(task);
    },
    delay: (ms) => environment.delay(ms),
    countLate: (rows) => node.countLate(rows),
    print: (text) => environment.print(node.nodeId, text),
    publish: (batch) => node.publishTap.tap?.offer(batch),
    log: (level, message) => environment.log(node.nodeId, node.subtask, level, message),
  };
}
