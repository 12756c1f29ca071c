// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import { activeDocument, undo } from '../stores/document-store.ts';
import { useNoticeStore } from '../stores/notice-store.ts';
import { activeValidation } from '../stores/validation-store.ts';
import { selectNodes, useViewStore } from '../stores/view-store.ts';
import { openPipeline, sketch, sourceNode, startTest } from '../testing/app.tsx';
import { explodeSelection } from './explode-selection.ts';
import { copyAsSql, replaceBySql } from './sql-region.ts';

const document = sketch(
  {
    in: sourceNode(['user STRING', 'n INT']),
    'more-of-it': sourceNode(['user STRING', 'n INT']),
    all: { type: 'union' },
    keep: { type: 'filter', config: { condition: "n > 1 AND user <> '${who}'" } },
    slow: { type: 'rateLimit', config: { rowsPerSecond: 10 }, label: 'Slower' },
    out: { type: 'sink.table' },
    out2: { type: 'sink.table' },
  },
  ['in -> all', 'more-of-it -> all', 'all -> keep', 'keep -> slow', 'slow -> out', 'keep -> out2'],
);
const named = { ...document, settings: { ...document.settings, params: { who: '${x}' } } };

function select(...ids: string[]): void {
  selectNodes(ids.map(nodeId));
}

function edges(): readonly string[] {
  return (activeDocument()?.document.edges ?? [])
    .map(({ from, to, toPort }) => `${from} -> ${to}${toPort === 'in' ? '' : `.${toPort}`}`)
    .sort();
}

function refusal(): string | null {
  return (
    useNoticeStore.getState().notices.find(({ messageKey }) => messageKey === 'canvas:sql.refused')?.detail ?? null
  );
}

const writeText = vi.fn((_text: string) => Promise.resolve());

beforeEach(() => {
  startTest();
  writeText.mockClear();
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText } });
  openPipeline(named);
});

describe('replaceBySql', () => {
  it('puts one operator in place of several, joined as they were, as one step', () => {
    const before = edges();
    select('all', 'keep');
    replaceBySql();
    expect(refusal()).toBeNull();
    expect(edges()).toEqual(['in -> sql', 'more-of-it -> sql.more_of_it', 'slow -> out', 'sql -> out2', 'sql -> slow']);
    expect(useViewStore.getState().selectedNodeIds).toEqual(['sql']);
    expect(activeValidation()?.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    undo();
    expect(edges()).toEqual(before);
  });

  it('writes what parameters were as text', () => {
    select('keep');
    replaceBySql();
    const { config } = activeDocument()!.document.nodes.at(-1)!;
    expect(config['query']).toBe("SELECT *\nFROM `all`\nWHERE n > 1 AND `user` <> '$${x}'");
    expect(activeValidation()?.nodes.get(nodeId('sql'))?.config).toMatchObject({
      query: "SELECT *\nFROM `all`\nWHERE n > 1 AND `user` <> '${x}'",
    });
  });

  it('takes back what was taken apart', () => {
    select('all', 'keep');
    replaceBySql();
    explodeSelection();
    expect(activeDocument()!.document.nodes.map(({ type }) => type)).not.toContain('sql');
    replaceBySql();
    expect(refusal()).toBeNull();
    expect(edges()).toEqual(['in -> sql', 'more-of-it -> sql.more_of_it', 'slow -> out', 'sql -> out2', 'sql -> slow']);
  });

  it.each([
    [[], 'No node is selected.'],
    [['all', 'slow'], 'A query has one result, and rows leave these nodes by several: Union, Slower. Select up to one of them.'], // prettier-ignore
    [['slow'], '“Slower” slows rows down, which is nothing that a query can ask for.'],
    [['in'], '“File source” is a source: leave it out, and its rows are a table of the query.'],
  ])('says why not: %j', (ids, why) => {
    select(...ids);
    replaceBySql();
    expect(refusal()).toBe(why);
    expect(activeDocument()?.document).toEqual(named);
  });

  it('says that one operator has one number of subtasks', () => {
    startTest();
    const nodes = named.nodes.map((node) => (node.id === 'keep' ? { ...node, parallelism: 2 } : node));
    openPipeline({ ...named, nodes });
    select('all', 'keep');
    replaceBySql();
    expect(refusal()).toContain('different numbers of subtasks');
    select('keep');
    replaceBySql();
    expect(activeDocument()!.document.nodes.at(-1)).toMatchObject({ type: 'sql', parallelism: 2 });
  });
});

describe('copyAsSql', () => {
  it('copies the query', async () => {
    select('all', 'keep');
    await copyAsSql();
    expect(writeText.mock.calls).toEqual([
      [
        [
          'WITH `all` AS (',
          '  SELECT *',
          '  FROM `in`',
          '  UNION ALL',
          '  SELECT *',
          '  FROM more_of_it',
          ')',
          'SELECT *',
          'FROM `all`',
          "WHERE n > 1 AND `user` <> '${x}'",
        ].join('\n'),
      ],
    ]);
    expect(useNoticeStore.getState().notices.map(({ messageKey }) => messageKey)).toEqual(['canvas:sql.copied']);
  });

  it('says why there is none', async () => {
    select('slow', 'keep');
    await copyAsSql();
    expect(refusal()).toContain('several');
    expect(writeText).not.toHaveBeenCalled();
  });
});
