import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnyOperatorSpec } from '../../runtime/core/operator.ts';
import { changeId, setLabel, type PipelineNode } from '../../runtime/graph/index.ts';
import { activeDocument, edit, sealStep } from '../stores/document-store.ts';
import { selectNodes } from '../stores/view-store.ts';
import { nodeId } from '../../runtime/core/ids.ts';
import { OperatorIcon } from '../ui/OperatorIcon.tsx';
import { nodeLabel, operatorSummary } from '../ui/operator-assets.ts';

interface NodeHeaderProps {
  readonly node: PipelineNode;
  /** Null: a type this version does not have. */
  readonly spec: AnyOperatorSpec | null;
}

export function NodeHeader({ node, spec }: NodeHeaderProps): ReactNode {
  const { t } = useTranslation();
  return (
    <header className="inspector-header">
      <OperatorIcon type={node.type} category={spec?.category ?? null} size={28} />
      <div className="inspector-title">
        <input
          className="inspector-name"
          aria-label={t('inspector:node.label')}
          value={node.label ?? ''}
          placeholder={nodeLabel({ ...node, label: '' })}
          spellCheck={false}
          onChange={(event) => {
            const text = event.target.value;
            edit(t('inspector:edit.label'), (document) => setLabel(document, node.id, text), `label:${node.id}`);
          }}
          onBlur={sealStep}
          onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
        />
        <p className="inspector-kind">
          <code>{node.type}</code> · <NodeIdField key={node.id} node={node} />
        </p>
      </div>
      {spec !== null && <p className="inspector-summary">{operatorSummary(spec)}</p>}
    </header>
  );
}

/** The id, changed when it is left: state and metrics are named by it, so it is not changed while it is typed. */
function NodeIdField({ node }: { readonly node: PipelineNode }): ReactNode {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<string>(node.id);
  const open = activeDocument();
  const outcome = open === null ? null : changeId(open.document, node.id, draft);
  const error = outcome === null || outcome.ok ? null : outcome.error;

  const commit = (): void => {
    if (draft === node.id) return;
    if (error !== null) {
      setDraft(node.id);
      return;
    }
    edit(t('inspector:edit.id', { id: draft }), (document) => {
      const changed = changeId(document, node.id, draft);
      return changed.ok ? changed.value : document;
    });
    selectNodes([nodeId(draft)]);
  };
  return (
    <input
      className="inspector-id"
      aria-label={t('inspector:node.id')}
      aria-invalid={error !== null}
      title={error ?? t('inspector:node.idHelp')}
      size={Math.max(4, draft.length)}
      spellCheck={false}
      value={draft}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key === 'Escape') setDraft(node.id);
      }}
    />
  );
}
