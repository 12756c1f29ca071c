import { expect, it } from 'vitest';
import { nodeId } from '../../core/ids.ts';
import { emptyDocument, type PipelineDocument } from '../document.ts';
import type { TestCase } from '../test-case.ts';
import { changeId } from './nodes.ts';
import { addTestCase, changeTestCase, duplicateTestCase, removeTestCase } from './test-cases.ts';

const a = nodeId('a');
const rows: TestCase['steps'] = [{ node: a, port: 'out', rows: [{ n: 1 }] }, { advance: '1 second' }];
const names = ({ tests }: PipelineDocument): string[] => tests.map(({ name }) => name);

const node = { id: a, type: 't', version: 1, position: { x: 0, y: 0 }, config: {} };
const { document } = addTestCase({ ...emptyDocument('p'), nodes: [node] }, { name: 'late row', steps: rows });

it('gives each case a name of its own', () => {
  const copy = duplicateTestCase(addTestCase(document, { name: 'other' }).document, 0);
  expect([names(copy.document), copy.index]).toEqual([['late row', 'late row 2', 'other'], 1]);
  expect(names(duplicateTestCase(copy.document, 1).document)).toEqual([
    'late row',
    'late row 2',
    'late row 3',
    'other',
  ]);
  expect(names(removeTestCase(copy.document, 0))).toEqual(['late row 2', 'other']);
});

it('is the same document when nothing changes', () => {
  expect(changeTestCase(document, 0, (one) => one)).toBe(document);
  expect(changeTestCase(document, 7, (one) => ({ ...one, name: 'x' }))).toBe(document);
  expect(removeTestCase(document, 7)).toBe(document);
});

it('follows the id of a node', () => {
  const renamed = changeId(document, a, 'clicks');
  expect(renamed.ok && renamed.value.tests[0]?.steps).toEqual([{ ...rows[0], node: 'clicks' }, rows[1]]);
});
