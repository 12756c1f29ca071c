/** A script of Flink SQL as a document: tables become sources and sinks, queries operators. Its names become ids. */
import type { Diagnostic } from '../../core/diagnostics.ts';
import { nodeId, type NodeId } from '../../core/ids.ts';
import type { ImportedTable } from '../../core/importer.ts';
import { say } from '../../core/say.ts';
import { emptyDocument, type PipelineDocument, type PipelineEdge, type PipelineNode } from '../../graph/index.ts';
import { catalog, findSpec } from '../../operators/catalog.ts';
import { findImporter, importedConnectors } from '../../operators/importers.ts';
import { asOperators } from './as-operators.ts';
import { keptDocument } from './kept-document.ts';
import { notImported } from './problem.ts';
import { readScript, type DeclaredQuery, type DeclaredTable, type Script } from './read-script.ts';
import { readSettings } from './settings.ts';
import type { ScriptStatement } from './statements.ts';
import { nameOf } from './token-reader.ts';

export interface ImportedScript {
  /** Without layout: all nodes at the origin. */
  readonly document: PipelineDocument;
  /** What was not imported, a warning each (MR2402) with line and column. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Where the rows of a table come from. */
interface Writer {
  readonly from: NodeId;
  readonly fromPort: string;
}

/** Pure. `name`: of the document, where the script says none. */
export function importFlinkSql(text: string, name: string): ImportedScript {
  const script = readScript(text);
  const kept = keptDocument(text, script);
  if (kept !== null && kept.isWhole) return { document: kept.document, diagnostics: [] };
  return new Import(text, script, name, kept).run();
}

class Import {
  readonly #text: string;
  readonly #script: Script;
  readonly #name: string;
  readonly #kept: ReturnType<typeof keptDocument>;
  readonly #nodes: PipelineNode[] = [];
  readonly #edges: PipelineEdge[] = [];
  readonly #writers = new Map<string, Writer>();
  readonly #diagnostics: Diagnostic[] = [];

  constructor(text: string, script: Script, name: string, kept: ReturnType<typeof keptDocument>) {
    this.#text = text;
    this.#script = script;
    this.#name = name;
    this.#kept = kept;
    this.#diagnostics.push(...script.diagnostics);
  }

  run(): ImportedScript {
    const { tables, views, inserts, settings: pairs } = this.#script;
    this.#keep();
    const sinks = new Set(inserts.map((one) => one.name));
    const isNew = ({ name }: { readonly name: string }): boolean => this.#kept?.names.has(name) !== true;
    for (const table of tables.filter(isNew)) this.#addTable(table, sinks.has(table.name));
    for (const view of views.filter(isNew)) this.#declare(view.name);
    for (const view of views.filter(isNew)) this.#addQuery(view.name, view);
    for (const insert of inserts.filter(isNew)) this.#addInsert(insert);
    const { settings, ignored } = readSettings(pairs);
    for (const key of ignored)
      this.#tell(say`SET '${key}' has no place here: say it to Flink when the job is deployed`, 0);
    const base = this.#kept?.document ?? emptyDocument(pairs.get('pipeline.name') ?? this.#name);
    const ids = new Set(this.#nodes.map(({ id }) => id));
    const document: PipelineDocument = {
      ...base,
      settings: this.#kept === null ? settings : base.settings,
      nodes: this.#nodes,
      edges: this.#edges.filter(({ from, to }) => ids.has(from) && ids.has(to)),
      groups: base.groups.map((group) => ({ ...group, nodes: group.nodes.filter((id) => ids.has(id)) })),
    };
    return { document: asOperators(document), diagnostics: this.#diagnostics };
  }

  /** Operators whose statements are as they were exported are those that they were. */
  #keep(): void {
    if (this.#kept === null) return;
    const { document, ids, writers } = this.#kept;
    this.#nodes.push(...document.nodes.filter(({ id }) => ids.has(id)));
    this.#edges.push(...document.edges.filter(({ to }) => ids.has(to)));
    for (const [table, writer] of writers) this.#writers.set(table, writer);
  }

  #addTable({ name, table, statement }: DeclaredTable, isSink: boolean): void {
    const all: ImportedTable = { ...table, isSink };
    const found = findImporter(all);
    const connector = table.options['connector'] ?? '';
    if (found === null) {
      const known = importedConnectors(isSink).join(', ');
      const role = isSink ? 'a sink' : 'a source';
      this.#tell(
        say`the table "${name}" is ${role} with the connector '${connector}': ${known} are read here`,
        statement.start,
      );
      return;
    }
    const config = found.importer.config(all);
    if ('unsupported' in config) {
      this.#tell(say`the table "${name}" ${String(config['unsupported'])}`, statement.start);
      return;
    }
    this.#addNode(name, found.type, config, statement);
    if (!isSink) this.#declare(name);
  }

  #addNode(name: string, type: string, config: Readonly<Record<string, unknown>>, statement: ScriptStatement): NodeId {
    const id = idOf(name);
    const label = labelOf(statement, name);
    this.#nodes.push({
      id,
      type,
      version: findSpec(type)!.version,
      ...(label === null ? {} : { label }),
      position: { x: 0, y: 0 },
      config,
    });
    return id;
  }

  #declare(name: string): void {
    this.#writers.set(name, { from: idOf(name), fromPort: 'out' });
  }

  /** An SQL operator, which may be one that has a name of its own. */
  #addQuery(name: string, { query, statement }: DeclaredQuery): void {
    const inputs = this.#tablesOf(statement);
    const config = { inputs: inputs.map((one) => ({ name: one })), query };
    const id = this.#addNode(name, catalog.sql.type, config, statement);
    for (const input of inputs) {
      this.#edges.push({ ...this.#writers.get(input)!, to: id, toPort: input });
    }
  }

  #addInsert(insert: DeclaredQuery): void {
    const sink = this.#nodes.find(({ id }) => id === idOf(insert.name));
    if (sink === undefined) {
      this.#tell(say`the table "${insert.name}" is not imported, and so is nothing that is inserted there`, insert.statement.start); // prettier-ignore
      return;
    }
    const rows = `${insert.name}_rows`;
    this.#addQuery(rows, { ...insert, statement: { ...insert.statement, comment: [] } });
    this.#edges.push({ from: idOf(rows), fromPort: 'out', to: sink.id, toPort: 'in' });
  }

  /** Tables that a statement reads, in their order. */
  #tablesOf({ tokens }: ScriptStatement): readonly string[] {
    const found = new Set<string>();
    for (const [i, token] of tokens.entries()) {
      const before = tokens[i - 1];
      const isRead = ['FROM', 'JOIN', 'TABLE'].includes(before?.image.toUpperCase() ?? '');
      const name = nameOf(token);
      if (!isRead) continue;
      if (this.#writers.has(name)) found.add(name);
      else if (!['(', 'TABLE'].includes(name.toUpperCase()) && before!.image.toUpperCase() !== 'TABLE') {
        this.#tell(
          say`there is no table or view "${name}" in the script: declare it by CREATE TABLE`,
          token.startOffset,
        );
      }
    }
    return [...found];
  }

  #tell(message: string, offset: number): void {
    this.#diagnostics.push(notImported(this.#text, offset, message));
  }
}

/** Names of tables are ids but for their signs. */
function idOf(name: string): NodeId {
  return nodeId(
    name
      .replaceAll(/[^A-Za-z0-9_-]/g, '_')
      .replace(/^(?=[^A-Za-z_])/, '_')
      .slice(0, 100),
  );
}

/** `-- Clicks (clicks)`, as exports have it. */
function labelOf({ comment }: ScriptStatement, name: string): string | null {
  const line = comment.find((one) => one.endsWith(` (${name})`));
  return line === undefined ? null : line.slice(0, -` (${name})`.length);
}
