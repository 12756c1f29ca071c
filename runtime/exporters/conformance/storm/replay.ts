/**
 * Each row at least once: what a real Storm does with rows that a bolt fails, that it never answers for, and that were on their way to a bolt which is
 * started anew, in a topology whose parts are spread over two workers.
 */
// Programs that import this file know the import.meta of Vite by it.
/// <reference types="vite/types/importMeta.d.ts" />
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { sinkSchemas } from '../../../comparison/job-graph.ts';
import { sourcesOf } from '../../../comparison/sources.ts';
import { captured, captureFile } from '../../../comparison/storm/capture.ts';
import type { StormEngine } from '../../../comparison/storm/storm-engine.ts';
import { assert } from '../../../core/errors.ts';
import { nodeId } from '../../../core/ids.ts';
import { javaText } from '../../../expression/index.ts';
import { readDocument, type PipelineDocument } from '../../../graph/index.ts';
import type { StormProgram } from '../../storm/program.ts';
import type { TopologyConfig } from '../../storm/topology.ts';

const sources = sourcesOf(import.meta.glob<string>('./*.java', { query: '?raw', import: 'default', eager: true }));

const ROWS = 4000;
/** Of the source that has ended long before the bolt starts anew, which must hear of its end all the same. */
const FEW = 3;

const CONFIG: TopologyConfig = {
  'topology.workers': 2,
  'topology.enable.message.timeouts': true,
  'topology.message.timeout.secs': 5,
};

const SOURCE = { format: 'jsonl', schema: [{ name: 'number', type: 'BIGINT' }] };

function pipeline(): PipelineDocument {
  const { document } = readDocument({
    format: 'millrace/pipeline',
    version: 1,
    name: 'Replay',
    settings: { parallelism: 2 },
    nodes: [
      {
        id: 'many',
        type: 'source.file',
        parallelism: 1,
        config: { ...SOURCE, path: 'many.jsonl', rowsPerSecond: 2000 },
      },
      { id: 'few', type: 'source.file', parallelism: 1, config: { ...SOURCE, path: 'few.jsonl' } },
      { id: 'flaky', type: 'union' },
      { id: 'kept', type: 'filter', config: { condition: 'number >= 0' } },
      { id: 'out', type: 'sink.print', parallelism: 1 },
    ],
    edges: [
      { from: 'many', to: 'flaky' },
      { from: 'few', to: 'flaky' },
      { from: 'flaky', to: 'kept' },
      { from: 'kept', to: 'out' },
    ],
  });
  assert(document !== null, 'no document');
  return document;
}

/** Rows are failed by a bolt in place of the union, to which they go by their number: Storm would keep them in the worker of their spout. */
function flaky(program: StormProgram): StormProgram {
  return {
    ...program,
    components: program.components.map((component) =>
      component.id === 'flaky'
        ? { ...component, class: { name: 'Flaky', comment: component.class.comment, base: 'FlakyBolt', args: [`${ROWS / 2}L`, javaText('number')] } } // prettier-ignore
        : component,
    ),
    streams: program.streams.map((stream) =>
      stream.to === 'flaky' && stream.streamId === 'default'
        ? { ...stream, grouping: { type: 'FIELDS', args: ['number'] } }
        : stream,
    ),
  };
}

/** Rows are numbered from 0 to `count` - 1, from `first` on. */
function numbered(first: number, count: number): string {
  return Array.from({ length: count }, (_, i) => `{"number":${first + i}}\n`).join('');
}

/** `scratch`: a folder that need not be there yet. Gives what is wrong. */
export async function replayProblems(engine: StormEngine, scratch: string): Promise<readonly string[]> {
  await mkdir(scratch, { recursive: true });
  await writeFile(path.join(scratch, 'few.jsonl'), numbered(0, FEW));
  await writeFile(path.join(scratch, 'many.jsonl'), numbered(FEW, ROWS - FEW));
  const document = pipeline();
  const file = captureFile(scratch, nodeId('out'));
  await engine.submit(
    { document, params: {}, baseFolder: scratch, scratch },
    (program) => captured(flaky(program), sinkSchemas(document, { params: {} }), scratch),
    [file],
    { config: CONFIG, sources },
  );
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  const seen = new Set(lines.map((line) => (JSON.parse(line) as { number: number }).number));
  const missing = Array.from({ length: ROWS }, (_, i) => i).filter((i) => !seen.has(i));
  return missing.length === 0 ? [] : [`${missing.length} of ${ROWS} rows never arrived: ${missing.slice(0, 5).join(', ')}`]; // prettier-ignore
}
