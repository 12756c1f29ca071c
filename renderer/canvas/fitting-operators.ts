/** Which operators can be put where, asked of their ports. Pure. */
import { checkConfig, defaultConfig } from '../../runtime/core/config.ts';
import type { EdgeRef } from '../../runtime/core/diagnostics.ts';
import type { NodeId } from '../../runtime/core/ids.ts';
import {
  isComposite,
  type AnyOperatorSpec,
  type OperatorCategory,
  type Ports,
  type PortSpec,
} from '../../runtime/core/operator.ts';
import type { StreamShape } from '../../runtime/core/schema.ts';
import {
  addNode,
  connect,
  insertOnEdge,
  type PipelineDocument,
  type Position,
  type RawConfig,
} from '../../runtime/graph/index.ts';

/** What a new node is joined to. */
export type Attachment =
  | { readonly type: 'none' }
  /** Its first input reads from an output port. */
  | { readonly type: 'after'; readonly node: NodeId; readonly port: string }
  /** Its first output feeds an input port. */
  | { readonly type: 'before'; readonly node: NodeId; readonly port: string }
  | { readonly type: 'on-edge'; readonly edge: EdgeRef };

export function startingConfig(spec: AnyOperatorSpec): RawConfig {
  return defaultConfig(spec.config.fields);
}

function startingPorts(spec: AnyOperatorSpec): Ports {
  return spec.ports(startingConfig(spec));
}

/** The port that a stream goes in or out by when nobody says which: the first that is not optional. */
export function mainPort(ports: readonly PortSpec[]): PortSpec | null {
  return ports.find((port) => port.isOptional !== true) ?? ports[0] ?? null;
}

export function fits(spec: AnyOperatorSpec, attachment: Attachment): boolean {
  const { inputs, outputs } = startingPorts(spec);
  // What a sink could not deliver is no result.
  const hasResults = outputs.some((port) => port.isOptional !== true);
  switch (attachment.type) {
    case 'none':
      return true;
    case 'after':
      return inputs.length > 0;
    case 'before':
      return hasResults;
    case 'on-edge':
      return inputs.length > 0 && hasResults;
  }
}

/** What a stream lacks for an operator, as it starts: it can be put there, but needs another before it. */
export type Unfit = 'needsEventTime' | 'refusesUpdates';

/** Null: nothing, as far as is known. */
export function unfitFor(spec: AnyOperatorSpec, shape: StreamShape | null): Unfit | null {
  if (shape === null || isComposite(spec)) return null;
  const { value } = checkConfig(spec.config, startingConfig(spec));
  if (value === null) return null;
  const { needsEventTime, acceptsUpdates } = spec.traits(value);
  if (!acceptsUpdates && shape.changelog === 'update') return 'refusesUpdates';
  return needsEventTime && !shape.eventTime ? 'needsEventTime' : null;
}

/** The document with a new node of the type in it, joined as `attachment` says as far as its ports allow. */
export function addAttached(
  document: PipelineDocument,
  spec: AnyOperatorSpec,
  position: Position,
  attachment: Attachment,
  config: RawConfig = startingConfig(spec),
): { readonly document: PipelineDocument; readonly id: NodeId } {
  const added = addNode(document, { type: spec.type, version: spec.version, config, position });
  const { id } = added;
  const input = mainPort(startingPorts(spec).inputs)?.name;
  const output = mainPort(startingPorts(spec).outputs)?.name;
  switch (attachment.type) {
    case 'none':
      return added;
    case 'after':
      if (input === undefined) return added;
      return {
        id,
        document: connect(added.document, { from: attachment.node, fromPort: attachment.port, to: id, toPort: input }),
      };
    case 'before':
      if (output === undefined) return added;
      return {
        id,
        document: connect(added.document, { from: id, fromPort: output, to: attachment.node, toPort: attachment.port }),
      };
    case 'on-edge':
      if (input === undefined || output === undefined) return added;
      return { id, document: insertOnEdge(added.document, attachment.edge, id, { input, output }) };
  }
}

export const CATEGORY_ORDER: readonly OperatorCategory[] = [
  'source',
  'transform',
  'aggregate',
  'join',
  'pattern',
  'code',
  'sink',
];

/** Those whose name, type, summary or keywords hold every word of the query; names that begin with it come first. */
export function searchOperators(
  specs: readonly AnyOperatorSpec[],
  query: string,
  namesOf: (spec: AnyOperatorSpec) => { readonly label: string; readonly summary: string },
): readonly AnyOperatorSpec[] {
  const words = query.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const ranked = specs.flatMap((spec) => {
    const { label, summary } = namesOf(spec);
    const text = [label, spec.label, spec.type, summary, spec.summary, ...(spec.keywords ?? [])]
      .join(' ')
      .toLowerCase();
    if (!words.every((word) => text.includes(word))) return [];
    const [first] = words;
    const rank = first === undefined || label.toLowerCase().startsWith(first) ? 0 : spec.type.includes(first) ? 1 : 2;
    return [{ spec, rank }];
  });
  return ranked
    .toSorted(
      (a, b) =>
        a.rank - b.rank ||
        CATEGORY_ORDER.indexOf(a.spec.category) - CATEGORY_ORDER.indexOf(b.spec.category) ||
        a.spec.label.localeCompare(b.spec.label),
    )
    .map(({ spec }) => spec);
}
