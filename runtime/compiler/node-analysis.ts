/** What can be known of one node: its config checked on its own, then its outputs from its inputs. Both are kept by the validator as long as nothing they depend on changes. */
import { checkConfig, configLeaves, printPath } from '../core/config.ts';
import type { Diagnostic } from '../core/diagnostics.ts';
import {
  isComposite,
  type AnyOperatorSpec,
  type InputStream,
  type Ports,
  type Report,
  type Traits,
} from '../core/operator.ts';
import type { StreamShape } from '../core/schema.ts';
import { isFound, type FindSubPipeline, type NoSubPipeline } from '../core/sub-pipeline.ts';
import { sameFields } from '../core/types.ts';
import { assert } from '../core/errors.ts';
import { say } from '../core/say.ts';
import type { PipelineNode } from '../graph/index.ts';
import { analyzeExpansion, type AnalyzedExpansion } from './composite.ts';
import { fillIn, mergeParameters, type Parameters, type Substitution } from './parameters.ts';

/** Outcome for a node on its own. */
export interface CheckedNode {
  /** Null: a type that is not known. */
  readonly spec: AnyOperatorSpec | null;
  /** As far as the raw config tells, even when it has errors. */
  readonly ports: Ports;
  /** False: any port may be one. */
  readonly arePortsKnown: boolean;
  /** Parameters filled in, checked; null while it has errors. */
  readonly config: unknown;
  /** Null while there is no checked config, and for a composite: it has those of its expansion. */
  readonly traits: Traits | null;
  readonly toSource: Substitution['toSource'];
  readonly problems: readonly Diagnostic[];
}

/** What there is to be found. */
export interface Specs {
  readonly findSpec: (type: string) => AnyOperatorSpec | null;
  readonly findSubPipeline: FindSubPipeline;
}

export interface InferredNode {
  readonly outputs: Readonly<Record<string, StreamShape>>;
  /** Of a composite whose inputs are known. */
  readonly expansion: AnalyzedExpansion | null;
  readonly problems: readonly Diagnostic[];
}

const NOTHING_INFERRED: InferredNode = { outputs: {}, problems: [], expansion: null };
const NO_PARAMETERS = mergeParameters({});
const NO_PORTS: Ports = { inputs: [], outputs: [] };

export function checkNode(
  node: PipelineNode,
  { findSpec, findSubPipeline }: Specs,
  parameters: Parameters,
): CheckedNode {
  const spec = findSpec(node.type);
  if (spec === null) {
    const problem = problemAt(node, 'MR1102', say`there is no operator type "${node.type}"`);
    return unchecked(null, NO_PORTS, [problem]);
  }
  if (node.version > spec.version) {
    const message = say`the config of "${node.type}" has version ${node.version}; this Millrace knows up to ${spec.version}`;
    return unchecked(spec, spec.ports(node.config), [problemAt(node, 'MR1003', message)]);
  }
  const raw = migrateConfig(spec, node);
  const filled = fillIn(raw, parameters.values, scriptPaths(spec, raw));
  if (filled.problems.length > 0) {
    return unchecked(
      spec,
      spec.ports(filled.value as Readonly<Record<string, unknown>>),
      filled.problems.map((problem) => ({ severity: 'error', nodeId: node.id, ...problem })),
    );
  }
  return checkFilled(node, spec, filled, findSubPipeline);
}

/** Of config in which parameters are filled in. */
export function checkFilled(
  node: PipelineNode,
  unbound: AnyOperatorSpec,
  { value, toSource }: Pick<Substitution, 'value' | 'toSource'>,
  findSubPipeline: FindSubPipeline,
): CheckedNode {
  const spec = bindSpec(unbound, value as Readonly<Record<string, unknown>>, findSubPipeline);
  if (!('type' in spec)) {
    return {
      ...unchecked(unbound, NO_PORTS, [problemAt(node, spec.code, spec.message, 'path')]),
      arePortsKnown: false,
    };
  }
  const ports = spec.ports(value as Readonly<Record<string, unknown>>);
  const { value: config, problems } = checkConfig(spec.config, value);
  if (config === null) {
    return unchecked(
      spec,
      ports,
      problems.map(({ code, message, path }) => problemAt(node, code, message, path)),
    );
  }
  const traits = isComposite(spec) ? null : spec.traits(config);
  return { spec, ports, arePortsKnown: true, config, traits, toSource, problems: [] };
}

/** The spec as the document that it refers to has it; why not, where it refers to one that cannot be had. */
function bindSpec(
  spec: AnyOperatorSpec,
  raw: Readonly<Record<string, unknown>>,
  find: FindSubPipeline,
): AnyOperatorSpec | NoSubPipeline {
  const path = isComposite(spec) ? (spec.refersTo?.(raw) ?? null) : null;
  if (path === null || !isComposite(spec) || spec.bind === undefined) return spec;
  const found = find(path);
  return isFound(found) ? spec.bind(found) : found;
}

/** Of a node that a composite has written: parameters are filled in, and nothing is as old as to need a migration. */
function checkInner(node: PipelineNode, specs: Specs): CheckedNode {
  const spec = specs.findSpec(node.type);
  if (spec === null) return checkNode(node, specs, NO_PARAMETERS);
  return checkFilled(node, spec, { value: node.config, toSource: (_path, range) => range }, specs.findSubPipeline);
}

/** Where `${` is JavaScript's. */
export function scriptPaths(spec: AnyOperatorSpec, raw: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  const scripts = configLeaves(spec.config.fields, raw).filter(({ form }) => form.widget === 'script');
  return new Set(scripts.map(({ path }) => printPath(path)));
}

function unchecked(spec: AnyOperatorSpec | null, ports: Ports, problems: readonly Diagnostic[]): CheckedNode {
  return { spec, ports, arePortsKnown: true, config: null, traits: null, toSource: (_path, range) => range, problems };
}

export function migrateConfig(spec: AnyOperatorSpec, node: PipelineNode): Readonly<Record<string, unknown>> {
  let raw = node.config;
  for (let version = node.version; version < spec.version; version++) raw = spec.migrations?.[version]?.(raw) ?? raw;
  return raw;
}

/** Nothing is inferred, and nobody blamed, while the config has errors or `inputs` is null (not all are known). */
export function inferNode(
  node: PipelineNode,
  checked: CheckedNode,
  inputs: readonly InputStream[] | null,
  specs: Specs,
): InferredNode {
  const { spec, traits, config, ports } = checked;
  if (spec === null || config === null || inputs === null) return NOTHING_INFERRED;

  const problems: Diagnostic[] = [];
  const report = reportTo(problems, node, checked);
  if (isComposite(spec)) {
    const expansion = spec.expand(config, inputs, report);
    if (expansion === null || problems.some((problem) => problem.severity === 'error'))
      return { outputs: {}, problems, expansion: null };
    return analyzeExpansion(
      node,
      expansion,
      inputs,
      report,
      {
        check: (inner) => checkInner(inner, specs),
        infer: (inner, checkedInner, streams) => inferNode(inner, checkedInner, streams, specs),
      },
      problems,
    );
  }
  assert(traits !== null, `"${node.type}" has a checked config and no traits`);
  const outputs = spec.infer(config, inputs, report);
  const missing = ports.outputs.find((port) => outputs[port.name] === undefined);
  if (missing !== undefined && !problems.some((problem) => problem.severity === 'error')) {
    report({ code: 'MR1406', message: say`the schema of output "${missing.name}" is not known` });
  }
  return { outputs, problems, expansion: null };
}

/** A `Report` that writes down problems of a node, at their place in the document. */
function reportTo(problems: Diagnostic[], node: PipelineNode, { toSource }: CheckedNode): Report {
  return ({ severity = 'error', range, ...problem }) => {
    const place = range === undefined ? {} : { range: toSource(problem.path ?? '', range) };
    problems.push({ severity, nodeId: node.id, ...problem, ...place });
  };
}

/** `next`, with every shape that is equal to the one in `previous` replaced by that one: what reads it need not be inferred again. */
export function reuseShapes(previous: InferredNode, next: InferredNode): InferredNode {
  const outputs = Object.entries(next.outputs).map(([port, shape]): [string, StreamShape] => {
    const old = previous.outputs[port];
    return [port, old !== undefined && sameShape(old, shape) ? old : shape];
  });
  return { ...next, outputs: Object.fromEntries(outputs) };
}

function sameShape(a: StreamShape, b: StreamShape): boolean {
  return (
    a.eventTime === b.eventTime &&
    a.changelog === b.changelog &&
    a.bounded === b.bounded &&
    sameFields(a.schema.fields, b.schema.fields)
  );
}

function problemAt(node: PipelineNode, code: Diagnostic['code'], message: string, path = ''): Diagnostic {
  return { severity: 'error', code, message, nodeId: node.id, ...(path === '' ? {} : { path }) };
}
