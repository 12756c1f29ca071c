/** A whole pipeline as a script of Flink SQL: a table for each source and sink, a view for each output port, and one statement set. */
import type { Remark, SqlTable, TableRequest } from '../../core/exporter.ts';
import type { NodeId } from '../../core/ids.ts';
import { say } from '../../core/say.ts';
import { findExporter } from '../../operators/exporters.ts';
import { orUnsupported } from '../../operators/shared/flink-sql/expressions.ts';
import { aliasedAs, sqlName } from '../../operators/shared/flink-sql/names.ts';
import { selectList } from '../../operators/shared/flink-sql/select.ts';
import type { ExportGraph, ExportNode } from '../export-graph.ts';
import { indented } from '../indented.ts';
import type { Loss, PartLosses } from '../loss-report.ts';
import { Queries } from '../queries.ts';
import { flinkSettings } from './settings.ts';

export interface Statement {
  /** Lines before it; none: it follows the one before. */
  readonly comment: readonly string[];
  /** Without the semicolon. */
  readonly sql: string;
  /** Of the graph, whose table or view it makes; none: it is about the job. */
  readonly node?: NodeId;
}

export interface FlinkScript {
  readonly statements: readonly Statement[];
  readonly losses: readonly PartLosses[];
  readonly remarks: readonly Remark[];
  /** Tables and views of each node. */
  readonly names: ReadonlyMap<NodeId, readonly string[]>;
  /** Whose rows a table or view has. */
  readonly outputs: ReadonlyMap<string, { readonly node: NodeId; readonly port: string }>;
  /** Maven coordinates without the version. */
  readonly needs: readonly string[];
}

/** Pure. */
export function flinkScript(graph: ExportGraph): FlinkScript {
  return new ScriptWriter(graph).write();
}

class ScriptWriter {
  readonly #graph: ExportGraph;
  readonly #queries: Queries;
  readonly #statements: Statement[] = [];
  readonly #inserts: Statement[] = [];
  readonly #losses = new Map<NodeId, Loss[]>();
  readonly #names = new Map<NodeId, string[]>();
  readonly #needs = new Set<string>();

  constructor(graph: ExportGraph) {
    this.#graph = graph;
    this.#queries = new Queries({ nodes: graph.nodes, dialect: 'flink', fileUrl: graph.fileUrl });
  }

  write(): FlinkScript {
    const { nodes } = this.#graph;
    this.#queries.describe(portsOf);
    for (const node of nodes) {
      this.#losses.set(node.id, []);
      this.#names.set(node.id, []);
      if (node.parallelism !== null) {
        this.#remark(node, [
          { fidelity: 'note', text: say`Runs at the parallelism of the job: SQL has none of its own for an operator.` },
        ]);
      }
      if (node.ports.inputs.length === 0) this.#addSource(node);
      else if (portsOf(node).length === 0) this.#addSink(node);
      else for (const port of portsOf(node)) this.#addView(node, port);
    }
    const { settings, remarks } = flinkSettings(this.#graph);
    const set = this.#inserts.map(({ comment, sql }) => indented(`${commentText(comment)}${sql};\n`)).join('\n');
    return {
      statements: [
        ...settings,
        ...this.#statements,
        { comment: ['All sinks in one job, so that what they have in common is read and computed once.'], sql: `EXECUTE STATEMENT SET\nBEGIN\n${set}END` }, // prettier-ignore
      ],
      losses: [...this.#losses].map(([node, losses]) => ({ node, losses })),
      remarks,
      names: this.#names,
      outputs: new Map(
        nodes.flatMap((node) =>
          portsOf(node).map((port) => [this.#queries.tableOf(node.id, port), { node: node.id, port }]),
        ),
      ),
      needs: [...this.#needs],
    };
  }

  #addSource(node: ExportNode): void {
    const table = this.#queries.tableOf(node.id, portsOf(node)[0] ?? 'out');
    const description = this.#tableOf(node, { table, schema: node.outputs['out']?.schema ?? { fields: [] } });
    if (description === null) return;
    const { ports = {} } = description;
    // Where the rows are not those of the table itself, the table has another name and they are views of it.
    const own = ports['out'] === undefined ? table : this.#queries.freshTable(`${table}_rows`);
    this.#add(node, own, commentOf(node), createTable(own, description));
    for (const port of portsOf(node)) {
      const select = ports[port];
      if (select !== undefined) {
        this.#addCreateView(node, this.#queries.tableOf(node.id, port), [], select(sqlName(own)));
      } else if (port !== 'out') {
        this.#impossible(node, say`hands rows on by its port "${port}", and a table of Flink has no second output`);
      }
    }
  }

  #addSink(node: ExportNode): void {
    const [input] = this.#queries.inputsOf(node);
    if (input === undefined) return;
    const table = this.#queries.freshTable(node.id);
    const description = this.#tableOf(node, { table, schema: input.schema });
    if (description === null) return;
    this.#add(node, table, commentOf(node), createTable(table, description));
    const { computed = [] } = description;
    const names = [...input.schema.fields, ...computed].map(({ name }) => sqlName(name));
    const columns = [
      ...input.schema.fields.map(({ name }) => sqlName(name)),
      ...computed.map(({ name, text }) => aliasedAs(text, name)),
    ];
    this.#inserts.push({
      comment: [],
      sql: `INSERT INTO ${sqlName(table)} (${names.join(', ')})\n${selectList(columns)}\nFROM ${sqlName(input.table)}`,
    });
  }

  #addView(node: ExportNode, port: string): void {
    const fragment = this.#queries.fragmentOf(node, port);
    if ('unsupported' in fragment) return this.#impossible(node, fragment.unsupported);
    this.#remark(node, fragment.remarks ?? []);
    const before = (fragment.before ?? []).map(({ name, select }) => ({ name, select }));
    let comment = port === 'out' || port === portsOf(node)[0] ? commentOf(node, fragment.remarks) : [];
    for (const { name, table } of fragment.tables ?? []) {
      this.#add(node, name, comment, createTable(name, table));
      for (const need of table.needs ?? []) this.#needs.add(need);
      comment = [];
    }
    for (const { name, select } of before) {
      this.#addCreateView(node, name, comment, select);
      comment = [];
    }
    this.#addCreateView(node, this.#queries.tableOf(node.id, port), comment, fragment.select);
  }

  #addCreateView(node: ExportNode, name: string, comment: readonly string[], select: string): void {
    this.#add(node, name, comment, `CREATE TEMPORARY VIEW ${sqlName(name)} AS\n${select}`);
  }

  #add(node: ExportNode, name: string, comment: readonly string[], sql: string): void {
    this.#statements.push({ comment, sql, node: node.id });
    this.#names.get(node.id)!.push(name);
  }

  #tableOf(node: ExportNode, { table, schema }: Pick<TableRequest, 'table' | 'schema'>): SqlTable | null {
    const request: TableRequest = {
      table,
      schema,
      isChangelog: node.inputs.some(({ shape }) => shape.changelog === 'update'),
      readPorts: node.readPorts,
      fileUrl: this.#graph.fileUrl,
    };
    const description = orUnsupported(
      () => findExporter(node.type)?.flinkTable?.(node.config, request) ?? WITHOUT_CONNECTOR,
    );
    if ('unsupported' in description) {
      this.#impossible(node, description.unsupported);
      return null;
    }
    this.#remark(node, description.remarks ?? []);
    for (const need of description.needs ?? []) this.#needs.add(need);
    return description;
  }

  #remark({ id }: ExportNode, remarks: readonly Remark[]): void {
    this.#losses.get(id)!.push(...remarks);
  }

  #impossible({ id }: ExportNode, text: string): void {
    const losses = this.#losses.get(id)!;
    if (!losses.some((one) => one.text === text)) losses.push({ fidelity: 'impossible', text });
  }
}

export const WITHOUT_CONNECTOR = { unsupported: say`has no connector in Flink: go by way of files instead` };

/** Ports that become tables: those that are read. */
function portsOf(node: Pick<ExportNode, 'ports'> & Partial<Pick<ExportNode, 'readPorts'>>): readonly string[] {
  return node.ports.outputs.map(({ name }) => name).filter((name) => node.readPorts?.includes(name) === true);
}

function commentOf({ label, id }: ExportNode, remarks: readonly Remark[] = []): readonly string[] {
  const head = label === id ? id : `${label} (${id})`;
  return [head, ...remarks.map(({ text }) => text)];
}

function createTable(name: string, { columns, options, partitionedBy = [] }: SqlTable): string {
  const pairs = Object.entries(options).map(([key, value]) => `${literal(key)} = ${literal(value)}`);
  const partitions = partitionedBy.length === 0 ? '' : ` PARTITIONED BY (${partitionedBy.map(sqlName).join(', ')})`;
  return `CREATE TEMPORARY TABLE ${sqlName(name)} (\n${indented(columns.join(',\n'))}\n)${partitions} WITH (\n${indented(pairs.join(',\n'))}\n)`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function commentText(lines: readonly string[]): string {
  return lines.map((line) => `-- ${line.replaceAll('\n', ' ')}\n`).join('');
}
