import { useCallback, useMemo, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { NodeId } from '../../runtime/core/ids.ts';
import { setConfig, type PipelineNode } from '../../runtime/graph/index.ts';
import { valuesAt } from '../debug/debug-look.ts';
import { nameAt } from '../rename/name-at.ts';
import { fieldAt } from '../rename/selected-fields.ts';
import { openDialog } from '../stores/dialog-store.ts';
import { edit, sealStep, useNode, usePipeline } from '../stores/document-store.ts';
import { useNodeDiagnostics, useNodeInfo, useValidation } from '../stores/validation-store.ts';
import { useViewStore } from '../stores/view-store.ts';
import { nodeLabel } from '../ui/operator-assets.ts';
import { eventTimeField } from './event-time-field.ts';
import { ConfigForm } from './form/ConfigForm.tsx';
import { printPath } from './form/config-path.ts';
import type { ConfigChange, RevealedField } from './form/form-context.ts';
import type { ChangeKind } from './widgets/widget.ts';
import { useSchemaActions } from './InferSchema.tsx';
import { NodeHeader } from './NodeHeader.tsx';
import { NodeMetrics } from './NodeMetrics.tsx';
import { NodeParallelism } from './NodeParallelism.tsx';
import { OperatorDocs } from './OperatorDocs.tsx';
import { SchemaSides } from './SchemaView.tsx';

export function NodeInspector({ nodeId }: { readonly nodeId: NodeId }): ReactNode {
  const node = useNode(nodeId);
  return node === null ? null : <Body node={node} />;
}

function Body({ node }: { readonly node: PipelineNode }): ReactNode {
  const { t } = useTranslation();
  const info = useNodeInfo(node.id);
  const diagnostics = useNodeDiagnostics(node.id);
  const revealed = useRevealedField(node.id);
  const timeField = useEventTimeField(node.id);
  const spec = info?.spec ?? null;
  const name = nodeLabel(node);

  const change = useCallback(
    (changes: readonly ConfigChange[], kind: ChangeKind) => {
      const place = printPath(changes.at(-1)?.path ?? []);
      edit(
        t('inspector:edit.config', { name, place }),
        (document) => changes.reduce((changed, one) => setConfig(changed, node.id, one.path, one.value), document),
        kind === 'typing' ? `config:${node.id}:${place}` : null,
      );
    },
    [t, name, node.id],
  );

  const evaluate = useCallback((expression: string) => valuesAt(node.id, expression), [node.id]);
  const rename = useCallback((text: string, at: number) => renameAt(node.id, text, at), [node.id]);
  const actions = useSchemaActions(spec, node.id, node.config);

  return (
    <div className="inspector" data-node={node.id} onKeyDown={(event) => renameNamedField(event, node.id)}>
      <NodeHeader node={node} spec={spec} />
      <NodeMetrics nodeId={node.id} />
      {spec === null ? (
        <p className="inspector-unknown">{t('inspector:node.unknownType', { type: node.type })}</p>
      ) : (
        <>
          <ConfigForm
            formId={`config-${node.id}`}
            fields={spec.config.fields}
            config={node.config}
            diagnostics={diagnostics}
            inputs={info?.inputs ?? []}
            isSource={spec.category === 'source'}
            revealed={revealed}
            evaluate={evaluate}
            actions={actions}
            onChange={change}
            onSettle={sealStep}
            onRename={rename}
          />
          <NodeParallelism node={node} traits={info?.traits ?? null} />
          {info !== null && <SchemaSides nodeId={node.id} info={info} eventTimeField={timeField} />}
          <OperatorDocs type={node.type} />
        </>
      )}
    </div>
  );
}

/** F2 in a text that is the name of a field, or holds one at the cursor. */
function renameNamedField(event: KeyboardEvent, id: NodeId): void {
  if (event.key !== 'F2' || !(event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement))
    return;
  if (renameAt(id, event.target.value, event.target.selectionStart ?? 0)) event.preventDefault();
}

/** False: no field has the name that is the text, or that stands at the place in it. */
function renameAt(id: NodeId, text: string, at: number): boolean {
  const field = fieldAt(id, text) ?? fieldAt(id, nameAt(text, at) ?? '');
  if (field !== null) openDialog({ type: 'rename-field', field });
  return field !== null;
}

/** The place in this node that a click elsewhere asked for. */
function useRevealedField(nodeId: NodeId): RevealedField | null {
  const revealed = useViewStore((state) => state.revealed);
  return useMemo(() => {
    if (revealed === null || revealed.nodeId !== nodeId || revealed.path === null) return null;
    return { path: revealed.path, range: revealed.range, request: revealed };
  }, [revealed, nodeId]);
}

function useEventTimeField(nodeId: NodeId): string | null {
  const document = usePipeline();
  const validation = useValidation();
  return useMemo(
    () => (document === null || validation === null ? null : eventTimeField(document, validation, nodeId)),
    [document, validation, nodeId],
  );
}
