/** Whether a pipeline has a place for all that a checkpoint holds: state is matched by node id. */
import type { PhysicalPlan } from '../../compiler/physical-plan.ts';
import { StreamError } from '../../core/errors.ts';
import type { NodeId } from '../../core/ids.ts';
import { say } from '../../core/say.ts';
import { printSchema, type ChannelSnapshot } from '../network/channel-state.ts';
import type { StateSnapshot } from '../state/index.ts';
import type { Checkpoint } from './checkpoint-folder.ts';

/** State of an operator, or rows under way, that the pipeline has no place for. */
export interface Leftover {
  readonly nodeId: NodeId;
  /** Names the operator, and says what differs. */
  readonly what: string;
}

export const DROP_REMEDY = say`Undo the change to the pipeline, or drop that state: run with --allow-non-restored-state (in the app: "Drop state that no longer fits").`;

export function leftoversOf(plan: PhysicalPlan, { manifest, state, channels }: Checkpoint): Leftover[] {
  const operators = new Map(plan.operators.map((operator) => [operator.nodeId, operator]));
  const ofOperators = [...state].flatMap(([nodeId, snapshots]): Leftover[] => {
    const type = manifest.operators[nodeId]?.type ?? say`an operator`;
    const operator = operators.get(nodeId);
    if (operator?.type === type || !snapshots.some(holdsAnything)) return [];
    const what =
      operator === undefined
        ? say`"${nodeId}" (${type}) is not in the pipeline`
        : say`"${nodeId}" was ${type} and is ${operator.type} now`;
    return [{ nodeId, what }];
  });
  const ways = channels
    .filter((channel) => channel.elements.some(({ type }) => type === 'batch'))
    .flatMap((channel): [string, Leftover][] => {
      const change = changeOfWay(plan, channel);
      if (change === null) return [];
      const way = `"${channel.from}" → "${channel.to}"`;
      return [[way, { nodeId: channel.to, what: say`rows under way from ${way}, which ${change}` }]];
    });
  return [...ofOperators, ...new Map(ways).values()];
}

/** Why rows that were under way cannot go on to where they were going; null when they can. */
function changeOfWay(plan: PhysicalPlan, { from, fromPort, to, toPort, schema }: ChannelSnapshot): string | null {
  const link = plan.links.find(
    (one) => one.from === from && one.fromPort === fromPort && one.to === to && one.toPort === toPort,
  );
  if (link === undefined) return say`are no longer connected`;
  const now = printSchema(plan.operators.find((operator) => operator.nodeId === from)!.outputs[fromPort]!.schema);
  return now === schema ? null : say`were of (${schema}) and are of (${now}) now`;
}

export function refusal(location: string, leftovers: readonly Leftover[]): StreamError {
  const error = new StreamError(
    'MR2204',
    say`The checkpoint in ${location} holds state that the pipeline has no place for: ${leftovers.map(({ what }) => what).join('; ')}.`,
    { domain: 'user', remedy: DROP_REMEDY },
  );
  error.nodeId = leftovers[0]?.nodeId ?? null;
  return error;
}

/** Lists and tables of an operator's state that it has not asked for. */
export function unclaimedState(location: string, nodeId: NodeId, names: readonly string[]): StreamError {
  const list = names.map((name) => `"${name}"`).join(', ');
  const what = say`The checkpoint in ${location} holds state of "${nodeId}" that it does not keep any more: ${list}.`;
  return new StreamError('MR2205', what, { domain: 'user', remedy: DROP_REMEDY });
}

function holdsAnything({ lists, tables, native }: StateSnapshot): boolean {
  return (
    native !== undefined ||
    lists.some((list) => list.values.length > 0) ||
    tables.some((table) => table.keyGroups.length > 0)
  );
}
