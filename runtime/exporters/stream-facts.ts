/** What is known of the streams of a document beside their fields, as each operator's exporter says it. */
import type { KnownStream, SqlDialect, StreamFacts } from '../core/exporter.ts';
import { UNKNOWN_STREAM } from '../core/exporter.ts';
import type { NodeId } from '../core/ids.ts';
import type { InputStream } from '../core/operator.ts';
import type { StreamShape } from '../core/schema.ts';
import type { AnalyzedNode, Validation } from '../compiler/validate.ts';
import { findExporter } from '../operators/exporters.ts';

/** An operator of the document, or of a composite in it. */
interface Described {
  readonly type: string;
  readonly config: unknown;
  readonly inputs: readonly InputStream[];
  readonly outputs: Readonly<Record<string, StreamShape>>;
  readonly expansion: AnalyzedNode['expansion'];
}

/** Of rows that leave a node by a port, for a query of our own. */
export function factsOf({ nodes }: Validation, from: NodeId, port: string): StreamFacts {
  const found = new Map<string, StreamFacts>();
  const visit = (id: NodeId, fromPort: string): StreamFacts => {
    const key = `${id} ${fromPort}`;
    const known = found.get(key);
    if (known !== undefined) return known;
    const node = nodes.get(id);
    if (node === undefined || node.spec === null) return UNKNOWN_STREAM;
    const before = node.edges.map((edge) => visit(edge.from, edge.fromPort));
    const facts = describe({ ...node, type: node.spec.type }, before, fromPort, 'millrace');
    found.set(key, facts);
    return facts;
  };
  return visit(from, port);
}

/** `before`: of the inputs. */
export function describe(
  node: Described,
  before: readonly StreamFacts[],
  port: string,
  dialect: SqlDialect,
): StreamFacts {
  const { type, config, inputs, outputs, expansion } = node;
  if (expansion !== null) return describeInner(expansion, before, port, dialect);
  const shape = outputs[port];
  const exporter = findExporter(type);
  if (exporter === null || shape === undefined || config === null || inputs.length !== before.length) {
    return UNKNOWN_STREAM;
  }
  const streams = inputs.map((input, i): KnownStream => ({
    ...before[i]!,
    port: input.port,
    schema: input.shape.schema,
  }));
  if (exporter.facts !== undefined) {
    return exporter.facts(config, streams, { port, schema: shape.schema }, dialect);
  }
  return streams[0] ?? UNKNOWN_STREAM;
}

function describeInner(
  { expansion, nodes }: NonNullable<AnalyzedNode['expansion']>,
  outer: readonly StreamFacts[],
  port: string,
  dialect: SqlDialect,
): StreamFacts {
  const visit = (name: string, innerPort: string): StreamFacts => {
    const node = nodes.find((one) => one.name === name);
    if (node === undefined) return UNKNOWN_STREAM;
    const before = node.feeds.map((feed) =>
      'outerInput' in feed ? (outer[feed.outerInput] ?? UNKNOWN_STREAM) : visit(feed.name, feed.port),
    );
    return describe(node, before, innerPort, dialect);
  };
  const output = expansion.outputs[port];
  return output === undefined ? UNKNOWN_STREAM : visit(output.node, output.port);
}
