/** What runs, and may still not do what was meant: keys that leave subtasks without work, an input that can hold back event time for ever. */
import { configLeaves, printPath } from '../core/config.ts';
import type { Diagnostic } from '../core/diagnostics.ts';
import type { NodeId } from '../core/ids.ts';
import { isComposite } from '../core/operator.ts';
import { say } from '../core/say.ts';
import type { Field } from '../core/types.ts';
import { parseExpression } from '../expression/index.ts';
import { downstreamOf, type PipelineDocument, type PipelineNode } from '../graph/index.ts';
import type { AnalyzedNode } from './validator.ts';

type Nodes = ReadonlyMap<NodeId, AnalyzedNode>;
type Configs = ReadonlyMap<NodeId, PipelineNode['config']>;

export function flowWarnings(document: PipelineDocument, nodes: Nodes): readonly Diagnostic[] {
  // In batch mode nothing is idle, and time stands still.
  const waiting = document.settings.runtimeMode === 'batch' ? [] : silentInputs(document, nodes);
  const configs = new Map(document.nodes.map((node) => [node.id, node.config]));
  return [...document.nodes.flatMap((node) => skewedKeys(node, document, nodes, configs)), ...waiting];
}

// Keys ---------------------------------------------------------------------------------------------------------------

/** MR1507: fewer values of the keys than subtasks, as far as types and literals tell. */
function skewedKeys(
  node: PipelineNode,
  document: PipelineDocument,
  nodes: Nodes,
  configs: Configs,
): readonly Diagnostic[] {
  const analyzed = nodes.get(node.id);
  if (analyzed === undefined || analyzed.spec === null || analyzed.config === null) return [];
  const { spec, config, inputs, traits } = analyzed;
  if (isComposite(spec)) return [];
  const parallelism = Math.min(node.parallelism ?? document.settings.parallelism, traits?.maxParallelism ?? Infinity);
  if (parallelism < 2) return [];
  for (const [i, { port, shape }] of inputs.entries()) {
    const distribution = spec.distribution?.(config, port);
    if (distribution?.type !== 'hash' || distribution.fields.length === 0) continue;
    const keys = distribution.fields.map((name) => shape.schema.fields.find((one) => one.name === name));
    const counts = keys.map((key) =>
      key === undefined ? Infinity : valuesOf(key, analyzed.edges[i]!.from, nodes, configs),
    );
    const values = counts.reduce((product, one) => product * one, 1);
    if (values >= parallelism) continue;
    const names = distribution.fields.map((name) => `"${name}"`).join(', ');
    const many = values === 1 ? say`always the same value` : say`at most ${values} values`;
    const message = say`${names} has ${many}, so at most ${values} of ${parallelism} subtasks get rows: add a field with more values, or run it as one subtask`;
    const path = pathOfKey(node, analyzed, distribution.fields[0]!);
    return [
      {
        severity: 'warning',
        code: 'MR1507',
        message,
        nodeId: node.id,
        ...(path === null ? {} : { path }),
        setting: { path: 'parallelism', value: 1 },
      },
    ];
  }
  return [];
}

/** How many values a key can have; infinitely many where nothing says otherwise. */
function valuesOf(key: Field, writer: NodeId, nodes: Nodes, configs: Configs): number {
  if (isLiteral(key.name, writer, nodes, configs)) return 1;
  if (key.type.kind !== 'BOOLEAN') return Infinity;
  return key.nullable ? 3 : 2;
}

/** Whether the node that gives a field its name gives it the same value in every row. */
function isLiteral(name: string, writer: NodeId, nodes: Nodes, configs: Configs): boolean {
  let at = writer;
  for (let steps = 0; steps < configs.size; steps++) {
    const analyzed = nodes.get(at);
    const config = configs.get(at);
    const form = analyzed?.spec?.config.fields;
    if (analyzed === undefined || form === undefined || config === undefined) return false;
    const leaves = configLeaves(form, config);
    const named = leaves.find(({ form, path, value }) => form.widget === 'text' && path.length > 1 && value === name);
    if (named !== undefined) {
      const siblings = leaves.filter(({ path }) => printPath(path.slice(0, -1)) === printPath(named.path.slice(0, -1)));
      const texts = siblings.filter(({ form }) => form.widget === 'expression');
      return texts.length === 1 && typeof texts[0]!.value === 'string' && isConstant(texts[0]!.value);
    }
    const next = analyzed.inputs.findIndex(({ shape }) => shape.schema.fields.some((one) => one.name === name));
    if (next < 0 || analyzed.inputs.length > 1) return false;
    at = analyzed.edges[next]!.from;
  }
  return false;
}

const LITERALS: ReadonlySet<string> = new Set(['number', 'string', 'boolean', 'null', 'time']);

function isConstant(text: string): boolean {
  return LITERALS.has(parseExpression(text).syntax.node);
}

function pathOfKey(node: PipelineNode, { spec }: AnalyzedNode, key: string): string | null {
  const leaves = spec === null ? [] : configLeaves(spec.config.fields, node.config);
  const found = leaves.find(
    ({ form, value }) =>
      (form.widget === 'fields' && Array.isArray(value) && value.includes(key)) ||
      (form.widget === 'field' && value === key),
  );
  return found === undefined ? null : printPath(found.path);
}

// Idle inputs --------------------------------------------------------------------------------------------------------

/** Where `eventTime` of a config (`operators/shared/event-time-config.ts`) says it. */
const IDLE_TIMEOUT = 'eventTime.idleTimeoutMs';

/** MR1508 of each endless source of event time that is never idle, where others have to wait for it. */
function silentInputs(document: PipelineDocument, nodes: Nodes): readonly Diagnostic[] {
  const warned = new Map<NodeId, Diagnostic>();
  for (const { id } of document.nodes) {
    const node = nodes.get(id);
    if (node === undefined || node.inputs.length < 2 || !node.inputs.every(({ shape }) => shape.eventTime)) continue;
    const origins = new Set(node.edges.flatMap(({ from }) => [...timedBy(from, nodes)]));
    const waiting = [id, ...downstreamOf(document, [id])].find(
      (one) => nodes.get(one)?.traits?.needsEventTime === true,
    );
    if (origins.size < 2 || waiting === undefined) continue;
    for (const origin of origins) {
      const { traits, outputs } = nodes.get(origin)!;
      const time = traits?.rowTime;
      const isEndless = Object.values(outputs).some(({ bounded }) => !bounded);
      if (time?.time !== 'event' || time.idleTimeoutMs > 0 || !isEndless || warned.has(origin)) continue;
      const message = say`while "${origin}" is silent, "${waiting}" gives no result, whatever comes from its other inputs: let it be idle after a while (idleTimeoutMs)`;
      warned.set(origin, {
        severity: 'warning',
        code: 'MR1508',
        message,
        nodeId: origin,
        path: IDLE_TIMEOUT,
        setting: { path: `config.${IDLE_TIMEOUT}`, value: 60_000 },
      });
    }
  }
  return document.nodes.flatMap(({ id }) => warned.get(id) ?? []);
}

/** The nodes whose watermarks reach the outputs of a node. */
function timedBy(id: NodeId, nodes: Nodes, seen = new Set<NodeId>()): ReadonlySet<NodeId> {
  if (seen.has(id)) return new Set();
  seen.add(id);
  const node = nodes.get(id);
  if (node === undefined) return new Set();
  if (node.traits?.assignsWatermarks === true) return new Set([id]);
  return new Set(node.edges.flatMap(({ from }) => [...timedBy(from, nodes, seen)]));
}
