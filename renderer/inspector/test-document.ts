/** For tests: a small pipeline, opened in the stores. */
import type { FakeHost } from '../host/fake.ts';
import { parseDocument, type PipelineDocument } from '../../runtime/graph/index.ts';
import { openPipeline, startTest } from '../testing/app.tsx';
import { stubLayout } from '../testing/layout.ts';

export const PATH = 'clicks/clicks.pipeline.json';

const TEXT = JSON.stringify({
  format: 'millrace/pipeline',
  version: 1,
  name: 'Clicks',
  settings: { params: { least: 400 } },
  nodes: [
    {
      id: 'clicks',
      type: 'source.file',
      label: 'Clicks',
      config: {
        path: 'data/clicks.csv',
        format: 'csv',
        schema: [
          { name: 'user', type: 'STRING' },
          { name: 'status', type: 'INT' },
          { name: 'ts', type: 'TIMESTAMP' },
        ],
        eventTime: { field: 'ts' },
      },
    },
    { id: 'bad', type: 'filter', label: 'Suspicious', config: { condition: 'stats >= 400' } },
    {
      id: 'shape',
      type: 'project',
      config: { keepAll: true, fields: [{ as: 'code', expr: 'CAST(status AS STRING)' }] },
    },
    { id: 'out', type: 'sink.print', label: 'Print', config: {} },
  ],
  edges: [
    { from: 'clicks', to: 'bad' },
    { from: 'bad', to: 'shape' },
    { from: 'shape', to: 'out' },
  ],
});

/** Opens it, checked, with everything else as at the start. */
export function openTestDocument(): { readonly host: FakeHost; readonly document: PipelineDocument } {
  stubLayout();
  const host = startTest({
    files: {
      [PATH]: TEXT,
      'clicks/data/clicks.csv':
        'user,status,ts,price\nanna,200,2026-01-01T00:00:00Z,1.5\nbob,404,2026-01-01T00:00:01Z,2.5\n',
    },
  });
  const { document } = parseDocument(TEXT);
  if (document === null) throw new Error('the test document is not valid');
  openPipeline(document, PATH);
  return { host, document };
}
