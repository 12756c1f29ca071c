/** The app's state for a test: a host in memory, stores as at the start, a document on screen. */
import { cleanup, configure, render, type RenderResult } from '@testing-library/react';
import type { ReactNode } from 'react';
import type { StoreApi } from 'zustand';
import { nodeId, type NodeId } from '../../runtime/core/ids.ts';
import { emptyDocument, printDocument, type PipelineDocument, type RawConfig } from '../../runtime/graph/index.ts';
import { useCommandStore } from '../app/commands.ts';
import { useCanvasStore } from '../canvas/canvas-store.ts';
import { useDebugMemories } from '../debug/debug-memory.ts';
import { useDebugStore } from '../debug/debug-store.ts';
import { useFileList } from '../files/file-list.ts';
import { createFakeHost, type FakeHost, type FakeHostOptions } from '../host/fake.ts';
import { setHost } from '../host/host.ts';
import { useRuns } from '../runs/runs-store.ts';
import { useComparisonStore } from '../stores/comparison-store.ts';
import { useDialogStore } from '../stores/dialog-store.ts';
import { addOpenDocument, useDocumentStore } from '../stores/document-store.ts';
import { liveBuffer } from '../stores/live-buffer.ts';
import { useNoticeStore } from '../stores/notice-store.ts';
import { useRunStore } from '../stores/run-store.ts';
import { useSettingsStore } from '../stores/settings-store.ts';
import { useSubPipelineStore } from '../stores/sub-pipelines.ts';
import { useTestStore } from '../stores/test-store.ts';
import { useValidationStore, validateNow } from '../stores/validation-store.ts';
import { useViewStore } from '../stores/view-store.ts';
import { TooltipProvider } from '../ui/Tooltip.tsx';

// Views that are loaded when they are first shown take longer than a second on a busy machine.
configure({ asyncUtilTimeout: 15_000 });

function putBack<T>(store: StoreApi<T>): void {
  store.setState(store.getInitialState(), true);
}

/** Before each test: takes down what was rendered and puts everything back to the start. */
export function startTest(options: FakeHostOptions = {}): FakeHost {
  cleanup();
  putBack(useCanvasStore);
  putBack(useCommandStore);
  putBack(useComparisonStore);
  putBack(useDebugMemories);
  putBack(useDebugStore);
  putBack(useDialogStore);
  putBack(useDocumentStore);
  putBack(useFileList);
  putBack(useNoticeStore);
  putBack(useRuns);
  putBack(useRunStore);
  putBack(useSettingsStore);
  putBack(useSubPipelineStore);
  putBack(useTestStore);
  putBack(useValidationStore);
  putBack(useViewStore);
  liveBuffer.reset();
  const host = createFakeHost(options);
  setHost(host);
  return host;
}

/** Opens a tab with the document, checked, as if it had been read from its file. */
export function openPipeline(document: PipelineDocument, path = 'test.pipeline.json'): void {
  addOpenDocument({ path, text: printDocument(document), revision: '1' }, document);
  validateNow();
}

export function renderInApp(ui: ReactNode): RenderResult {
  return render(<TooltipProvider>{ui}</TooltipProvider>);
}

interface SketchNode {
  readonly type: string;
  readonly config?: RawConfig;
  readonly x?: number;
  readonly y?: number;
  readonly label?: string;
}

/** `sketch({ a: { type: 'filter' } }, ['a -> b', 'w.late -> c'])`; nodes stand in a row unless they say where. */
export function sketch(nodes: Readonly<Record<string, SketchNode>>, edges: readonly string[] = []): PipelineDocument {
  return {
    ...emptyDocument('Test'),
    nodes: Object.entries(nodes).map(([id, { type, config = {}, x, y = 0, label }], i) => ({
      id: nodeId(id),
      type,
      version: 1,
      position: { x: x ?? i * 300, y },
      config,
      ...(label === undefined ? {} : { label }),
    })),
    edges: edges.map((text) => {
      const [from, to] = text.split(' -> ').map(endOf);
      return { from: from!.id, fromPort: from!.port ?? 'out', to: to!.id, toPort: to!.port ?? 'in' };
    }),
  };
}

function endOf(text: string): { readonly id: NodeId; readonly port: string | undefined } {
  const [id = '', port] = text.split('.');
  return { id: nodeId(id), port };
}

/** A source whose schema is known: fields as `name TYPE`; with a `ts TIMESTAMP` it has event time. */
export function sourceNode(fields: readonly string[]): SketchNode {
  const schema = fields.map((text) => {
    const [name = '', type = 'STRING'] = text.split(' ');
    return { name, type };
  });
  const eventTime = schema.some((field) => field.name === 'ts') ? { eventTime: { field: 'ts' } } : {};
  return { type: 'source.file', config: { path: 'in.csv', format: 'csv', schema, ...eventTime } };
}
