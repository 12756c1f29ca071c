/** A part of a graph as one query in Flink SQL, as the operator `sql` reads it: a query of WITH for each node, named by its id. */
import type { ExportedInput, NamedQuery, SqlFragment, StreamFacts } from '../core/exporter.ts';
import type { NodeId } from '../core/ids.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { Schema } from '../core/schema.ts';
import type { PipelineDocument, PipelineEdge } from '../graph/index.ts';
import { findExporter } from '../operators/exporters.ts';
import { sqlName } from '../operators/shared/flink-sql/names.ts';
import { regionOf, type Region, type RegionNode } from './region.ts';
import type { RegionProblem } from './region-problem.ts';
import { describe, factsOf } from './stream-facts.ts';

export type { RegionProblem } from './region-problem.ts';

/** A table of the query: rows from outside. */
export interface RegionInput {
  readonly name: string;
  readonly from: NodeId;
  readonly fromPort: string;
  /** The field with the event time, where that is not plain from the fields alone. */
  readonly time: string | null;
}

export interface RegionSql {
  readonly query: string;
  readonly inputs: readonly RegionInput[];
}

/**
 * Composites are read as what they stand for. Pure. Fails where the nodes have not one output or an operator has no SQL; where the query
 * would mean something else (updates in place of windows, a dedup in place of a Top-N), an operator fails as well.
 */
export function regionSql(document: PipelineDocument, ids: readonly NodeId[]): Result<RegionSql, RegionProblem> {
  const region = regionOf(document, ids);
  return region.ok ? new RegionWriter(region.value).write() : region;
}

class RegionWriter {
  readonly #region: Region;
  readonly #facts = new Map<NodeId, StreamFacts>();
  /** Nodes whose event time is named behind them. */
  readonly #timed = new Set<NodeId>();
  readonly #tables = new Map<NodeId, string>();
  readonly #inputs = new Map<string, RegionInput & { readonly facts: StreamFacts; readonly schema: Schema }>();
  readonly #taken = new Set<string>();

  constructor(region: Region) {
    this.#region = region;
  }

  write(): Result<RegionSql, RegionProblem> {
    const { nodes } = this.#region;
    this.#addInputs();
    for (const node of nodes) {
      this.#tables.set(node.id, this.#freshTable(node.id));
      const before = node.edges.map((edge) => this.#factsOf(edge));
      this.#facts.set(node.id, describe(node, before, 'out'));
    }
    this.#askForTimes();
    const queries: NamedQuery[] = [];
    for (const node of nodes) {
      const fragment = this.#fragmentOf(node);
      if ('unsupported' in fragment) {
        return fail({ reason: 'unsupported', node: node.origin, because: fragment.unsupported });
      }
      queries.push(...(fragment.before ?? []), { name: this.#tables.get(node.id)!, select: fragment.select });
    }
    const inputs = [...this.#inputs.values()].map(({ facts: _, schema: __, ...input }) => input);
    // The output comes last: whatever else there is leads to it.
    return ok({ query: queryOf(queries), inputs });
  }

  #addInputs(): void {
    const { nodes, validation } = this.#region;
    for (const { edges, inputs } of nodes) {
      edges.forEach((edge, i) => {
        const { from, fromPort } = edge;
        if (this.#isInside(from) || this.#inputs.has(keyOf(edge))) return;
        const { schema, eventTime } = inputs[i]!.shape;
        const { time } = factsOf(validation, from, fromPort);
        const isField = eventTime && schema.fields.some(({ name }) => name === time);
        const stamps = schema.fields.filter(({ type }) => type.kind === 'TIMESTAMP');
        this.#inputs.set(keyOf(edge), {
          name: this.#freshTable(fromPort === 'out' ? from : `${from}_${fromPort}`),
          from,
          fromPort,
          time: isField && stamps.length > 1 ? time : null,
          facts: { time: isField ? time : null, isWindowed: false },
          schema,
        });
      });
    }
  }

  #isInside(id: NodeId): boolean {
    return this.#region.nodes.some((node) => node.id === id);
  }

  #freshTable(base: string): string {
    const plain = base.replaceAll('-', '_');
    let name = plain;
    for (let n = 2; this.#taken.has(name); n++) name = `${plain}${n}`;
    this.#taken.add(name);
    return name;
  }

  #factsOf(edge: PipelineEdge): StreamFacts {
    return this.#facts.get(edge.from) ?? this.#inputs.get(keyOf(edge))!.facts;
  }

  /** From the output to the inputs: who names the time, and who hands it on for others. */
  #askForTimes(): void {
    for (const { id, type, config, edges } of this.#region.nodes.toReversed()) {
      const isAsked = this.#timed.has(id) || findExporter(type)?.readsTime?.(config) === true;
      if (isAsked) for (const { from } of edges) this.#timed.add(from);
    }
  }

  #fragmentOf(node: RegionNode): SqlFragment {
    const exporter = findExporter(node.type);
    const schema = node.outputs['out']?.schema;
    if (exporter === null) return { unsupported: 'has no SQL' };
    const inputs = node.edges.map((edge, i): ExportedInput => {
      const facts = this.#factsOf(edge);
      const fields = node.inputs[i]!.shape.schema.fields.map(({ name }) => name);
      const extra = this.#isInside(edge.from) ? this.#extraTime(edge.from, fields) : null;
      return {
        ...facts,
        port: node.inputs[i]!.port,
        table: this.#tables.get(edge.from) ?? this.#inputs.get(keyOf(edge))!.name,
        schema: node.inputs[i]!.shape.schema,
        columns: extra === null ? fields : [...fields, extra],
      };
    });
    return exporter.flink(node.config, inputs, {
      table: this.#tables.get(node.id)!,
      schema: schema ?? { fields: [] },
      extraTime: this.#extraTime(node.id, schema?.fields.map(({ name }) => name) ?? []),
      freshTable: (base) => this.#freshTable(base),
    });
  }

  /** The column with the time that a node's query gives beside its fields. */
  #extraTime(id: NodeId, fields: readonly string[]): string | null {
    const time = this.#facts.get(id)?.time ?? null;
    return time === null || fields.includes(time) || !this.#timed.has(id) ? null : time;
  }
}

function keyOf({ from, fromPort }: PipelineEdge): string {
  return `${from} ${fromPort}`;
}

/** The last is the query, and the others are in its WITH. */
function queryOf(queries: readonly NamedQuery[]): string {
  const last = queries.at(-1)!;
  const named = queries.slice(0, -1).map(({ name, select }) => `${sqlName(name)} AS (\n${indented(select)}\n)`);
  return named.length === 0 ? last.select : `WITH ${named.join(', ')}\n${last.select}`;
}

/** Not where a text goes over several lines: its characters stay. */
function indented(sql: string): string {
  const texts = sql.match(/'(?:[^']|'')*'|`[^`]*`|"[^"]*"/g) ?? [];
  return texts.some((text) => text.includes('\n')) ? sql : sql.replaceAll(/^(?=.)/gm, '  ');
}
