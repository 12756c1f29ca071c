/** What can be known of one node: its config checked on its own, then its outputs from its inputs. Both are kept by the validator as long as nothing they depend on changes. */
import { checkConfig } from '../core/config.ts';
import type { Diagnostic } from '../core/diagnostics.ts';
import type { AnyOperatorSpec, InputStream, Ports, Report, Traits } from '../core/operator.ts';
import type { StreamShape } from '../core/schema.ts';
import { sameFields } from '../core/types.ts';
import type { PipelineNode } from '../graph/index.ts';
import { fillIn, type Parameters, type Substitution } from './parameters.ts';

/** Outcome for a node on its own. */
export interface CheckedNode {
  /** Null: a type that is not known. */
  readonly spec: AnyOperatorSpec | null;
  /** As far as the raw config tells, even when it has errors. */
  readonly ports: Ports;
  /** Parameters filled in, checked; null while it has errors. */
  readonly config: unknown;
  /** Null iff there is no checked config. */
  readonly traits: Traits | null;
  readonly toSource: Substitution['toSource'];
  readonly problems: readonly Diagnostic[];
}

export interface InferredNode {
  readonly outputs: Readonly<Record<string, StreamShape>>;
  readonly problems: readonly Diagnostic[];
}

const NO_PORTS: Ports = { inputs: [], outputs: [] };

export function checkNode(node: PipelineNode, spec: AnyOperatorSpec | null, parameters: Parameters): CheckedNode {
  if (spec === null) {
    const problem = problemAt(node, 'MR1102', `there is no operator type "${node.type}"`);
    return unchecked(null, NO_PORTS, [problem]);
  }
  if (node.version > spec.version) {
    const message = `the config of "${node.type}" has version ${node.version}; this Millrace knows up to ${spec.version}`;
    return unchecked(spec, spec.ports(node.config), [problemAt(node, 'MR1003', message)]);
  }
  const filled = fillIn(migrateConfig(spec, node), parameters.values);
  const ports = spec.ports(filled.value as Readonly<Record<string, unknown>>);
  if (filled.problems.length > 0) {
    return unchecked(
      spec,
      ports,
      filled.problems.map((problem) => ({ severity: 'error', nodeId: node.id, ...problem })),
    );
  }
  const { value: config, problems } = checkConfig(spec.config, filled.value);
  if (config === null) {
    return unchecked(
      spec,
      ports,
      problems.map(({ code, message, path }) => problemAt(node, code, message, path)),
    );
  }
  return { spec, ports, config, traits: spec.traits(config), toSource: filled.toSource, problems: [] };
}

function unchecked(spec: AnyOperatorSpec | null, ports: Ports, problems: readonly Diagnostic[]): CheckedNode {
  return { spec, ports, config: null, traits: null, toSource: (_path, range) => range, problems };
}

function migrateConfig(spec: AnyOperatorSpec, node: PipelineNode): Readonly<Record<string, unknown>> {
  let raw = node.config;
  for (let version = node.version; version < spec.version; version++) raw = spec.migrations?.[version]?.(raw) ?? raw;
  return raw;
}

/** Nothing is inferred, and nobody blamed, while the config has errors or `inputs` is null (not all are known). */
export function inferNode(
  node: PipelineNode,
  checked: CheckedNode,
  inputs: readonly InputStream[] | null,
): InferredNode {
  const { spec, traits, config, ports } = checked;
  if (spec === null || traits === null || inputs === null) return { outputs: {}, problems: [] };

  const problems: Diagnostic[] = [];
  const report: Report = ({ severity = 'error', range, ...problem }) => {
    const place = range === undefined ? {} : { range: checked.toSource(problem.path ?? '', range) };
    problems.push({ severity, nodeId: node.id, ...problem, ...place });
  };
  for (const { port, shape } of inputs) {
    if (shape.changelog === 'update' && !traits.acceptsUpdates) {
      report({ code: 'MR1503', message: `input "${port}" is a stream with updates, which "${node.type}" cannot take` });
    }
  }
  const outputs = spec.infer(config, inputs, report);
  const missing = ports.outputs.find((port) => outputs[port.name] === undefined);
  if (missing !== undefined && !problems.some((problem) => problem.severity === 'error')) {
    report({ code: 'MR1406', message: `the schema of output "${missing.name}" is not known` });
  }
  return { outputs, problems };
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
