/** Writes what a sink of a debug run was given, by the real sink: only when somebody asks for it. */
import type { Batch } from '../core/batch.ts';
import { assert } from '../core/errors.ts';
import type { NodeId } from '../core/ids.ts';
import type { AnyOperatorFactory, SourceOperator } from '../core/operator.ts';
import type { PhysicalOperator, PhysicalPlan } from '../compiler/physical-plan.ts';
import { DeterministicScheduler } from '../engine/deterministic-scheduler.ts';
import type { Outside } from './live-source.ts';

/** A row for one of the sink's inputs. */
export interface GivenRow {
  readonly input: number;
  readonly row: Batch;
}

const GIVEN = 'given' as NodeId;

/** All rows, committed as at the end of a job. Throws what the sink throws. */
export async function writeSink(
  plan: PhysicalPlan,
  sink: NodeId,
  rows: readonly GivenRow[],
  outside: Outside,
  findRuntime: (type: string) => AnyOperatorFactory | undefined,
): Promise<void> {
  const operator = plan.operators.find(({ nodeId }) => nodeId === sink);
  assert(operator !== undefined, `there is no node ${sink}`);
  const scheduler = new DeterministicScheduler(planOf(plan, operator), {
    seed: 1,
    files: outside.files,
    network: outside.network,
    startAt: Math.floor(outside.now()),
    findRuntime: ({ nodeId, type }) => (nodeId === GIVEN ? givenRows(rows) : (findRuntime(type) ?? null)),
  });
  try {
    await scheduler.open();
    await scheduler.run();
  } finally {
    scheduler.close();
  }
}

/** The sink behind a source with a port for each of its inputs. */
function planOf({ name, settings, baseFolder }: PhysicalPlan, sink: PhysicalOperator): PhysicalPlan {
  const given: PhysicalOperator = {
    nodeId: GIVEN,
    type: GIVEN,
    label: GIVEN,
    config: null,
    inputs: [],
    outputs: Object.fromEntries(sink.inputs.map(({ shape }, input) => [portOf(input), shape])),
    assignsWatermarks: false,
    watermarkAlignment: null,
  };
  return {
    name,
    settings,
    baseFolder,
    operators: [given, sink],
    links: sink.inputs.map(({ port }, input) => ({
      from: GIVEN,
      fromPort: portOf(input),
      to: sink.nodeId,
      toPort: port,
      input,
      exchange: 'forward',
      keys: [],
    })),
    chains: [GIVEN, sink.nodeId].map((id) => ({ id, operators: [id], parallelism: 1 })),
    composites: [],
  };
}

function portOf(input: number): string {
  return `input${input}`;
}

function givenRows(rows: readonly GivenRow[]): AnyOperatorFactory {
  return (_, context): SourceOperator => {
    let next = 0;
    return {
      poll() {
        const given = rows[next++];
        if (given === undefined) return 'ended';
        context.output(portOf(given.input)).emit(given.row);
        return 'ready';
      },
      processBatch: () => assert(false, 'a source has no input'),
    };
  };
}
