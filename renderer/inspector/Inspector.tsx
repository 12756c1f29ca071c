/** What is selected: a node's form, an edge's schema, or (nothing selected) the document's settings. */
import { MousePointer2 } from 'lucide-react';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { preloadMonacoWhenIdle } from '../code/monaco-loader.ts';
import { NoPipeline } from '../files/NoPipeline.tsx';
import { usePipeline } from '../stores/document-store.ts';
import { useSelectedEdge, useSelectedNodeId, useViewStore } from '../stores/view-store.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { DocumentInspector } from './DocumentInspector.tsx';
import { EdgeInspector } from './EdgeInspector.tsx';
import { NodeInspector } from './NodeInspector.tsx';
import './inspector.css';

export function Inspector(): ReactNode {
  const { t } = useTranslation();
  const document = usePipeline();
  const nodeId = useSelectedNodeId();
  const edge = useSelectedEdge();
  useEffect(preloadMonacoWhenIdle, []);
  const selected = useViewStore((state) => state.selectedNodeIds.length);
  if (document === null) return <NoPipeline />;
  if (selected > 1) {
    return (
      <EmptyState
        icon={<MousePointer2 size={20} />}
        title={t('inspector:empty.several', { count: selected })}
        hint={t('inspector:empty.severalHint')}
      />
    );
  }
  if (nodeId !== null) return <NodeInspector key={nodeId} nodeId={nodeId} />;
  if (edge !== null) return <EdgeInspector edge={edge} />;
  return <DocumentInspector />;
}
