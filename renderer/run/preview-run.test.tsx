import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { StatusBar } from '../app/StatusBar.tsx';
import { openPipeline, renderInApp, sketch, sourceNode, startTest } from '../testing/app.tsx';
import { PreviewRunDialog } from './PreviewRunDialog.tsx';

afterEach(cleanup);

const file = (path: string) => ({ type: 'sink.file', config: { path, format: 'csv' } });

it('lets no sink write but those that are ticked, and says that it is a preview', async () => {
  const host = startTest();
  openPipeline(
    sketch(
      { in: sourceNode(['user STRING']), kept: file('kept.csv'), off: file('off.csv'), table: { type: 'sink.table' } },
      ['in -> kept', 'in -> off', 'in -> table'],
    ),
  );
  renderInApp(
    <>
      <StatusBar />
      <PreviewRunDialog onClose={() => {}} />
    </>,
  );
  const boxes = screen.getAllByRole<HTMLInputElement>('checkbox');
  expect(boxes.map(({ checked }) => checked)).toEqual([false, false]);
  fireEvent.click(boxes[0]!);
  await act(async () => {
    fireEvent.click(screen.getByRole('button', { name: 'Preview' }));
  });
  expect(host.started.at(-1)?.options).toMatchObject({ preview: { writes: ['kept'] }, resume: false });
  expect(screen.getByText('preview')).toBeTruthy();
});
