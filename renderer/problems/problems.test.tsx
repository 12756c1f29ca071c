import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import { setConfig, setInNode } from '../../runtime/graph/index.ts';
import { openTestDocument, PATH } from '../inspector/test-document.ts';
import { activeDocument, edit } from '../stores/document-store.ts';
import { useRunStore } from '../stores/run-store.ts';
import { validateNow } from '../stores/validation-store.ts';
import { useViewStore } from '../stores/view-store.ts';
import { openPipeline, sketch, sourceNode, startTest } from '../testing/app.tsx';
import { TooltipProvider } from '../ui/Tooltip.tsx';
import { bySeverity, placeText } from './problem-list.ts';
import { ProblemsPanel } from './ProblemsPanel.tsx';

beforeEach(() => {
  openTestDocument();
});
afterEach(cleanup);

function show(): void {
  render(
    <TooltipProvider>
      <ProblemsPanel />
    </TooltipProvider>,
  );
}

describe('ProblemsPanel', () => {
  it('lists what is wrong and goes to its place', () => {
    show();
    const row = screen.getByRole('button', { name: /Error.*stats.*Suspicious · Condition/ });
    fireEvent.click(row);
    expect(useViewStore.getState().revealed).toMatchObject({
      nodeId: 'bad',
      path: 'condition',
      range: { start: 0, end: 5 },
    });
    expect(screen.getByRole('button', { name: 'What MR1302 means' })).toBeTruthy();
  });

  it('filters by severity and by text', () => {
    show();
    fireEvent.click(screen.getByRole('button', { name: '1 error' }));
    expect(screen.queryByText(/stats/)).toBeNull();
    expect(screen.getByText('No problem matches the filter.')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: '1 error' }));
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'suspicious' } });
    expect(screen.getByText(/stats/)).toBeTruthy();
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'nowhere' } });
    expect(screen.queryByText(/stats/)).toBeNull();
  });

  it('says when there is nothing wrong', () => {
    show();
    act(() => {
      edit('mend', (document) => setConfig(document, nodeId('bad'), ['condition'], 'status > 1'));
      validateNow();
    });
    expect(screen.getByText('No problems')).toBeTruthy();
  });

  it('mends by a click what an operator in between mends', () => {
    const total = {
      type: 'aggregate.running',
      config: { groupBy: ['page'], aggregates: [{ as: 'n', fn: 'COUNT', expr: '*' }] },
    };
    const file = { type: 'sink.file', config: { path: 'out', format: 'jsonl' } };
    openPipeline(sketch({ in: sourceNode(['page STRING']), total, file }, ['in -> total', 'total -> file']));
    validateNow();
    show();
    expect(screen.getByText(/"total" \(Running aggregate\) changes results that it has sent before/)).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Insert To changelog' }));
    act(() => validateNow());
    expect(screen.getByText('No problems')).toBeTruthy();
  });

  it('leaves out a field that nothing reads, and puts a sink behind an open output', () => {
    startTest();
    const source = sourceNode(['page STRING', 'user STRING']);
    const lean = { type: 'project', config: { fields: ['page', 'user'].map((name) => ({ as: name, expr: name })) } };
    const last = { type: 'project', config: { fields: [{ as: 'page', expr: 'page' }] } };
    openPipeline(sketch({ in: source, lean, last }, ['in -> lean', 'lean -> last']));
    validateNow();
    show();
    fireEvent.click(screen.getByRole('button', { name: 'Add Table behind it' }));
    act(() => validateNow());
    fireEvent.click(screen.getByRole('button', { name: 'Leave out "user"' }));
    act(() => validateNow());
    expect(screen.getByText('No problems')).toBeTruthy();
    const { nodes, edges } = activeDocument()!.document;
    expect(nodes[1]!.config).toEqual({ fields: [{ as: 'page', expr: 'page' }] });
    expect(edges.at(-1)).toMatchObject({ from: 'last', to: 'sinkTable' });
  });

  it('adds why the host refused to run it', () => {
    useRunStore.setState({
      path: PATH,
      refusals: [{ severity: 'error', code: 'MR1601', message: 'the parameter "x" has no value' }],
    });
    show();
    expect(screen.getByText('the parameter "x" has no value')).toBeTruthy();
  });
});

describe('problem list', () => {
  const warning = { severity: 'warning', code: 'MR1109', message: 'w' } as const;
  const error = { severity: 'error', code: 'MR1302', message: 'e' } as const;

  it('puts errors first and says nothing twice', () => {
    expect(bySeverity([warning, error], [error])).toEqual([error, warning]);
  });

  it('names places', () => {
    const nameOf = (id: string): string => id.toUpperCase();
    const placeOf = (_: string | null, path: string): string => `at ${path}`;
    expect(placeText({ ...error, nodeId: nodeId('a'), path: 'x[0]' }, nameOf, placeOf)).toBe('A · at x[0]');
    expect(placeText({ ...error, edge: { from: 'a', fromPort: 'out', to: 'b', toPort: 'in' } }, nameOf, placeOf)).toBe(
      'A → B',
    );
    expect(placeText({ ...error, path: 'settings.parallelism' }, nameOf, placeOf)).toBe('at settings.parallelism');
    expect(placeText(error, nameOf, placeOf)).toBe('');
  });
});

describe('a problem with a setting that mends it', () => {
  it('is mended by a click', () => {
    startTest();
    openPipeline(
      sketch(
        {
          in: sourceNode(['id STRING']),
          once: { type: 'dedup', config: { keys: ['id'] } },
          out: { type: 'sink.table' },
        },
        ['in -> once', 'once -> out'],
      ),
    );
    const source = activeDocument()!.document.nodes[0]!;
    act(() => edit('follow', (document) => setInNode(document, source.id, ['config', 'follow'], true)));
    act(validateNow);
    show();
    fireEvent.click(screen.getByRole('button', { name: 'Set State TTL to 1 day' }));
    expect(activeDocument()!.document.nodes[1]!.config).toMatchObject({ stateTtl: '1 day' });
  });
});
