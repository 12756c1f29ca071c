/** Where the nodes of a document stand in its text. */
import { isMap, isSeq, LineCounter, parseDocument as parseYaml } from 'yaml';
import type { NodeId } from '../../core/ids.ts';

export interface NodeLines {
  readonly nodeId: NodeId;
  /** From 1 on; both are the node's. */
  readonly first: number;
  readonly last: number;
}

/** In the order of the text; none when it is no document. JSON is YAML, whose reader knows where things stand. */
export function nodeLines(text: string): readonly NodeLines[] {
  const lines = new LineCounter();
  const nodes = parseYaml(text, { lineCounter: lines, schema: 'json' }).get('nodes');
  if (!isSeq(nodes)) return [];
  return nodes.items.flatMap((node): NodeLines[] => {
    const range = isMap(node) ? (node.range ?? null) : null;
    if (!isMap(node) || range === null) return [];
    const id = node.get('id');
    if (typeof id !== 'string') return [];
    const [start, end] = range;
    return [{ nodeId: id as NodeId, first: lines.linePos(start).line, last: lines.linePos(end - 1).line }];
  });
}

/** The node that a line belongs to; null between nodes. */
export function nodeAt(nodes: readonly NodeLines[], line: number): NodeLines | null {
  return nodes.find(({ first, last }) => line >= first && line <= last) ?? null;
}
