/** The operators that a query becomes, gathered one by one. */
import type { TextRange } from '../../core/diagnostics.ts';
import type { ExpandedNode, Expansion, Origin, PortRef } from '../../core/expansion.ts';
import type { EdgeRef } from '../../core/diagnostics.ts';
import type { Source } from './relation.ts';
import { freshName } from './relation.ts';

export interface NewNode {
  /** Letters, digits, `-` and `_`; what else a name has becomes `_`. */
  readonly id: string;
  readonly type: string;
  readonly label: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** The clause it comes from. */
  readonly range: TextRange;
  readonly origins?: Readonly<Record<string, Origin>>;
}

export class ExpansionBuilder {
  readonly #nodes: ExpandedNode[] = [];
  readonly #edges: EdgeRef[] = [];
  readonly #inputs: Record<string, PortRef[]>;

  constructor(inputs: readonly string[]) {
    this.#inputs = Object.fromEntries(inputs.map((name) => [name, []]));
  }

  /** Adds an operator that reads `sources`, each by its port; answers its output. */
  add(node: NewNode, sources: readonly (readonly [port: string, source: Source])[]): PortRef {
    const wanted = node.id.replaceAll(/[^A-Za-z0-9_-]/g, '_');
    const id = freshName(wanted, new Set(this.#nodes.map((other) => other.id)));
    this.#nodes.push({
      id,
      type: node.type,
      label: node.label,
      config: node.config,
      origins: { '': { path: 'query', range: node.range }, ...node.origins },
    });
    for (const [port, source] of sources) {
      if ('input' in source) this.#inputs[source.input]!.push({ node: id, port });
      else this.#edges.push({ from: source.node, fromPort: source.port, to: id, toPort: port });
    }
    return { node: id, port: 'out' };
  }

  /** The input ports that nothing reads. */
  get unread(): readonly string[] {
    return Object.entries(this.#inputs).flatMap(([name, readers]) => (readers.length === 0 ? [name] : []));
  }

  finish(output: PortRef): Expansion {
    return { nodes: this.#nodes, edges: this.#edges, inputs: this.#inputs, outputs: { out: output } };
  }
}
