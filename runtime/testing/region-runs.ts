/** A part of a graph told as a query, and read again: the document with an SQL operator in its place, and that taken apart. */
import { ChangelogRows } from '../bench/nexmark/changelog-rows.ts';
import { validateDocument } from '../compiler/index.ts';
import { assert } from '../core/errors.ts';
import type { NodeId } from '../core/ids.ts';
import { regionSql } from '../exporters/region-sql.ts';
import { explode, replaceNodes, type PipelineDocument } from '../graph/index.ts';
import { findSpec } from '../operators/catalog.ts';
import { MemoryFiles } from './memory-files.ts';
import { simulateJob } from './simulated-job.ts';

export interface Readback {
  readonly query: string;
  readonly document: PipelineDocument;
  /** The SQL operator. */
  readonly id: NodeId;
}

/** Throws where the nodes are no query. */
export function readBack(document: PipelineDocument, ids: readonly NodeId[]): Readback {
  const told = regionSql(document, ids);
  assert(told.ok, told.ok ? '' : JSON.stringify(told.error));
  const { query, inputs } = told.value;
  const config = { inputs: inputs.map(({ name, time }) => ({ name, ...(time === null ? {} : { time }) })), query };
  const replaced = replaceNodes(document, ids, {
    node: { type: 'sql', position: { x: 0, y: 0 }, config },
    inputs: inputs.map(({ name, from, fromPort }) => ({ port: name, from, fromPort })),
    outPort: 'out',
  });
  return { query, ...replaced };
}

export function takenApart(
  document: PipelineDocument,
  id: NodeId,
): { document: PipelineDocument; ids: readonly NodeId[] } {
  const validation = validateDocument(document);
  const expansion = validation.nodes.get(id)?.expansion;
  const problems = validation.diagnostics.filter(({ severity, nodeId }) => severity === 'error' && nodeId === id);
  assert(
    expansion !== undefined && expansion !== null && problems.length === 0,
    problems.map(({ message }) => message).join('; '),
  );
  return explode(document, id, expansion.expansion, (type) => findSpec(type)?.version ?? 1, { x: 100, y: 100 });
}

/** What reads from what, from a node back to the sources, without ids and labels. */
export function planOf({ nodes, edges }: PipelineDocument, id: NodeId): unknown {
  const { type, config } = nodes.find((node) => node.id === id)!;
  if (type.startsWith('source.')) return id;
  const inputs = edges.filter(({ to }) => to === id);
  return {
    type,
    config,
    inputs: inputs.map(({ from, fromPort, toPort }) => [
      toPort,
      fromPort,
      planOf({ nodes, edges } as PipelineDocument, from),
    ]),
  };
}

export interface RegionJob {
  readonly document: PipelineDocument;
  /** The node whose rows are wanted: nothing reads them yet. */
  readonly output: NodeId;
  /** By source, as JSONL writes them. */
  readonly rows: Readonly<Record<string, readonly object[]>>;
  readonly seed: number;
}

/** The rows that are left at the end, updates taken into account, sorted. */
export async function rowsOf({ document, output, rows, seed }: RegionJob): Promise<readonly string[]> {
  const files = new MemoryFiles();
  for (const [source, lines] of Object.entries(rows)) {
    files.write(`/job/${source}.jsonl`, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }
  const sink = { id: 'printed', type: 'sink.print', position: { x: 0, y: 0 }, config: {} };
  const edges = [...document.edges, { from: output, fromPort: 'out', to: 'printed', toPort: 'in' }];
  const { scheduler, printed } = await simulateJob(
    { nodes: [...document.nodes, sink], edges, settings: document.settings },
    { files, seed },
  );
  scheduler.run(10);
  scheduler.close();
  const result = new ChangelogRows();
  result.add(printed.map((line) => `${line}\n`).join(''));
  return result
    .rows()
    .map((row) => JSON.stringify(row))
    .sort();
}
