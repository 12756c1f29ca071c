import { beforeEach, expect, it } from 'vitest';
import { nodeId } from '../../../runtime/core/ids.ts';
import { parseDocument, printDocument, setSettings, type PipelineDocument } from '../../../runtime/graph/index.ts';
import { activeDocument, undo } from '../../stores/document-store.ts';
import { refreshSubPipelines, subPipelinesOf } from '../../stores/sub-pipelines.ts';
import { activeValidation, validateNow } from '../../stores/validation-store.ts';
import { selectNodes, useViewStore } from '../../stores/view-store.ts';
import { openDocument } from '../../files/document-files.ts';
import type { FakeHost } from '../../host/fake.ts';
import { sketch, sourceNode, startTest } from '../../testing/app.tsx';
import { jumpIn, jumpOut, makeSubPipeline, useEntrances, wayTo } from './sub-pipeline-actions.ts';

const [clicks, large, out] = ['clicks', 'large', 'out'].map(nodeId);
const graph = setSettings(
  sketch(
    {
      clicks: sourceNode(['page STRING', 'ms BIGINT', 'ts TIMESTAMP']),
      large: { type: 'filter', config: { condition: 'ms > ${least}' } },
      count: {
        type: 'aggregate.window',
        config: {
          groupBy: ['page'],
          window: { type: 'tumbling', size: '1 minute' },
          aggregates: [{ as: 'n', fn: 'COUNT', expr: '*' }],
        },
      },
      out: { type: 'sink.print' },
    },
    ['clicks -> large', 'large -> count', 'count -> out'],
  ),
  { params: { least: 100, other: 'x' } },
);

let host: FakeHost;

beforeEach(async () => {
  host = startTest({ files: { 'jobs/main.pipeline.json': printDocument(graph) } });
  useEntrances.setState({ entrances: new Map() });
  await openDocument('jobs/main.pipeline.json');
});

function problems(): readonly string[] {
  validateNow();
  return activeValidation()!.diagnostics.map(({ code, message }) => `${code} ${message}`);
}

async function make(): Promise<PipelineDocument> {
  selectNodes([large!, nodeId('count')]);
  expect(await makeSubPipeline('Slow pages')).toBeNull();
  return parseDocument(host.fileText('jobs/slow-pages.pipeline.json')!).document!;
}

it('makes a pipeline of the selected nodes, with ports and parameters, that stands in their place', async () => {
  const made = await make();
  expect(made.nodes.map(({ id, type }) => [id, type])).toEqual([
    ['large', 'filter'],
    ['count', 'aggregate.window'],
    ['subpipelineInput', 'subpipeline.input'],
    ['subpipelineOutput', 'subpipeline.output'],
  ]);
  expect([made.settings.params, made.nodes[2]!.config]).toEqual([
    { least: 100 },
    {
      schema: [
        { name: 'page', type: 'STRING' },
        { name: 'ms', type: 'BIGINT' },
        { name: 'ts', type: 'TIMESTAMP' },
      ],
      eventTime: 'ts',
    },
  ]);
  const { nodes, edges } = activeDocument()!.document;
  expect(nodes.find(({ id }) => id === 'subpipeline')?.config).toEqual({
    path: 'slow-pages.pipeline.json',
    params: { least: '${least}' },
  });
  expect(edges.map(({ from, fromPort, to, toPort }) => `${from}.${fromPort} ${to}.${toPort}`)).toEqual([
    'subpipeline.out out.in',
    'clicks.out subpipeline.in',
  ]);
  expect(problems()).toEqual([]);
  const shape = activeValidation()!.nodes.get(out!)?.inputs[0]?.shape;
  expect(shape?.schema.fields.map(({ name }) => name)).toEqual(['page', 'window_start', 'window_end', 'n']);
  undo();
  expect(activeDocument()!.document).toEqual(graph);
});

it('says whose rows are not known', async () => {
  selectNodes([out!]);
  const gone = sketch({ a: { type: 'filter', config: { condition: '(' } }, b: { type: 'sink.print' } }, ['a -> b']);
  host.changeOutside('broken.pipeline.json', printDocument(gone));
  await openDocument('broken.pipeline.json');
  selectNodes([nodeId('b')]);
  expect(await makeSubPipeline('x')).toContain('Filter');
  expect(host.fileText('x.pipeline.json')).toBeNull();
});

it('is jumped into and back out of, and follows what is edited there before it is saved', async () => {
  const made = await make();
  selectNodes([nodeId('subpipeline')]);
  await jumpIn();
  expect(activeDocument()!.path).toBe('jobs/slow-pages.pipeline.json');
  expect(wayTo('jobs/slow-pages.pipeline.json').map(({ path }) => path)).toEqual(['jobs/main.pipeline.json']);
  expect(activeDocument()!.document).toEqual(made);
  jumpOut();
  expect([activeDocument()!.path, useViewStore.getState().selectedNodeIds]).toEqual([
    'jobs/main.pipeline.json',
    ['subpipeline'],
  ]);
  host.changeOutside('jobs/slow-pages.pipeline.json', '{');
  const before = subPipelinesOf('jobs/main.pipeline.json');
  await refreshSubPipelines();
  // It is open: what is on screen counts.
  expect(subPipelinesOf('jobs/main.pipeline.json')).toBe(before);
  expect(problems()).toEqual([]);
  expect(clicks).toBe('clicks');
});
