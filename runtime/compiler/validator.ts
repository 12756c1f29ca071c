/**
 * Finds everything that is wrong with a document before it runs, and all that is known of its streams. Pure and total: any document
 * gives an answer, and the same document the same answer in the same order.
 *
 * A validator remembers its last document. Documents share what an edit did not change, so each node is looked at again only when
 * its own config, the parameters or the shape of one of its inputs is another object than last time.
 */
import type { Diagnostic } from '../core/diagnostics.ts';
import type { NodeId } from '../core/ids.ts';
import type { AnyOperatorSpec, AnyPrimitiveSpec, InputStream, Ports, Traits } from '../core/operator.ts';
import { say } from '../core/say.ts';
import type { StreamShape } from '../core/schema.ts';
import type { FindSubPipeline } from '../core/sub-pipeline.ts';
import { topologicalOrder, type PipelineDocument, type PipelineEdge, type PipelineNode } from '../graph/index.ts';
import { endlessSourceProblem } from './batch-mode.ts';
import { traitsOf, type AnalyzedExpansion } from './composite.ts';
import { flowWarnings } from './flow-warnings.ts';
import { checkNode, inferNode, reuseShapes, type CheckedNode, type InferredNode, type Specs } from './node-analysis.ts';
import { mergeParameters, type Parameters } from './parameters.ts';
import { Probe } from './probe.ts';
import { boundaryProblems } from './sub-pipeline-boundaries.ts';
import { streamProblems, unreadOutput, withMends, type StreamFacts } from './stream-problems.ts';
import { testCaseProblems } from './test-case-problems.ts';
import { unusedFields } from './unused-fields.ts';
import { refOf, wire, type Wiring } from './wiring.ts';

export interface AnalyzedNode {
  /** Null: a type that is not known. */
  readonly spec: AnyOperatorSpec | null;
  /** Checked (`ConfigOf` the spec), parameters filled in; null while it has errors. */
  readonly config: unknown;
  readonly traits: Traits | null;
  readonly ports: Ports;
  /** Edges into the node, in input order. */
  readonly edges: readonly PipelineEdge[];
  /** The inputs whose shape is known, in order; one for each of `edges` iff all are known. */
  readonly inputs: readonly InputStream[];
  /** Shape of every output port that is known. */
  readonly outputs: Readonly<Record<string, StreamShape>>;
  /** What a composite stands for, where its inputs are known; null for all others. */
  readonly expansion: AnalyzedExpansion | null;
}

export interface Validation {
  /** Of nodes in the document's order, then of edges, then of the whole. */
  readonly diagnostics: readonly Diagnostic[];
  readonly nodes: ReadonlyMap<NodeId, AnalyzedNode>;
  /** Every node after all it reads from; without those in or behind a cycle. */
  readonly order: readonly NodeId[];
  /** Where its operators, and the documents that they stand for, were found. */
  readonly specs: Specs;
}

export interface ValidatorOptions {
  readonly findSpec: (type: string) => AnyOperatorSpec | null;
  /** Values given in place of the document's. */
  readonly params?: Readonly<Record<string, string>> | undefined;
  /** Specs that mend something (`OperatorSpec.mends`): none unless given. */
  readonly menders?: readonly AnyPrimitiveSpec[];
  /** Documents that nodes stand for: none unless given. */
  readonly findSubPipeline?: FindSubPipeline;
}

export interface Validator {
  validate(document: PipelineDocument): Validation;
}

/** What was found out about a node last time, and from what. */
interface Remembered {
  readonly node: PipelineNode;
  readonly checked: CheckedNode;
  /** Null: not inferred, since not all inputs were known. */
  readonly shapes: readonly StreamShape[] | null;
  readonly inferred: InferredNode;
  readonly analyzed: AnalyzedNode;
}

const NOT_READ: FindSubPipeline = (path) => ({ code: 'MR1811', message: say`"${path}" was not read` });

export function createValidator({
  findSpec,
  params,
  menders = [],
  findSubPipeline = NOT_READ,
}: ValidatorOptions): Validator {
  const specs: Specs = { findSpec, findSubPipeline };
  let memory = new Map<NodeId, Remembered>();
  let definedParams: PipelineDocument['settings']['params'] | null = null;
  let parameters: Parameters = mergeParameters({});

  function validate(document: PipelineDocument): Validation {
    if (definedParams !== document.settings.params) {
      definedParams = document.settings.params;
      parameters = mergeParameters(definedParams, params);
      memory = new Map();
    }
    const nodes = new Map<NodeId, PipelineNode>();
    const doubles: Diagnostic[] = [];
    document.nodes.forEach((node) => {
      if (!nodes.has(node.id)) nodes.set(node.id, node);
      else
        doubles.push({
          severity: 'error',
          code: 'MR1101',
          message: say`there is another node "${node.id}"`,
          nodeId: node.id,
        });
    });

    const checked = new Map([...nodes].map(([id, node]) => [id, recheck(node)]));
    const wiring = wire(document, (id) => {
      const one = checked.get(id);
      return one === undefined ? undefined : one.spec === null || !one.arePortsKnown ? null : one.ports;
    });
    const { order, cycle } = topologicalOrder(document);
    const found = new Map<NodeId, Remembered>();
    for (const id of order) {
      const edges = wiring.incoming.get(id) ?? [];
      found.set(id, reinfer(nodes.get(id)!, checked.get(id)!, edges, found));
    }
    for (const [id, node] of nodes) {
      if (!found.has(id)) found.set(id, reinfer(node, checked.get(id)!, wiring.incoming.get(id) ?? [], null));
    }
    memory = found;

    const all = [...nodes.values()];
    const analyzed = new Map(all.map((node) => [node.id, found.get(node.id)!.analyzed]));
    const facts: StreamFacts = { document, find: (id) => analyzed.get(id), menders };
    const diagnostics = [
      ...doubles,
      ...all.flatMap((node) => nodeProblems(node, found, wiring, facts)),
      ...wiring.problems,
      ...cycleProblem(document, cycle),
      ...parameters.problems,
      ...wholeProblems(analyzed),
      ...flowWarnings(document, analyzed),
      ...unusedFields({ document, nodes: analyzed, order, probe: new Probe(parameters, specs) }),
      ...boundaryProblems(analyzed),
      // A case that cannot run is no reason why the pipeline should not.
      ...testCaseProblems(document.tests, analyzed).map((one): Diagnostic => ({ ...one, severity: 'warning' })),
    ];
    return { diagnostics, nodes: analyzed, order, specs };
  }

  function recheck(node: PipelineNode): CheckedNode {
    const last = memory.get(node.id);
    const isSame =
      last !== undefined &&
      last.node.type === node.type &&
      last.node.version === node.version &&
      last.node.config === node.config;
    return isSame ? last.checked : checkNode(node, specs, parameters);
  }

  /** `found` null: in or behind a cycle, so that no input is known. */
  function reinfer(
    node: PipelineNode,
    checked: CheckedNode,
    edges: readonly PipelineEdge[],
    found: ReadonlyMap<NodeId, Remembered> | null,
  ): Remembered {
    const inputs = edges.flatMap(({ from, fromPort, toPort }): InputStream[] => {
      const shape = found?.get(from)?.inferred.outputs[fromPort];
      return shape === undefined ? [] : [{ port: toPort, shape }];
    });
    const isComplete =
      found !== null && inputs.length === edges.length && missingInputs(checked.ports, edges).length === 0;
    const shapes = isComplete ? inputs.map((input) => input.shape) : null;

    const last = memory.get(node.id);
    const isSame = last !== undefined && last.checked === checked && sameElements(last.shapes, shapes);
    const inferred = isSame ? last.inferred : inferAgain(node, checked, isComplete ? inputs : null, last);
    const { spec, config, traits, ports } = checked;
    const analyzed: AnalyzedNode =
      isSame && sameElements(last.analyzed.edges, edges) && sameInputs(last.analyzed.inputs, inputs)
        ? last.analyzed
        : {
            spec,
            config,
            traits: traits ?? traitsInside(inferred),
            ports,
            edges,
            inputs,
            ...withoutProblems(inferred),
          };
    return { node, checked, shapes, inferred, analyzed };
  }

  function inferAgain(
    node: PipelineNode,
    checked: CheckedNode,
    inputs: readonly InputStream[] | null,
    last: Remembered | undefined,
  ): InferredNode {
    const inferred = inferNode(node, checked, inputs, specs);
    return last === undefined ? inferred : reuseShapes(last.inferred, inferred);
  }

  return { validate };
}

function traitsInside({ expansion }: InferredNode): Traits | null {
  return expansion === null ? null : traitsOf(expansion);
}

function withoutProblems({ outputs, expansion }: InferredNode): Pick<AnalyzedNode, 'outputs' | 'expansion'> {
  return { outputs, expansion };
}

function nodeProblems(
  node: PipelineNode,
  found: ReadonlyMap<NodeId, Remembered>,
  wiring: Wiring,
  facts: StreamFacts,
): Diagnostic[] {
  const { checked, inferred, analyzed } = found.get(node.id)!;
  const problem = (severity: Diagnostic['severity'], code: Diagnostic['code'], message: string): Diagnostic => ({
    severity,
    code,
    message,
    nodeId: node.id,
  });
  const unfed = missingInputs(checked.ports, analyzed.edges).map((port) =>
    problem('error', 'MR1108', say`input "${port}" is not connected`),
  );
  const read = wiring.readPorts.get(node.id);
  const unread = checked.ports.outputs
    .filter((port) => port.isOptional !== true && read?.has(port.name) !== true)
    .map((port) => unreadOutput(node.id, port.name, facts));
  const most = checked.traits?.maxParallelism ?? null;
  const tooParallel = most !== null && node.parallelism !== undefined && node.parallelism > most;
  return [
    ...checked.problems,
    ...unfed,
    ...withMends(node.id, inferred.problems, facts),
    ...streamProblems(
      node.id,
      facts,
      inferred.problems.some(({ code }) => code === 'MR1501'),
    ),
    ...(facts.document.settings.runtimeMode === 'batch' ? endlessSourceProblem(node.id, analyzed) : []),
    ...(tooParallel ? [problem('warning', 'MR1112', say`it runs as ${most} of ${node.parallelism} subtasks`)] : []),
    ...unread,
  ];
}

function missingInputs(ports: Ports, edges: readonly PipelineEdge[]): string[] {
  return ports.inputs
    .filter((port) => port.isOptional !== true && !edges.some((edge) => edge.toPort === port.name))
    .map((port) => port.name);
}

function cycleProblem(document: PipelineDocument, cycle: readonly NodeId[]): Diagnostic[] {
  if (cycle.length === 0) return [];
  const [first] = cycle;
  const i = document.edges.findIndex((edge) => edge.from === cycle.at(-1) && edge.to === first);
  const closing = document.edges[i];
  const message = say`the edges form a cycle: ${[...cycle, first].join(' → ')}`;
  const place = closing === undefined ? {} : { edge: refOf(closing), path: `edges[${i}]` };
  return [{ severity: 'error', code: 'MR1105', message, ...place }];
}

function wholeProblems(nodes: ReadonlyMap<NodeId, AnalyzedNode>): Diagnostic[] {
  const categories = new Set([...nodes.values()].map((node) => node.spec?.category ?? null));
  // A node of an unknown type may be the source or the sink: it has its own diagnostic.
  if (categories.has(null)) return [];
  const warnings: Diagnostic[] = [];
  if (!categories.has('source'))
    warnings.push({ severity: 'warning', code: 'MR1110', message: say`there is no source` });
  if (!categories.has('sink')) warnings.push({ severity: 'warning', code: 'MR1111', message: say`there is no sink` });
  return warnings;
}

function sameElements<T>(a: readonly T[] | null, b: readonly T[] | null): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && a.every((element, i) => element === b[i]);
}

function sameInputs(a: readonly InputStream[], b: readonly InputStream[]): boolean {
  return a.length === b.length && a.every((input, i) => input.port === b[i]?.port && input.shape === b[i].shape);
}
