/**
 * MR1407: fields that a node makes and that nothing reads. Needs are followed upstream, from those who read all (sinks, user code, test
 * cases, whatever is not known) to those who are asked: an operator needs a field if it errs without it, or hands on something else.
 */
import { configLeaves, printPath, type ConfigLeaf } from '../core/config.ts';
import type { Diagnostic } from '../core/diagnostics.ts';
import type { NodeId } from '../core/ids.ts';
import type { InputStream, PortSpec } from '../core/operator.ts';
import { say } from '../core/say.ts';
import { sameType } from '../core/types.ts';
import { DEFAULT_OUTPUT, setAt, type PipelineDocument, type PipelineNode, type RawConfig } from '../graph/index.ts';
import type { Answer, Probe } from './probe.ts';
import type { AnalyzedNode } from './validator.ts';

interface Graph {
  readonly document: PipelineDocument;
  readonly nodes: ReadonlyMap<NodeId, AnalyzedNode>;
  readonly order: readonly NodeId[];
  readonly probe: Probe;
}

/** Fields by name. */
type Needs = ReadonlySet<string> | 'all';

/** What is read of each output port of a node. */
type NeedsByPort = ReadonlyMap<string, Needs>;

const NONE: ReadonlySet<string> = new Set();

export function unusedFields(graph: Graph): readonly Diagnostic[] {
  const { document, nodes, order } = graph;
  const byId = new Map(document.nodes.map((node) => [node.id, node]));
  const tested = testedPorts(document);
  const timed = eventTimeFields(nodes);
  const needs = new Map<NodeId, Map<string, Needs>>();
  const found = new Map<NodeId, readonly Diagnostic[]>();
  for (const id of order.toReversed()) {
    const node = byId.get(id)!;
    const analyzed = nodes.get(id)!;
    const read = new Map(
      analyzed.ports.outputs.map((port) => [
        port.name,
        tested.has(placeKey(id, port.name)) ? 'all' : (needs.get(id)?.get(port.name) ?? unreadNeeds(port)),
      ]),
    );
    const answer = answerFor(node, analyzed, read, graph.probe);
    const unused = answer.unused.filter(({ removal }) => !timed.has(removal!.name));
    if (unused.length > 0) found.set(id, unused);
    analyzed.edges.forEach(({ from, fromPort }, i) => {
      const ports = needs.get(from) ?? new Map<string, Needs>();
      needs.set(from, ports.set(fromPort, union(ports.get(fromPort) ?? NONE, answer.inputs[i] ?? 'all')));
    });
  }
  return document.nodes.flatMap(({ id }) => found.get(id) ?? []);
}

/** An output that nobody reads yet has a problem of its own; one that may be left open needs nothing. */
function unreadNeeds(port: PortSpec): Needs {
  return port.isOptional === true ? NONE : 'all';
}

function union(a: Needs, b: Needs): Needs {
  return a === 'all' || b === 'all' ? 'all' : b.size === 0 ? a : new Set([...a, ...b]);
}

/** Rows of test cases name all their fields. */
function testedPorts({ tests }: PipelineDocument): ReadonlySet<string> {
  const places = tests.flatMap(({ steps, expect }) => [...steps.filter((step) => 'rows' in step), ...expect]);
  return new Set(places.map(({ node, port }) => placeKey(node, port ?? DEFAULT_OUTPUT)));
}

/** What rows are ordered by is read, though nobody names it. */
function eventTimeFields(nodes: Graph['nodes']): ReadonlySet<string> {
  const times = [...nodes.values()].map(({ traits }) => traits?.rowTime);
  return new Set(times.flatMap((one) => (one?.time === 'event' ? [one.field] : [])));
}

function placeKey(id: NodeId, port: string): string {
  return JSON.stringify([id, port]);
}

// One node -----------------------------------------------------------------------------------------------------------

interface NodeAnswer {
  readonly key: string;
  /** Of each edge into the node. */
  readonly inputs: readonly Needs[];
  readonly unused: readonly Diagnostic[];
}

/** Asking takes longer than all else that validation does, and an edit leaves most nodes as they were. */
const answers = new WeakMap<AnalyzedNode, NodeAnswer>();

function answerFor(node: PipelineNode, analyzed: AnalyzedNode, read: NeedsByPort, probe: Probe): NodeAnswer {
  const key = [...read].map(([port, names]) => `${port}:${names === 'all' ? '*' : JSON.stringify([...names])}`).join();
  const last = answers.get(analyzed);
  if (last !== undefined && last.key === key) return last;
  const asked = readsAll(node, analyzed)
    ? { inputs: analyzed.edges.map((): Needs => 'all'), unused: [] }
    : ask(node, analyzed, read, probe);
  const answer = { key, ...asked };
  answers.set(analyzed, answer);
  return answer;
}

/** Sinks, code of users, texts that only their operator can read and that say `*`, and what is not known. */
function readsAll(node: PipelineNode, { spec, config, traits, edges, inputs }: AnalyzedNode): boolean {
  if (spec === null || config === null || spec.category === 'sink' || traits === null) return true;
  if (traits.runsUserCode === true || inputs.length < edges.length) return true;
  return configLeaves(spec.config.fields, node.config).some(
    ({ form, value }) => form.widget === 'code' && String(value).includes('*'),
  );
}

function ask(
  node: PipelineNode,
  analyzed: AnalyzedNode,
  read: NeedsByPort,
  probe: Probe,
): Pick<NodeAnswer, 'inputs' | 'unused'> {
  const { spec, inputs, outputs } = analyzed;
  const wanted = Object.entries(outputs).map(([port, { schema }]) => {
    const needs = read.get(port) ?? 'all';
    return { port, fields: needs === 'all' ? schema.fields : schema.fields.filter(({ name }) => needs.has(name)) };
  });
  const isWanted = (name: string): boolean => wanted.some(({ fields }) => fields.some((field) => field.name === name));
  const isSame = (after: Answer): boolean =>
    after.errors.length === 0 &&
    wanted.every(({ port, fields }) => {
      const now = new Map(after.outputs[port]?.schema.fields.map((field) => [field.name, field]));
      const shape = after.outputs[port];
      const old = outputs[port]!;
      if (shape === undefined || shape.eventTime !== old.eventTime || shape.changelog !== old.changelog) return false;
      return fields.every(({ name, type }) => {
        const field = now.get(name);
        return field !== undefined && sameType(field.type, type);
      });
    });
  const isNeeded = (gone: (name: string, input: number) => boolean): boolean =>
    !isSame(probe.ask(node, node.config, without(inputs, gone)));

  const needed = inputs.map(() => new Set<string>());
  const doubtful = new Set(
    inputs.flatMap(({ shape }, i) =>
      shape.schema.fields.flatMap(({ name }) => {
        if (!isWanted(name)) return [name];
        needed[i]!.add(name);
        return [];
      }),
    ),
  );
  if (doubtful.size > 0 && isNeeded((name) => doubtful.has(name))) {
    for (const name of doubtful) {
      if (!isNeeded((other) => other === name)) continue;
      inputs.forEach(({ shape }, i) => {
        if (!shape.schema.fields.some((field) => field.name === name)) return;
        if (isNeeded((other, at) => at === i && other === name)) needed[i]!.add(name);
      });
    }
  }

  const leaves = spec === null ? [] : configLeaves(spec.config.fields, node.config);
  const unused = leaves.flatMap((leaf): Diagnostic[] => {
    const item = madeHere(leaf);
    const name = String(leaf.value);
    if (item === null || isWanted(name) || !hasField(outputs, name)) return [];
    const after = probe.ask(node, setAt(node.config, item, undefined) as RawConfig, inputs);
    if (!isSame(after) || hasField(after.outputs, name)) return [];
    return [
      {
        severity: 'warning',
        code: 'MR1407',
        message: say`nothing reads "${name}": leave it out, or use it`,
        nodeId: node.id,
        path: printPath(leaf.path),
        removal: { path: printPath(item), name },
      },
    ];
  });
  return { inputs: needed, unused };
}

function without(
  inputs: readonly InputStream[],
  gone: (name: string, input: number) => boolean,
): readonly InputStream[] {
  return inputs.map((input, i) => {
    const fields = input.shape.schema.fields.filter(({ name }) => !gone(name, i));
    return { ...input, shape: { ...input.shape, schema: { fields } } };
  });
}

/** The element of a list that gives a field its name; null: none does, or the name is one that data outside has. */
function madeHere({ form, path, value }: ConfigLeaf): ConfigLeaf['path'] | null {
  if (form.widget !== 'text' || form.isGiven === true || typeof value !== 'string') return null;
  const at = path.findLastIndex((part) => typeof part === 'number');
  return at < 0 ? null : path.slice(0, at + 1);
}

function hasField(outputs: AnalyzedNode['outputs'], name: string): boolean {
  return Object.values(outputs).some(({ schema }) => schema.fields.some((field) => field.name === name));
}
