/** A preview touches nothing outside: what sinks would write is shown instead. */
import type { NodeId } from '../core/ids.ts';
import { writesOutside, type AnyOperatorSpec, type Traits } from '../core/operator.ts';
import { catalog } from '../operators/catalog.ts';
import type { LogicalOperator, LogicalPlan } from './logical-plan.ts';
import { outerId } from './composite.ts';

/** What shows rows in place of a sink that is off: in the app, and where there are only lines of text. */
const TABLE = catalog['sink.table'];
const PRINT = catalog['sink.print'];

export interface PreviewOptions {
  /** Nodes of the document that write all the same. */
  readonly writes: readonly NodeId[];
  /** Print the rows of every sink, also of those that only show theirs in the app. False unless given. */
  readonly prints?: boolean;
}

/**
 * The plan with a table, or a print under the node's id, in place of every sink that writes to the outside, under the same node, except those whose
 * node of the document is one of `writes`. A sink in a sub-pipeline goes with the node that stands for it.
 */
export function previewPlan(
  plan: LogicalPlan,
  { writes, prints = false }: PreviewOptions,
  findSpec: (type: string) => AnyOperatorSpec | null,
): LogicalPlan {
  const isOff = (spec: AnyOperatorSpec): boolean => writesOutside(spec) || (prints && spec.category === 'sink');
  const shown = (operator: LogicalOperator): LogicalOperator => {
    const spec = findSpec(operator.type);
    if (spec === null || !isOff(spec) || writes.includes(outerId(operator.nodeId))) return operator;
    const [type, config, traits] = prints ? print(operator.nodeId) : table();
    return { ...operator, type, config, traits };
  };
  return { ...plan, operators: plan.operators.map(shown) };
}

function table(): readonly [type: string, config: unknown, traits: Traits] {
  const config = TABLE.config.schema.parse({});
  return [TABLE.type, config, TABLE.traits(config)];
}

function print(label: NodeId): readonly [type: string, config: unknown, traits: Traits] {
  const config = PRINT.config.schema.parse({ label });
  return [PRINT.type, config, PRINT.traits(config)];
}
