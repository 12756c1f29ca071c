import { Panel } from '@xyflow/react';
import { ChevronRight } from 'lucide-react';
import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { documentName } from '../../files/document-files.ts';
import { useDocumentStore } from '../../stores/document-store.ts';
import { jumpOut, useEntrances, wayTo } from './sub-pipeline-actions.ts';
import './sub-pipelines.css';

/** Where one is, below which pipelines; a click goes back out. */
export function Breadcrumb({ path }: { readonly path: string }): ReactNode {
  const { t } = useTranslation();
  useEntrances();
  useDocumentStore((state) => state.documents.length);
  const way = wayTo(path);
  if (way.length === 0) return null;
  return (
    <Panel position="top-left">
      <nav className="canvas-breadcrumb" aria-label={t('canvas:subPipeline.way')}>
        {way.map((entrance) => (
          <Fragment key={entrance.path}>
            <button type="button" title={entrance.path} onClick={() => jumpOut(entrance)}>
              {documentName(entrance.path)}
            </button>
            <ChevronRight size={13} aria-hidden />
          </Fragment>
        ))}
        <span aria-current="page">{documentName(path)}</span>
      </nav>
    </Panel>
  );
}
