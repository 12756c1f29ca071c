import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import { Dialogs } from '../app/Dialogs.tsx';
import { CodeView } from '../code/CodeView.tsx';
import type { FakeHost } from '../host/fake.ts';
import { Palette } from '../palette/Palette.tsx';
import { openDialog } from '../stores/dialog-store.ts';
import { activeDocument, undo } from '../stores/document-store.ts';
import { useNoticeStore } from '../stores/notice-store.ts';
import { activeValidation, validateNow } from '../stores/validation-store.ts';
import { useViewStore } from '../stores/view-store.ts';
import { openPipeline, renderInApp, sketch, sourceNode, startTest } from '../testing/app.tsx';
import { followTargets, toggleTarget } from './chosen-targets.ts';
import { importSql } from './import-sql.ts';

const SOURCE = sourceNode(['user STRING']);
const SCRIPT = {
  code: 'export function onRow(row, ctx) {\n  ctx.emit(row);\n}\n',
  outputSchema: [{ name: 'user', type: 'STRING' }],
};
/** No query holds it. */
const CODE = sketch({ clicks: SOURCE, own: { type: 'process.js', config: SCRIPT }, out: { type: 'sink.table' } }, [
  'clicks -> own',
  'own -> out',
]);
const PLAIN = sketch(
  { clicks: SOURCE, some: { type: 'filter', config: { condition: "user <> 'x'" } }, out: { type: 'sink.table' } },
  ['clicks -> some', 'some -> out'],
);

let host: FakeHost;
beforeEach(() => {
  host = startTest();
});
afterEach(cleanup);

async function openExport(): Promise<HTMLElement> {
  renderInApp(<Dialogs />);
  act(() => openDialog({ type: 'export' }));
  return screen.findByRole('dialog');
}

describe('the export dialog', () => {
  it('writes the chosen targets, each only once its losses were on screen', async () => {
    openPipeline(PLAIN);
    const dialog = await openExport();
    expect(within(dialog).getByText('What differs in Flink SQL')).toBeTruthy();
    expect((await within(dialog).findByLabelText<HTMLTextAreaElement>('Text of test.sql')).value).toContain(
      'CREATE TEMPORARY VIEW `some` AS',
    );
    fireEvent.click(within(dialog).getByRole('checkbox', { name: 'Export to PySpark' }));
    expect(within(dialog).getByText('What differs in PySpark')).toBeTruthy();
    await act(async () => fireEvent.click(within(dialog).getByRole('button', { name: 'Write 6 files' })));
    expect(host.fileText('export/test/flink-sql/test.sql')).toContain('EXECUTE STATEMENT SET');
    expect(host.fileText('export/test/spark/test.py')).toContain('SparkSession');
  });

  it('writes nothing where an operator has no place, and goes to it', async () => {
    openPipeline(CODE);
    const dialog = await openExport();
    expect(within(dialog).getByRole<HTMLButtonElement>('button', { name: /^Write/ }).disabled).toBe(true);
    expect(within(dialog).getByRole('status').textContent).toBe('Flink SQL cannot express this pipeline.');
    fireEvent.click(within(dialog).getByRole('button', { name: 'JavaScript' }));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(useViewStore.getState().revealed?.nodeId).toBe(nodeId('own'));
  });
});

describe('the targets of a pipeline', () => {
  it('warn of nodes, grey the palette, and are one step', () => {
    const unfollow = followTargets();
    try {
      openPipeline(CODE);
      expect(activeValidation()!.diagnostics.some(({ code }) => code === 'MR2401')).toBe(false);
      toggleTarget('flink-sql');
      validateNow();
      expect(activeValidation()!.byNode.get(nodeId('own'))).toContainEqual(
        expect.objectContaining({ code: 'MR2401', severity: 'warning' }),
      );
      renderInApp(<Palette />);
      const item = screen.getByRole('button', { name: 'Add JavaScript' });
      expect(item.title).toContain('Flink SQL: runs code');
      expect(within(item).getByText('Not in Flink SQL')).toBeTruthy();
      expect(within(screen.getByRole('button', { name: 'Add Filter' })).queryByText(/Not in/)).toBeNull();
      act(undo);
      expect(activeDocument()!.document.settings.targets).toEqual([]);
    } finally {
      unfollow();
    }
  });
});

describe('the code view', () => {
  it('shows the pipeline in other systems, or why it is nothing there', () => {
    openPipeline(PLAIN);
    renderInApp(<CodeView />);
    fireEvent.click(screen.getByRole('button', { name: 'PySpark' }));
    expect(screen.getByLabelText<HTMLTextAreaElement>('Text of test.py').value).toContain('SparkSession');
    act(() => openPipeline(CODE, 'code.pipeline.json'));
    fireEvent.click(screen.getByRole('button', { name: 'Flink SQL' }));
    expect(screen.getByText('Flink SQL cannot express this pipeline.')).toBeTruthy();
  });
});

describe('importing a script', () => {
  it('opens it as a new document, laid out, and says what was left out', async () => {
    const sql = "CREATE TABLE a (x INT) WITH ('connector' = 'filesystem', 'path' = 'a', 'format' = 'json');\nCREATE TABLE b (x INT) WITH ('connector' = 'print');\nINSERT INTO b SELECT x FROM a WHERE x > 1;\nDROP TABLE c;"; // prettier-ignore
    // Files of jsdom cannot be read.
    await importSql({ name: 'my job.sql', size: sql.length, text: () => Promise.resolve(sql) } as File);
    const { path, document } = activeDocument()!;
    expect(path).toBe('my-job.pipeline.json');
    expect(document.nodes.map(({ type }) => type)).toEqual(['source.file', 'sink.print', 'filter']);
    expect(new Set(document.nodes.map(({ position }) => position.x)).size).toBe(3);
    const [notice] = useNoticeStore.getState().notices;
    expect(notice).toMatchObject({ messageKey: 'export:import.partly', values: { count: 1 } });
    expect(notice!.detail).toContain('line 4, column 1: DROP TABLE');
  });
});
