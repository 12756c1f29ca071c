import { useDeferredValue, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Target } from '../../runtime/exporters/target.ts';
import type { OpenDocument } from '../stores/document-store.ts';
import { revealOnCanvas } from '../stores/view-store.ts';
import { ExportedFiles } from './ExportedFiles.tsx';
import { exportOpen } from './exported.ts';
import { LossList } from './LossList.tsx';
import './export.css';

/** What the document is in a target, kept up to date; or why it is nothing there. */
export function TargetPreview({ open, target }: { readonly open: OpenDocument; readonly target: Target }): ReactNode {
  const { t } = useTranslation();
  const document = useDeferredValue(open.document);
  const { report, files } = useMemo(() => exportOpen(open.path, document, target), [open.path, document, target]);
  if (report === null) return <p className="export-none">{t('export:invalid')}</p>;
  if (files.length > 0) return <ExportedFiles files={files} />;
  const impossible = report.nodes.filter(({ fidelity }) => fidelity === 'impossible');
  return (
    <div className="export-refusal">
      <p>{t('export:refused', { target: target.label })}</p>
      <LossList report={{ ...report, job: [], nodes: impossible }} onNode={revealOnCanvas} />
    </div>
  );
}
