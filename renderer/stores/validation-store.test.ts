// @vitest-environment jsdom
import { renderHook } from '@testing-library/react';
import { act } from 'react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import { connect, setConfig } from '../../runtime/graph/index.ts';
import { openPipeline, sketch, sourceNode, startTest } from '../testing/app.tsx';
import { activeDocument, edit, removeOpenDocument } from './document-store.ts';
import {
  activeValidation,
  startValidation,
  tryValidate,
  useNodeDiagnostics,
  useNodeInfo,
  useValidationStore,
  validateNow,
} from './validation-store.ts';

const document = sketch(
  {
    in: sourceNode(['user STRING', 'n INT']),
    keep: { type: 'filter', config: { condition: 'n > 1' } },
    out: { type: 'sink.table' },
  },
  ['in -> keep', 'keep -> out'],
);

function breakCondition(text: string): void {
  edit('condition', (d) => setConfig(d, nodeId('keep'), ['condition'], text));
  validateNow();
}

describe('validation of open documents', () => {
  beforeEach(() => {
    startTest();
    openPipeline(document);
  });

  it('knows the schema at every port', () => {
    const info = activeValidation()?.nodes.get(nodeId('keep'));
    expect(info?.outputs['out']?.schema.fields.map((field) => field.name)).toEqual(['user', 'n']);
    expect(activeValidation()?.diagnostics).toEqual([]);
  });

  it('puts problems at their node', () => {
    breakCondition('m > 1');
    const problems = activeValidation()?.byNode.get(nodeId('keep'));
    expect(problems?.map(({ code, path }) => [code, path])).toEqual([['MR1302', 'condition']]);
  });

  it('does not render a node again whose problems say the same', () => {
    breakCondition('m > 1');
    const { result } = renderHook(() => [useNodeDiagnostics(nodeId('keep')), useNodeInfo(nodeId('in'))]);
    const before = result.current;
    act(() => {
      edit('sink', (d) => setConfig(d, nodeId('out'), ['rows'], 10));
      validateNow();
    });
    expect(result.current[0]).toBe(before[0]);
    expect(result.current[1]).toBe(before[1]);
  });

  it('checks the edits of one burst once', () => {
    vi.useFakeTimers();
    const stop = startValidation();
    const checked: unknown[] = [];
    const unsubscribe = useValidationStore.subscribe(({ results }) => checked.push(results));
    for (const text of ['n > 1 A', 'n > 1 AN', 'n > 1 AND']) {
      edit('condition', (d) => setConfig(d, nodeId('keep'), ['condition'], text));
    }
    vi.runAllTimers();
    unsubscribe();
    stop();
    vi.useRealTimers();
    expect(checked).toHaveLength(1);
    expect(activeValidation()?.document).toBe(activeDocument()?.document);
  });

  it('tries a document out without touching what is shown', () => {
    const open = activeDocument();
    if (open === null) throw new Error('no document is open');
    const before = activeValidation();
    const cyclic = connect(document, { from: nodeId('keep'), to: nodeId('keep') });
    expect(tryValidate(open, cyclic).diagnostics.length).toBeGreaterThan(0);
    validateNow();
    expect(activeValidation()).toBe(before);
  });

  it('forgets a document that was closed', () => {
    removeOpenDocument('test.pipeline.json');
    validateNow();
    expect(useValidationStore.getState().results.size).toBe(0);
  });
});
