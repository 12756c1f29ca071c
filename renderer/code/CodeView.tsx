/** The document as JSON, for who would rather type: what parses becomes the document at once, as one undo step per visit. */
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Diagnostic } from '../../runtime/core/diagnostics.ts';
import { parseDocument, printDocument } from '../../runtime/graph/index.ts';
import { said } from '../app/i18n/said.ts';
import { NoPipeline } from '../files/NoPipeline.tsx';
import { targets } from '../../runtime/exporters/targets.ts';
import { TargetPreview } from '../export/TargetPreview.tsx';
import { edit, printedText, sealStep, useActiveDocument, type OpenDocument } from '../stores/document-store.ts';
import { useValidation } from '../stores/validation-store.ts';
import { useViewStore } from '../stores/view-store.ts';
import { Segmented } from '../ui/fields.tsx';
import { SeverityIcon } from '../ui/Badge.tsx';
import { CodeEditor } from './CodeEditor.tsx';
import { documentProblems, rangeOf, textProblems } from './code-problems.ts';
import type { EditorPlace } from './editor-types.ts';
import './code.css';

export function CodeView(): ReactNode {
  const open = useActiveDocument();
  if (open === null) return <NoPipeline />;
  return <DocumentViews key={open.path} open={open} />;
}

const DOCUMENT = 'document';
/** Of the resolved graph as JSON there is no need beside the document itself. */
const PREVIEWED = targets.filter(({ version }) => version !== null);

/** The document's own text, and what it is in other systems. */
function DocumentViews({ open }: { readonly open: OpenDocument }): ReactNode {
  const { t } = useTranslation();
  const [shown, setShown] = useState<string>(DOCUMENT);
  const target = PREVIEWED.find(({ id }) => id === shown);
  return (
    <div className="code-view">
      <div className="code-views">
        <Segmented
          label={t('code:views')}
          value={shown}
          options={[{ value: DOCUMENT, label: 'JSON' }, ...PREVIEWED.map(({ id, label }) => ({ value: id, label }))]}
          onChange={setShown}
        />
        {target !== undefined && <span>{t('export:preview', { target: target.label })}</span>}
      </div>
      {target === undefined ? <DocumentCode open={open} /> : <TargetPreview key={shown} open={open} target={target} />}
    </div>
  );
}

/** Text that was typed: what it means, and what the document's own text was then. */
interface Draft {
  readonly text: string;
  readonly problems: readonly Diagnostic[];
  /** `printDocument` of what it parsed to; of the document before it when it does not parse. */
  readonly printed: string;
}

function DocumentCode({ open }: { readonly open: OpenDocument }): ReactNode {
  const { t } = useTranslation();
  const validation = useValidation();
  const [draft, setDraft] = useState<Draft | null>(null);
  const printed = printedText(open.document);
  // Typed text stays as it was typed until the document is changed from elsewhere (undo, the canvas).
  const isCurrent = draft !== null && draft.printed === printed;
  const text = isCurrent ? draft.text : printed;
  const refused = isCurrent && draft.problems.length > 0 ? draft.problems : null;

  const change = (next: string): void => {
    const { document, diagnostics } = parseDocument(next);
    if (document === null) {
      setDraft({ text: next, problems: diagnostics, printed });
      return;
    }
    const nextPrinted = printDocument(document);
    setDraft({ text: next, problems: [], printed: nextPrinted });
    // Blanks and key order alone change nothing.
    if (nextPrinted !== printed) edit(t('code:edit'), () => document, 'code');
  };
  const problems = useMemo(
    () =>
      refused !== null
        ? textProblems(text, refused)
        : documentProblems(text, open.document, validation?.document === open.document ? validation.diagnostics : []),
    [refused, text, open.document, validation],
  );
  const place = useRevealedPlace(text, open);
  return (
    <div className="code-document" onBlur={sealStep}>
      {refused !== null && (
        <p className="code-refused" role="status">
          <SeverityIcon severity="error" size={14} />
          {t('code:notApplied')} <span>{said(refused[0]?.message ?? '')}</span>
        </p>
      )}
      <div className="code-text">
        <CodeEditor
          label={t('code:label', { path: open.path })}
          language="json"
          fileName="document.pipeline.json"
          value={text}
          problems={problems}
          place={place}
          onChange={change}
        />
      </div>
    </div>
  );
}

/** A problem that was clicked elsewhere is shown here too. */
function useRevealedPlace(text: string, open: OpenDocument): EditorPlace | null {
  const revealed = useViewStore((state) => state.revealed);
  return useMemo(() => {
    if (revealed === null) return null;
    const { nodeId, edge, path } = revealed;
    const place = {
      ...(nodeId === null ? {} : { nodeId }),
      ...(edge === null ? {} : { edge }),
      ...(path === null ? {} : { path }),
    };
    return { range: rangeOf(text, open.document, place), request: revealed };
  }, [revealed, text, open.document]);
}
