/**
 * Documents as operators. What a node refers to was read before (`readReferred`), so that validation stays pure. A sub-pipeline is checked by
 * itself, with the caller's values for its parameters and the schemas it declares for its inputs; in the caller it stands for its nodes, under
 * their own ids, with a projection to the declared fields where rows come in. So what the caller sends beyond them is not seen inside, and what
 * is sound by itself is sound wherever its inputs fit.
 */
import { configLeaves } from '../core/config.ts';
import type { EdgeRef } from '../core/diagnostics.ts';
import type { ExpandedNode, Expansion, Origin, PortRef } from '../core/expansion.ts';
import { isComposite, type AnyOperatorSpec, type Report } from '../core/operator.ts';
import { say } from '../core/say.ts';
import type { FindSubPipeline, NoSubPipeline, ParameterValue, SubPipeline } from '../core/sub-pipeline.ts';
import { parseDocument, setAt, type PipelineDocument, type PipelineNode } from '../graph/index.ts';
import { migrateConfig, scriptPaths } from './node-analysis.ts';
import { fillIn, mergeParameters, type Parameters } from './parameters.ts';
import { folderOf, joinPath } from './relative-path.ts';
import { boundariesOf, type BoundaryNode } from './sub-pipeline-boundaries.ts';
import { createValidator, type Validation } from './validator.ts';

/** By path from the folder of the document that stands on them. */
export type SubPipelineTexts = ReadonlyMap<string, string>;

type FindSpec = (type: string) => AnyOperatorSpec | null;

/** The paths that nodes of a document name, as they name them. */
export function referredPaths(document: PipelineDocument, findSpec: FindSpec): readonly string[] {
  const parameters = mergeParameters(document.settings.params);
  const paths = document.nodes.flatMap((node): string[] => {
    const spec = findSpec(node.type);
    if (spec === null || !isComposite(spec) || spec.refersTo === undefined) return [];
    const filled = fillIn(node.config, parameters.values).value as Readonly<Record<string, unknown>>;
    const path = spec.refersTo(filled);
    return path === null ? [] : [path];
  });
  return [...new Set(paths)];
}

export async function readReferred(
  document: PipelineDocument,
  read: (path: string) => Promise<string | null>,
  findSpec: FindSpec,
): Promise<SubPipelineTexts> {
  const texts = new Map<string, string>();
  const seen = new Set<string>();
  const visit = async (current: PipelineDocument, folder: string): Promise<void> => {
    for (const named of referredPaths(current, findSpec)) {
      const path = joinPath(folder, named);
      if (seen.has(path)) continue;
      seen.add(path);
      const text = await read(path);
      if (text === null) continue;
      texts.set(path, text);
      const inner = parseDocument(text).document;
      if (inner !== null) await visit(inner, folderOf(path));
    }
  };
  await visit(document, '');
  return texts;
}

/** Finds sub-pipelines among documents that were read, each parsed once. */
export function subPipelinesIn(texts: SubPipelineTexts, findSpec: FindSpec): FindSubPipeline {
  const parsed = new Map<string, SubPipeline | NoSubPipeline>();

  const within =
    (folder: string): FindSubPipeline =>
    (named) => {
      const path = joinPath(folder, named);
      const found = parsed.get(path) ?? load(path);
      parsed.set(path, found);
      return found;
    };

  function load(path: string): SubPipeline | NoSubPipeline {
    const text = texts.get(path);
    if (text === undefined)
      return { code: 'MR1811', message: say`there is no pipeline "${path}", or it cannot be read` };
    const { document, diagnostics } = parseDocument(text);
    if (document === null)
      return { code: 'MR1811', message: say`"${path}": ${diagnostics[0]?.message ?? say`not a pipeline`}` };
    const circle = circleFrom(path, texts, findSpec);
    if (circle !== null) return { code: 'MR1812', message: say`these stand for each other: ${circle.join(' → ')}` };
    return subPipelineOf(document, path, findSpec, within(folderOf(path)));
  }

  return within('');
}

/** A way from the document at `path` back to one on it; null for none. */
function circleFrom(path: string, texts: SubPipelineTexts, findSpec: FindSpec): readonly string[] | null {
  const done = new Set<string>();
  const visit = (at: string, way: readonly string[]): readonly string[] | null => {
    if (way.includes(at)) return [...way.slice(way.indexOf(at)), at];
    if (done.has(at)) return null;
    done.add(at);
    const { document } = parseDocument(texts.get(at) ?? '');
    for (const named of document === null ? [] : referredPaths(document, findSpec)) {
      const circle = visit(joinPath(folderOf(at), named), [...way, at]);
      if (circle !== null) return circle;
    }
    return null;
  };
  return visit(path, []);
}

function subPipelineOf(
  document: PipelineDocument,
  path: string,
  findSpec: FindSpec,
  findSubPipeline: FindSubPipeline,
): SubPipeline {
  const validate = (values: Readonly<Record<string, ParameterValue>>): Validation => {
    const params = { ...document.settings.params, ...values };
    const withValues = { ...document, settings: { ...document.settings, params } };
    return createValidator({ findSpec, findSubPipeline }).validate(withValues);
  };
  const boundaries = boundariesOf(validate({}).nodes);
  return {
    name: document.name,
    params: document.settings.params,
    inputs: boundaries.filter(({ side }) => side === 'input'),
    outputs: boundaries.filter(({ side }) => side === 'output'),
    expand(values, report) {
      const validation = validate(values);
      if (reportErrors(validation, document, path, report)) return null;
      const parameters = mergeParameters({ ...document.settings.params, ...values });
      return expand(document, validation, parameters, folderOf(path), findSpec);
    },
  };
}

/** Whether there are any. */
function reportErrors({ diagnostics }: Validation, document: PipelineDocument, path: string, report: Report): boolean {
  // Without a source or a sink of its own it has those of its caller.
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  for (const { nodeId, message, code } of errors) {
    const label = document.nodes.find((node) => node.id === nodeId)?.label ?? nodeId;
    const where = label === undefined ? path : `${path}, ${label}`;
    report({ code: 'MR1814', message: say`${where}: ${code} ${message}`, path: 'path' });
  }
  return errors.length > 0;
}

function expand(
  document: PipelineDocument,
  validation: Validation,
  parameters: Parameters,
  folder: string,
  findSpec: FindSpec,
): Expansion {
  const boundaries = new Map(boundariesOf(validation.nodes).map((one) => [one.id, one]));
  const nodes = new Map(document.nodes.map((node) => [node.id, node]));
  const expanded = validation.order.flatMap((id): ExpandedNode[] => {
    const node = nodes.get(id)!;
    const boundary = boundaries.get(id);
    if (boundary === undefined) return [innerNode(node, findSpec(node.type)!, parameters, folder)];
    return boundary.fields === null ? [] : [projection(node, boundary)];
  });
  const kept = new Set(expanded.map(({ id }) => id));
  const edges = document.edges.filter(({ to }) => kept.has(to));
  const ends = [...boundaries.values()];
  return {
    nodes: expanded,
    edges: edges.map(({ from, fromPort, to, toPort }): EdgeRef => ({ from, fromPort, to, toPort })),
    inputs: Object.fromEntries(
      ends.filter(({ side }) => side === 'input').map(({ id, port }) => [port, [{ node: id, port: 'in' }]]),
    ),
    outputs: Object.fromEntries(
      ends
        .filter(({ side }) => side === 'output')
        .map((boundary): [string, PortRef] => [boundary.port, writerOf(document, boundary)]),
    ),
  };
}

/** What the rows of an output come from: its own projection, or the node that it reads. */
function writerOf({ edges }: PipelineDocument, { id, fields }: BoundaryNode): PortRef {
  const edge = edges.find(({ to }) => to === id);
  return fields === null && edge !== undefined ? { node: edge.from, port: edge.fromPort } : { node: id, port: 'out' };
}

/** The declared fields, and no others. */
function projection(node: PipelineNode, { fields }: BoundaryNode): ExpandedNode {
  const config = { fields: fields!.map(({ name }) => ({ as: name, expr: `"${name.replaceAll('"', '""')}"` })) };
  return expandedNode(node, 'project', config, { '': { path: 'path' } });
}

function innerNode(node: PipelineNode, spec: AnyOperatorSpec, { values }: Parameters, folder: string): ExpandedNode {
  const raw = migrateConfig(spec, node);
  const filled = fillIn(raw, values, scriptPaths(spec, raw)).value as Readonly<Record<string, unknown>>;
  return expandedNode(node, node.type, seenFrom(folder, spec, filled), origins(raw));
}

function expandedNode(
  { id, label, parallelism }: PipelineNode,
  type: string,
  config: ExpandedNode['config'],
  origins: ExpandedNode['origins'],
): ExpandedNode {
  return {
    id,
    type,
    label: label ?? id,
    config,
    origins,
    context: label ?? id,
    ...(parallelism === undefined ? {} : { parallelism }),
  };
}

/** Config whose paths are seen from the folder of the caller. */
function seenFrom(folder: string, spec: AnyOperatorSpec, config: ExpandedNode['config']): ExpandedNode['config'] {
  if (folder === '') return config;
  return configLeaves(spec.config.fields, config)
    .filter(({ form, value }) => form.widget === 'path' && typeof value === 'string' && !isFromRoot(value))
    .reduce(
      (result, { path, value }) => setAt(result, path, joinPath(folder, value as string)) as ExpandedNode['config'],
      config,
    );
}

/** Absolute, or the URL of something. */
function isFromRoot(path: string): boolean {
  return path === '' || /^([/\\]|[A-Za-z]:[/\\]|[a-z][a-z0-9+.-]*:\/\/)/.test(path);
}

const REFERENCE = /(?<!\$)\$\{([A-Za-z_][A-Za-z0-9_.-]*)\}/;

/** A text with a parameter in it comes from the caller's value of that; all else from the document. */
function origins(raw: unknown): Readonly<Record<string, Origin>> {
  const found: Record<string, Origin> = { '': { path: 'path' } };
  const walk = (value: unknown, path: string): void => {
    if (typeof value === 'string') {
      const name = REFERENCE.exec(value)?.[1];
      if (name !== undefined) found[path] = { path: `params.${name}` };
    } else if (Array.isArray(value)) {
      value.forEach((one, i) => walk(one, `${path}[${i}]`));
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, one] of Object.entries(value)) walk(one, path === '' ? key : `${path}.${key}`);
    }
  };
  walk(raw, '');
  return found;
}
