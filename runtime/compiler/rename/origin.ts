/** Where a field of an output port got its name: upstream from operator to operator, as far as each hands the name on. */
import { configLeaves, type ConfigLeaf, type FormField } from '../../core/config.ts';
import type { NodeId } from '../../core/ids.ts';
import type { PipelineDocument, PipelineNode, RawConfig } from '../../graph/index.ts';
import type { Probe } from '../probe.ts';
import type { AnalyzedNode, Validation } from '../validator.ts';
import { renamedOutputs, type Names } from './names.ts';
import { rewriteNode, scriptChanges } from './rewrite-node.ts';
import { replaced, withChanges, type TextChange } from './text-change.ts';

/** A field of the rows that leave a port. */
export interface FieldRef {
  readonly nodeId: NodeId;
  readonly port: string;
  readonly field: string;
}

/** The node that gives a field its name. */
export interface Origin extends FieldRef {
  /** New names by port: an operator may send a field to several. */
  readonly names: ReadonlyMap<string, Names>;
  /** Defaults that have to be written out first, because they hold the name. */
  readonly defaults: RawConfig;
  /** What gives the field another name there; null: the operator itself names it. */
  readonly changes: readonly TextChange[] | null;
  /** The name is the one that data or code outside the document uses. */
  readonly isGiven: boolean;
}

export interface Graph {
  readonly document: PipelineDocument;
  readonly validation: Validation;
  readonly probe: Probe;
}

/** All that have to change for the field to be named `to`: several where operators such as a union want one name of all inputs. */
export function originsOf(graph: Graph, ref: FieldRef, to: string, seen = new Set<string>()): readonly Origin[] {
  const key = JSON.stringify([ref.nodeId, ref.port, ref.field]);
  const node = graph.document.nodes.find(({ id }) => id === ref.nodeId);
  const analyzed = graph.validation.nodes.get(ref.nodeId);
  if (seen.has(key) || node === undefined || analyzed === undefined) return [];
  seen.add(key);
  const inputs = namingInputs(graph.probe, node, analyzed, ref, to);
  if (inputs.length === 0) return [declarationOf(graph.probe, node, analyzed, ref, to)];
  return inputs.flatMap((i) => {
    const { from, fromPort } = analyzed.edges[i]!;
    return originsOf(graph, { nodeId: from, port: fromPort, field: ref.field }, to, seen);
  });
}

/** Positions of the inputs whose field of that name is the output's: the first that is by itself, else all of them together. */
function namingInputs(
  probe: Probe,
  node: PipelineNode,
  analyzed: AnalyzedNode,
  { port, field }: FieldRef,
  to: string,
): readonly number[] {
  const having = analyzed.inputs.flatMap(({ shape }, i) =>
    shape.schema.fields.some(({ name }) => name === field) ? [i] : [],
  );
  const names = new Map([[field, to]]);
  const passOn = (inputs: readonly number[]): boolean => {
    const perInput = analyzed.inputs.map((_, i) => (inputs.includes(i) ? names : undefined));
    return rewriteNode(probe, node, analyzed, perInput).outputs?.get(port)?.get(field) === to;
  };
  const single = having.find((i) => passOn([i]));
  if (single !== undefined) return [single];
  return having.length > 1 && passOn(having) ? having : [];
}

/** Texts of the config that are the name: tried one by one, then together. The operator's answer says whether they name the field. */
function declarationOf(
  probe: Probe,
  node: PipelineNode,
  { spec, inputs, edges }: AnalyzedNode,
  ref: FieldRef,
  to: string,
): Origin {
  const fields = spec?.config.fields ?? {};
  const streams = inputs.length === edges.length ? inputs : null;
  const before = probe.ask(node, node.config, streams);
  for (const defaults of [{}, defaultsOf(fields)]) {
    const config = { ...defaults, ...node.config };
    const leaves = configLeaves(fields, config).filter(({ value }) => value === ref.field);
    const names = leaves.filter(({ form }) => form.widget === 'text');
    // What has no inputs can only mean the fields that it declares.
    const uses = edges.length > 0 ? [] : leaves.filter(({ form }) => form.widget === 'field');
    const attempts = [...names.toSorted(givenLast).map((one) => [one]), ...(names.length > 1 ? [names] : [])];
    for (const attempt of attempts) {
      const changes = [...attempt, ...uses].map(({ path }) => replaced(path, ref.field, to));
      const names = renamedOutputs(before, probe.ask(node, withChanges(config, changes), streams));
      if (names?.get(ref.port)?.get(ref.field) !== to) continue;
      const isFromOutside = attempt.some(isGiven);
      const renamed = new Map([[ref.field, to]]);
      const scripts = isFromOutside ? configLeaves(fields, config).flatMap((leaf) => scriptChanges(leaf, renamed)) : [];
      const written = Object.entries(defaults).filter(
        ([key]) => !(key in node.config) && attempt.some((one) => one.path[0] === key),
      );
      return {
        ...ref,
        names,
        defaults: Object.fromEntries(written),
        changes: [...changes, ...scripts],
        isGiven: isFromOutside,
      };
    }
  }
  return behindPort(ref, to);
}

/** The field keeps its name in the node, and has the new one behind the port. */
export function behindPort({ nodeId, port, field }: FieldRef, to: string): Origin {
  const names = new Map([[port, new Map([[field, to]])]]);
  return { nodeId, port, field, names, defaults: {}, changes: null, isGiven: false };
}

function defaultsOf(fields: Readonly<Record<string, FormField>>): RawConfig {
  const known = Object.entries(fields).filter(
    ([, { defaultValue }]) => defaultValue !== undefined && defaultValue !== null,
  );
  return Object.fromEntries(known.map(([key, { defaultValue }]) => [key, defaultValue]));
}

/** A name that is only used inside the document is the better one to change. */
function givenLast(a: ConfigLeaf, b: ConfigLeaf): number {
  return Number(isGiven(a)) - Number(isGiven(b));
}

function isGiven({ form }: ConfigLeaf): boolean {
  return form.widget === 'text' && form.isGiven === true;
}
