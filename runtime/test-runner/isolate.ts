/**
 * A plan in which nothing reaches outside: sources, and nodes whose rows a case gives, become scripts; sinks, and ports that a case looks
 * at, end in captures. Operators that only made what a script now gives are left out.
 */
import { nodeId, type NodeId } from '../core/ids.ts';
import { isSink, ROW_WISE, type InputStream, type RowTime } from '../core/operator.ts';
import type { StreamShape } from '../core/schema.ts';
import type { LogicalEdge, LogicalOperator, LogicalPlan } from '../compiler/logical-plan.ts';
import { expectedPlace } from '../compiler/test-case-problems.ts';
import type { Validation } from '../compiler/index.ts';
import { stepNode, type TestCase } from '../graph/index.ts';

export const SCRIPT = 'test.script';
export const CAPTURE = 'test.capture';

/** Of a script. */
export interface ScriptConfig {
  /** Where the event time of rows comes from; null: from the rows of the case. */
  readonly rowTime: RowTime | null;
  /** A source that the case gives nothing: no row comes from it, and others do not wait for its watermark. */
  readonly isSilent: boolean;
}

export interface IsolatedPlan {
  readonly plan: LogicalPlan;
  /** By expectation: the capture that gets its rows. */
  readonly captures: readonly NodeId[];
  readonly shapes: readonly StreamShape[];
}

/** `logical` and `validation` are of the document that has the case, and neither it nor the case has errors. */
export function isolate(logical: LogicalPlan, validation: Validation, testCase: TestCase): IsolatedPlan {
  const played = new Set(testCase.steps.flatMap((step) => stepNode(step) ?? []));
  const replaced = new Set<NodeId>();
  const isWriter = ({ type }: LogicalOperator): boolean => validation.specs.findSpec(type)?.category === 'sink';
  const operators: LogicalOperator[] = [];
  for (const id of validation.order) {
    const node = validation.nodes.get(id)!;
    const { traits, ports, inputs, outputs } = node;
    const isSource = ports.inputs.length === 0;
    const own = logical.operators.filter((one) => outerNode(one.nodeId) === id);
    if (isSource || played.has(id)) {
      const { label = id, parallelism = null } = own[0] ?? {};
      const config: ScriptConfig = { rowTime: traits?.rowTime ?? null, isSilent: !played.has(id) };
      const scriptTraits = { ...ROW_WISE, assignsWatermarks: true, maxParallelism: traits?.maxParallelism ?? null };
      operators.push({
        nodeId: id,
        type: SCRIPT,
        label,
        config,
        traits: scriptTraits,
        inputs: [],
        outputs,
        parallelism,
      });
      replaced.add(id);
    } else if (isSink(node)) operators.push({ ...capture(id, inputs, own[0]), outputs });
    else
      operators.push(
        ...own.map((one) => (isWriter(one) ? { ...capture(one.nodeId, one.inputs, one), outputs: one.outputs } : one)),
      );
  }
  const edges = logical.edges.flatMap((edge): LogicalEdge[] => {
    const from = outerNode(edge.from);
    if (replaced.has(outerNode(edge.to))) return [];
    return [replaced.has(from) ? { ...edge, ...writtenBy(logical, edge, from) } : edge];
  });

  const looks = testCase.expect.map((expectation) => {
    const { port, shape } = expectedPlace(expectation, validation.nodes)!;
    return { node: expectation.node, port, shape: shape! };
  });
  const captures = looks.map(({ node, port, shape }): NodeId => {
    if (port === null) return node;
    const id = nodeId(`${node}:${port}`);
    if (operators.some((one) => one.nodeId === id)) return id;
    const { nodeId: from, port: fromPort } = replaced.has(node)
      ? { nodeId: node, port }
      : writerOf(logical, node, port);
    const writer = operators.find((one) => one.nodeId === from);
    operators.push(capture(id, [{ port: 'in', shape }], writer));
    edges.push({ from, fromPort, to: id, toPort: 'in', input: 0, shape, distribution: { type: 'any' } });
    return id;
  });
  const plan = withoutIdlers({ ...logical, operators, edges, composites: [] }, logical);
  return { plan, captures, shapes: looks.map(({ shape }) => shape) };
}

/** With as many subtasks as `like`, so that nothing is dealt out anew on the way to it. */
function capture(id: NodeId, inputs: readonly InputStream[], like: LogicalOperator | undefined): LogicalOperator {
  const traits = { ...ROW_WISE, maxParallelism: like?.traits.maxParallelism ?? null };
  const parallelism = like?.parallelism ?? null;
  return { nodeId: id, type: CAPTURE, label: id, config: null, traits, inputs, outputs: {}, parallelism };
}

/** Ids in a composite begin with its own and `/`. */
function outerNode(id: NodeId): NodeId {
  const end = id.indexOf('/');
  return end < 0 ? id : nodeId(id.slice(0, end));
}

/** An edge out of a replaced composite leaves the port that the composite shows. */
function writtenBy({ composites }: LogicalPlan, edge: LogicalEdge, node: NodeId): { from: NodeId; fromPort: string } {
  const outputs = composites.find(({ nodeId: one }) => one === node)?.outputs ?? [];
  const output = outputs.find(({ nodeId: inner, port }) => inner === edge.from && port === edge.fromPort);
  return { from: node, fromPort: output?.outerPort ?? edge.fromPort };
}

function writerOf({ composites }: LogicalPlan, node: NodeId, port: string): { nodeId: NodeId; port: string } {
  const output = composites
    .find(({ nodeId: one }) => one === node)
    ?.outputs.find(({ outerPort }) => outerPort === port);
  return output ?? { nodeId: node, port };
}

/** Leaves out operators nobody reads any more, who were read before. */
function withoutIdlers(plan: LogicalPlan, before: LogicalPlan): LogicalPlan {
  const wasRead = new Set(before.edges.map(({ from }) => outerNode(from)));
  const isRead = new Set(plan.edges.map(({ from }) => outerNode(from)));
  const idlers = new Set(
    plan.operators
      .filter(({ type, config }) => type !== SCRIPT || (config as ScriptConfig).isSilent)
      .map((operator) => outerNode(operator.nodeId))
      .filter((id) => wasRead.has(id) && !isRead.has(id)),
  );
  if (idlers.size === 0) return plan;
  return withoutIdlers(
    {
      ...plan,
      operators: plan.operators.filter((operator) => !idlers.has(outerNode(operator.nodeId))),
      edges: plan.edges.filter(({ to }) => !idlers.has(outerNode(to))),
    },
    before,
  );
}
