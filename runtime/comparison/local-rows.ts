/** The rows that come out here. */
import { assert } from '../core/errors.ts';
import type { NodeId } from '../core/ids.ts';
import type { Schema } from '../core/schema.ts';
import type { PipelineDocument } from '../graph/index.ts';
import type { SinkRows } from './engine.ts';
import { sinkSchemas } from './job-graph.ts';
import { runLocally, type LocalJobOptions } from './local-job.ts';
import { canonicalRow, finalRows, readJson, type Change } from './rows.ts';

/** The rows that reach each sink, which writes nothing, at parallelism 1. Rejects when the job fails. */
export async function localRows(document: PipelineDocument, options: LocalJobOptions): Promise<SinkRows> {
  const schemas = sinkSchemas(document, options);
  const texts = new Map<NodeId, string[]>([...schemas.keys()].map((id) => [id, []]));
  const nodes = document.nodes.map((node) =>
    schemas.has(node.id) ? { ...node, type: 'sink.print', version: 1, config: {} } : node,
  );
  await runLocally({ ...document, nodes }, options, { onPrint: (id, text) => texts.get(id)!.push(text) });
  return new Map([...texts].map(([id, parts]) => [id, finalRows(changesOf(parts.join(''), schemas.get(id)!))]));
}

function changesOf(text: string, schema: Schema): readonly Change[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Change => {
      const { __op = '+I', ...row } = readJson(line) as Record<string, unknown>;
      assert(typeof __op === 'string', 'a change has a kind');
      return { kind: __op, row: canonicalRow(schema, schema.fields.map(({ name }) => row[name])) }; // prettier-ignore
    });
}
