import { act, fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { printDocument } from '../../runtime/graph/index.ts';
import type { RunRecord } from '../../runtime/protocol/run-record.ts';
import { activeDocument } from '../stores/document-store.ts';
import { openPipeline, renderInApp, sketch, sourceNode, startTest } from '../testing/app.tsx';
import { RunsView } from './RunsView.tsx';

const document = sketch({ in: sourceNode(['n INT']), out: { type: 'sink.table' } }, ['in -> out']);
const RUN: RunRecord = {
  id: '1',
  path: 'jobs/b.pipeline.json',
  kind: 'run',
  params: { speed: '5', gone: '1' },
  parallelism: 2,
  runtimeMode: 'batch',
  state: 'FINISHED',
  attempt: 1,
  error: null,
  startedAt: 0,
  endedAt: 65_000,
  rows: 1200,
  checkpoint: null,
};

async function show(runs: readonly RunRecord[]) {
  const withParameter = { ...document, settings: { ...document.settings, params: { speed: 1 } } };
  const host = startTest({ files: { 'jobs/b.pipeline.json': printDocument(withParameter) }, runs });
  openPipeline(document);
  renderInApp(<RunsView />);
  await act(async () => undefined);
  return host;
}

describe('the runs of the workspace', () => {
  it('are listed by what became of them, with their pipelines, and found by those', async () => {
    await show([
      { ...RUN, id: '3', state: 'RUNNING', endedAt: null, startedAt: Date.now() - 3000 },
      { ...RUN, id: '2', path: 'a.pipeline.json', state: null, endedAt: null, kind: 'preview' },
      RUN,
    ]);
    const running = within(screen.getByRole('region', { name: 'Running' })).getAllByRole('listitem');
    expect(running.map((item) => item.textContent)).toEqual([expect.stringContaining('running · 3 s · 1.2 k rows')]);
    const ended = within(screen.getByRole('region', { name: 'Ended' })).getAllByRole('listitem');
    expect(ended[0]!.textContent).toMatch(/^apreview.*ended with the app/);
    expect(ended[1]!.textContent).toContain('finished · 1 min 5 s · 1.2 k rows');
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'A.pipe' } });
    expect(screen.getAllByRole('listitem')).toHaveLength(1);
  });

  it('say why one failed, and run it again with the values it had', async () => {
    const error = { code: 'MR2002' as const, message: 'no room', remedy: 'Make some.' };
    const host = await show([{ ...RUN, state: 'FAILED', error }]);
    fireEvent.click(screen.getByRole('button', { name: /^b ?failed/ }));
    expect(screen.getByText('Make some.')).toBeDefined();
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Run again' })));
    expect(activeDocument()!.path).toBe('jobs/b.pipeline.json');
    // A parameter that the pipeline has no more would be refused.
    expect(host.started.at(-1)).toMatchObject({
      path: 'jobs/b.pipeline.json',
      options: { parallelism: 2, runtimeMode: 'batch', params: { speed: '5' }, resume: false },
    });
  });

  it('are none at first', async () => {
    await show([]);
    expect(screen.getByText('Nothing was run yet')).toBeDefined();
  });
});
