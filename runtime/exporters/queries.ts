/** Queries of nodes that read from each other, each output port a table. What is known of their streams is worked out once, from the sources on. */
import { UNKNOWN_STREAM } from '../core/exporter.ts';
import type {
  ExportedInput,
  ExportedOutput,
  NamedQuery,
  SqlDialect,
  SqlFragment,
  StreamFacts,
} from '../core/exporter.ts';
import type { NodeId } from '../core/ids.ts';
import { say } from '../core/say.ts';
import type { Schema } from '../core/schema.ts';
import type { PipelineEdge } from '../graph/index.ts';
import { findExporter } from '../operators/exporters.ts';
import { orUnsupported } from '../operators/shared/flink-sql/expressions.ts';
import { aliasedAs, sqlName } from '../operators/shared/flink-sql/names.ts';
import { selectList } from '../operators/shared/flink-sql/select.ts';
import type { RegionNode } from './region.ts';
import { describe } from './stream-facts.ts';

/** A table that none of the nodes makes. */
export interface OutsideTable {
  readonly name: string;
  readonly facts: StreamFacts;
}

export interface QueriesOptions {
  /** Each after all it reads from. */
  readonly nodes: readonly RegionNode[];
  readonly dialect: SqlDialect;
  /** What no table may be called. */
  readonly reserved?: readonly string[];
  /** Absolute `file:` URL of a path in a config; left out where queries read no files. */
  readonly fileUrl?: (path: string) => string;
}

export class Queries {
  readonly #nodes: readonly RegionNode[];
  readonly #dialect: SqlDialect;
  readonly #fileUrl: (path: string) => string;
  readonly #outside = new Map<string, OutsideTable>();
  readonly #facts = new Map<string, StreamFacts>();
  readonly #tables = new Map<string, string>();
  readonly #schemas = new Map<string, Schema>();
  /** Nodes whose event time is named behind them. */
  readonly #timed = new Set<NodeId>();
  readonly #taken: Set<string>;

  constructor({ nodes, dialect, reserved = [], fileUrl = (path) => path }: QueriesOptions) {
    this.#nodes = nodes;
    this.#fileUrl = fileUrl;
    this.#dialect = dialect;
    this.#taken = new Set(reserved);
  }

  /** Tables from outside are told of first. */
  addOutside(edge: Pick<PipelineEdge, 'from' | 'fromPort'>, table: OutsideTable): void {
    this.#outside.set(keyOf(edge.from, edge.fromPort), table);
  }

  /** Once all outside tables are there. `portsOf`: of a node, those that become tables. */
  describe(portsOf: (node: RegionNode) => readonly string[]): void {
    for (const node of this.#nodes) {
      const before = node.edges.map((edge) => this.factsOf(edge.from, edge.fromPort));
      for (const port of portsOf(node)) {
        const key = keyOf(node.id, port);
        this.#tables.set(key, this.freshTable(port === 'out' ? node.id : `${node.id}_${port}`));
        this.#facts.set(key, describe(node, before, port, this.#dialect));
        this.#schemas.set(key, node.outputs[port]?.schema ?? { fields: [] });
      }
    }
    // From the outputs to the inputs: who names the time, and who hands it on for others.
    for (const { id, type, config, edges } of this.#nodes.toReversed()) {
      const isAsked = this.#timed.has(id) || findExporter(type)?.readsTime?.(config) === true;
      if (isAsked) for (const { from } of edges) this.#timed.add(from);
    }
  }

  freshTable(base: string): string {
    const plain = base.replaceAll('-', '_');
    let name = plain;
    for (let n = 2; this.#taken.has(name); n++) name = `${plain}${n}`;
    this.#taken.add(name);
    return name;
  }

  tableOf(id: NodeId, port: string): string {
    const key = keyOf(id, port);
    return this.#tables.get(key) ?? this.#outside.get(key)!.name;
  }

  factsOf(id: NodeId, port: string): StreamFacts {
    const key = keyOf(id, port);
    return this.#facts.get(key) ?? this.#outside.get(key)?.facts ?? UNKNOWN_STREAM;
  }

  /** The query of a port that has a table. */
  fragmentOf(node: RegionNode, port: string): SqlFragment {
    const exporter = findExporter(node.type);
    if (exporter === null) return { unsupported: say`has no SQL` };
    const before: NamedQuery[] = [];
    const isWindowed = this.factsOf(node.id, port).isWindowed;
    const inputs = this.inputsOf(node).map((input) =>
      this.#dialect === 'flink' && input.isWindowed && !isWindowed ? this.#asInstants(input, before) : input,
    );
    const output = this.outputOf(node, port);
    const fragment = orUnsupported(() =>
      port === 'out'
        ? exporter.flink(node.config, inputs, output)
        : (exporter.flinkPort?.(node.config, inputs, output) ?? withoutPort(port)),
    );
    if ('unsupported' in fragment || before.length === 0) return fragment;
    return { ...fragment, before: [...before, ...(fragment.before ?? [])] };
  }

  outputOf(node: RegionNode, port: string): ExportedOutput {
    return {
      port,
      table: this.tableOf(node.id, port),
      schema: node.outputs[port]?.schema ?? { fields: [] },
      extraTime: this.#extraTime(node.id, port),
      freshTable: (base) => this.freshTable(base),
      fileUrl: this.#fileUrl,
    };
  }

  inputsOf(node: RegionNode): readonly ExportedInput[] {
    return node.edges.map((edge, i): ExportedInput => {
      const { port, shape } = node.inputs[i]!;
      const fields = shape.schema.fields.map(({ name }) => name);
      const extra = this.#schemas.has(keyOf(edge.from, edge.fromPort))
        ? this.#extraTime(edge.from, edge.fromPort)
        : null;
      return {
        ...this.factsOf(edge.from, edge.fromPort),
        port,
        table: this.tableOf(edge.from, edge.fromPort),
        schema: shape.schema,
        columns: extra === null ? fields : [...fields, extra],
        dialect: this.#dialect,
      };
    });
  }

  /** The bounds of Flink's windows have no zone; where they are fields like others, they become the instants that they are here. */
  #asInstants(input: ExportedInput, before: NamedQuery[]): ExportedInput {
    const name = this.freshTable(`${input.table}_rows`);
    const columns = input.columns.map((column) =>
      column === 'window_start' || column === 'window_end'
        ? aliasedAs(`CAST(${column} AS TIMESTAMP_LTZ(3))`, column)
        : sqlName(column),
    );
    before.push({ name, select: `${selectList(columns)}\nFROM ${sqlName(input.table)}` });
    return { ...input, table: name, isWindowed: false };
  }

  /** The column with the time that a node's query gives beside its fields. */
  #extraTime(id: NodeId, port: string): string | null {
    const { time } = this.factsOf(id, port);
    if (time === null || !this.#timed.has(id)) return null;
    const isField = this.#schemas.get(keyOf(id, port))?.fields.some(({ name }) => name === time);
    return isField === true ? null : time;
  }
}

function withoutPort(port: string): SqlFragment {
  return { unsupported: say`hands rows on by its port "${port}", which no query tells: leave it open` };
}

function keyOf(id: NodeId, port: string): string {
  return `${id} ${port}`;
}
