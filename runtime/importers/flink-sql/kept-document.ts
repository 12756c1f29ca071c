/**
 * What an export says of its document in its last comment (`exporters/flink/kept-document.ts`): labels, parameters, and what else SQL has no
 * place for. The statements are what counts: an operator is taken from there only while its statements are those that it is exported to.
 */
import type { NodeId } from '../../core/ids.ts';
import { exportGraph } from '../../exporters/export-graph.ts';
import { readKept } from '../../exporters/flink/kept-document.ts';
import { flinkScript } from '../../exporters/flink/script.ts';
import { printScript } from '../../exporters/flink/print-script.ts';
import type { PipelineDocument } from '../../graph/index.ts';
import { readScript, type Script } from './read-script.ts';

export interface KeptDocument {
  readonly document: PipelineDocument;
  /** Every statement is as it was exported. */
  readonly isWhole: boolean;
  /** Nodes whose statements are. */
  readonly ids: ReadonlySet<NodeId>;
  /** Tables and views of theirs. */
  readonly names: ReadonlySet<string>;
  /** Whose rows the tables and views of the nodes are. */
  readonly writers: ReadonlyMap<string, { readonly from: NodeId; readonly fromPort: string }>;
}

/** Null: there is none that can be read. */
export function keptDocument(text: string, script: Script): KeptDocument | null {
  const kept = readKept(text);
  if (kept === null) return null;
  const { graph } = exportGraph(kept.document, { baseFolder: kept.folder });
  if (graph === null) return null;
  const exported = flinkScript(graph);
  const then = readScript(printScript(graph, exported.statements));
  const isSame = (name: string): boolean =>
    JSON.stringify(script.meanings.get(name)) === JSON.stringify(then.meanings.get(name));
  const names = new Map<NodeId, string[]>();
  const writers = new Map<string, { from: NodeId; fromPort: string }>();
  for (const { id, origin } of graph.nodes) {
    names.set(origin, [...(names.get(origin) ?? []), ...exported.names.get(id)!]);
  }
  const unchanged = [...names].filter(([, own]) => own.every(isSame));
  const ids = new Set(unchanged.map(([id]) => id));
  for (const [table, { node, port }] of exported.outputs) {
    const origin = graph.nodes.find(({ id }) => id === node)!.origin;
    // A composite's parts hand on to each other, too; what leaves it is its port `out`.
    if (ids.has(origin)) writers.set(table, { from: origin, fromPort: origin === node ? port : 'out' });
  }
  const isWhole =
    ids.size === names.size &&
    script.diagnostics.length === 0 &&
    script.meanings.size === then.meanings.size &&
    JSON.stringify([...script.settings]) === JSON.stringify([...then.settings]);
  return { document: kept.document, isWhole, ids, names: new Set(unchanged.flatMap(([, own]) => own)), writers };
}
