// @vitest-environment jsdom
import { beforeEach, expect, it } from 'vitest';
import { delimiterOf, inferSchema } from '../../runtime/formats/infer-schema.ts';
import { activeDocument } from '../stores/document-store.ts';
import { useNoticeStore } from '../stores/notice-store.ts';
import { activeValidation, validateNow } from '../stores/validation-store.ts';
import { useViewStore } from '../stores/view-store.ts';
import { startTest } from '../testing/app.tsx';
import { createFromCsv, pipelineOf } from './from-csv.ts';
import { sampleClicks } from './sample-clicks.ts';

beforeEach(() => void startTest());

/** jsdom's has no `text`. */
const csv = (text: string, name: string) => Object.assign(new File([text], name), { text: async () => text });

it('makes a pipeline that is whole of the sample clicks', async () => {
  await createFromCsv(csv(sampleClicks(), 'clicks.csv'));
  validateNow();
  expect(activeDocument()!.path).toBe('clicks.pipeline.json');
  expect(activeValidation()!.diagnostics).toEqual([]);
  const [source] = activeDocument()!.document.nodes;
  expect(source!.config).toMatchObject({
    path: 'clicks.csv',
    schema: [
      { name: 'time', type: 'TIMESTAMP' },
      { name: 'user', type: 'STRING' },
      { name: 'page', type: 'STRING' },
    ],
    rowsPerSecond: '${speed}',
    eventTime: { field: 'time' },
  });
  expect(useViewStore.getState().selectedNodeIds).toEqual(['rows']);
});

it('overwrites nothing', async () => {
  const host = startTest({ files: { 'a.csv': 'mine', 'a.pipeline.json': 'mine' } });
  await createFromCsv(csv('n;m\n1;2\n', 'a.csv'));
  expect(host.fileText('a.csv')).toBe('mine');
  expect(host.fileText('a.pipeline.json')).toBe('mine');
  expect(activeDocument()!.path).toBe('a-2.pipeline.json');
  expect(activeDocument()!.document.nodes[0]!.config).toMatchObject({ path: 'a-2.csv', delimiter: ';' });
});

it('says when a file holds no rows', async () => {
  await createFromCsv(csv('', 'empty.csv'));
  expect(activeDocument()).toBeNull();
  expect(useNoticeStore.getState().notices).toHaveLength(1);
});

it('finds the delimiter, and an event time only where there is one', () => {
  expect(['a,b;c,d\n', 'a;b\n', 'a\tb\tc', 'a|b', 'a'].map(delimiterOf)).toEqual([',', ';', '\t', '|', ',']);
  const document = pipelineOf('n', 'n.csv', inferSchema('n\n1\n', 'csv'), {
    delimiter: ',',
    rowsPerSecond: 50,
  });
  expect(document.nodes[0]!.config).not.toHaveProperty('eventTime');
});
