/** A physical plan as text for people: its chains with what they emit, and the exchanges between them. */
import type { NodeId } from '../core/ids.ts';
import type { StreamShape } from '../core/schema.ts';
import { printDataType } from '../core/types.ts';
import type { Chain, Link, PhysicalOperator, PhysicalPlan } from './physical-plan.ts';

/** Ends with a newline. The same plan is always the same text. */
export function explain(plan: PhysicalPlan): string {
  const { name, settings, chains, operators } = plan;
  const tasks = chains.reduce((sum, chain) => sum + chain.parallelism, 0);
  const head = `${name}: ${count(operators.length, 'operator')} in ${count(chains.length, 'chain')}, ${count(tasks, 'task')}`;
  const mode = `${settings.runtimeMode}, ${settings.processingModel}, parallelism ${settings.parallelism}, ${checkpointText(plan)}`;
  return `${[head, mode, ...chains.flatMap((chain) => ['', ...printChain(plan, chain)])].join('\n')}\n`;
}

function checkpointText({ settings: { checkpoint } }: PhysicalPlan): string {
  return checkpoint.intervalMs === 0 ? 'no periodic checkpoints' : `checkpoint every ${checkpoint.intervalMs} ms`;
}

function printChain(plan: PhysicalPlan, chain: Chain): string[] {
  return [`chain ${chain.id} × ${chain.parallelism}`, ...printOperator(plan, chain.id, '  ')];
}

/** The operator, then those chained behind it, further in. */
function printOperator(plan: PhysicalPlan, id: NodeId, indent: string, chainedTo?: Link): string[] {
  const operator = plan.operators.find((one) => one.nodeId === id);
  if (operator === undefined) return [];
  const arriving = plan.links.filter((link) => link.to === id && link.exchange !== 'chained');
  const leaving = plan.links.filter((link) => link.from === id);
  return [
    `${indent}${id}: ${operator.type} “${operator.label}”${chainedTo === undefined ? '' : ` ← ${chainedTo.fromPort}`}`,
    ...arriving.map((link) => `${indent}  ← ${link.from}.${link.fromPort}, ${exchangeText(link, operator)}`),
    ...Object.entries(operator.outputs).map(([port, shape]) => `${indent}  ${port}: ${shapeText(shape)}`),
    ...leaving.flatMap((link) =>
      link.exchange === 'chained'
        ? printOperator(plan, link.to, `${indent}  `, link)
        : [`${indent}  → ${link.to}.${link.toPort}, ${link.exchange}`],
    ),
  ];
}

function exchangeText({ exchange, keys, input }: Link, target: PhysicalOperator): string {
  const fields = target.inputs[input]?.shape.schema.fields;
  const names = keys.map((key) => fields?.[key]?.name ?? `#${key}`);
  return names.length > 0 ? `${exchange}(${names.join(', ')})` : exchange;
}

function shapeText(shape: StreamShape): string {
  const fields = shape.schema.fields.map(
    (field) => `${field.name} ${printDataType(field.type)}${field.nullable ? '' : ' NOT NULL'}`,
  );
  const marks = [
    shape.eventTime ? 'event time' : 'no event time',
    ...(shape.changelog === 'update' ? ['updates'] : []),
    shape.bounded ? 'bounded' : 'unbounded',
  ];
  return `${fields.join(', ')} [${marks.join(', ')}]`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
