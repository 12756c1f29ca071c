/** What is wrong with the streams that reach a node: no event time, updates where none are taken. Each names where it began and what mends it. */
import type { DiagnosticCode } from '../core/diagnostic-codes.ts';
import type { Diagnostic, Insertion } from '../core/diagnostics.ts';
import type { NodeId } from '../core/ids.ts';
import { isComposite, type AnyOperatorSpec, type AnyPrimitiveSpec, type InputStream } from '../core/operator.ts';
import { say } from '../core/say.ts';
import type { StreamShape } from '../core/schema.ts';
import { upstreamOf, type PipelineDocument, type PipelineEdge } from '../graph/index.ts';
import { refOf } from './wiring.ts';

/** What is known of a node here; an `AnalyzedNode`. */
interface StreamNode {
  readonly spec: AnyOperatorSpec | null;
  readonly traits: { readonly needsEventTime: boolean; readonly acceptsUpdates: boolean } | null;
  readonly edges: readonly PipelineEdge[];
  readonly inputs: readonly InputStream[];
  readonly outputs: Readonly<Record<string, StreamShape>>;
}

export interface StreamFacts {
  readonly document: PipelineDocument;
  readonly find: (id: NodeId) => StreamNode | undefined;
  /** Specs that mend something. */
  readonly menders: readonly AnyPrimitiveSpec[];
}

/** MR1501 and MR1503 of a node whose inputs are all known. `isTimeBlamed`: the node itself has said MR1501, at its place. */
export function streamProblems(id: NodeId, facts: StreamFacts, isTimeBlamed: boolean): readonly Diagnostic[] {
  const node = facts.find(id);
  if (node === undefined || node.traits === null || node.edges.length !== node.inputs.length) return [];
  // The operators that it stands for have been asked, each about its own inputs.
  if (node.spec !== null && isComposite(node.spec)) return [];
  const { traits, inputs } = node;
  const untimed = inputs.findIndex((input) => !input.shape.eventTime);
  const problems: Diagnostic[] = [];
  if (traits.needsEventTime && untimed >= 0 && !isTimeBlamed) problems.push(noEventTime(id, node, untimed, facts));
  if (!traits.acceptsUpdates) {
    inputs.forEach((input, i) => {
      if (input.shape.changelog === 'update') problems.push(updatesRefused(id, node, i, facts));
    });
  }
  return problems;
}

/** Problems that the node itself has reported, with what mends them. */
export function withMends(id: NodeId, problems: readonly Diagnostic[], facts: StreamFacts): readonly Diagnostic[] {
  const node = facts.find(id);
  if (node === undefined || node.spec === null || isComposite(node.spec)) return problems;
  const untimed = node.inputs.findIndex((input) => !input.shape.eventTime);
  return problems.map((one) => {
    const insertion = one.code === 'MR1501' && untimed >= 0 ? mendOf(one.code, node, untimed, facts) : null;
    return insertion === null || one.insertion !== undefined ? one : { ...one, insertion: insertion.insertion };
  });
}

function noEventTime(id: NodeId, node: StreamNode, input: number, facts: StreamFacts): Diagnostic {
  const sources = upstream(
    id,
    facts,
    (one) => one.spec?.category === 'source' && some(one, (shape) => !shape.eventTime),
  );
  const origin = sources.length === 0 ? '' : say` (it comes from ${sources.map((name) => `"${name}"`).join(', ')})`;
  return withMend('MR1501', say`"${id}" needs event time, and its input has none${origin}`, id, node, input, facts);
}

function updatesRefused(id: NodeId, node: StreamNode, input: number, facts: StreamFacts): Diagnostic {
  const makers = upstream(
    id,
    facts,
    (one) =>
      some(one, ({ changelog }) => changelog === 'update') &&
      !one.inputs.some(({ shape }) => shape.changelog === 'update'),
  );
  const labels = makers.map((maker) => `"${maker}" (${facts.find(maker)?.spec?.label ?? ''})`);
  const origin = labels.length === 0 ? '' : say`: ${labels.join(', ')} changes results that it has sent before`;
  const message = say`input "${node.inputs[input]!.port}" is a stream with updates, which "${id}" (${node.spec?.label ?? ''}) cannot take${origin}`;
  return withMend('MR1503', message, id, node, input, facts);
}

function withMend(
  code: DiagnosticCode,
  message: string,
  id: NodeId,
  node: StreamNode,
  input: number,
  facts: StreamFacts,
): Diagnostic {
  const problem: Diagnostic = { severity: 'error', code, message, nodeId: id };
  const mend = mendOf(code, node, input, facts);
  if (mend === null) return problem;
  return {
    ...problem,
    message: say`${message}. Put "${mend.label}" before it to mend this`,
    insertion: mend.insertion,
  };
}

/** MR1109, with the sink that shows what would be let go. */
export function unreadOutput(id: NodeId, port: string, { find, menders }: StreamFacts): Diagnostic {
  const code = 'MR1109';
  const problem: Diagnostic = { severity: 'warning', code, message: say`nothing reads output "${port}"`, nodeId: id };
  const shape = find(id)?.outputs[port];
  for (const spec of shape === undefined ? [] : menders) {
    const config = spec.mends!(code, shape!);
    if (config !== null) return { ...problem, addition: { from: id, fromPort: port, type: spec.type, config } };
  }
  return problem;
}

/** The operator that mends a problem of an input when it is put before the node. */
function mendOf(
  code: DiagnosticCode,
  node: StreamNode,
  input: number,
  { menders }: StreamFacts,
): { readonly insertion: Insertion; readonly label: string } | null {
  const edge = refOf(node.edges[input]!);
  const { shape } = node.inputs[input]!;
  for (const spec of menders) {
    const config = spec.mends!(code, shape);
    if (config !== null) return { insertion: { edge, type: spec.type, config }, label: spec.label };
  }
  return null;
}

/** Nodes at or behind which the stream got what is wrong with it, in the document's order. */
function upstream(id: NodeId, { document, find }: StreamFacts, isOrigin: (node: StreamNode) => boolean): NodeId[] {
  const before = upstreamOf(document, [id]);
  return document.nodes.flatMap((node) => {
    const known = node.id !== id && before.has(node.id) ? find(node.id) : undefined;
    return known !== undefined && isOrigin(known) ? [node.id] : [];
  });
}

function some({ outputs }: StreamNode, test: (shape: StreamShape) => boolean): boolean {
  return Object.values(outputs).some(test);
}
