import { ArrowRight, Table2 } from 'lucide-react';
import { useCallback, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { EdgeRef } from '../../runtime/core/diagnostics.ts';
import { isComposite } from '../../runtime/core/operator.ts';
import { nodeId, type NodeId } from '../../runtime/core/ids.ts';
import { said } from '../app/i18n/said.ts';
import { usePacedLive } from '../run/use-paced-live.ts';
import type { LiveState } from '../stores/live-buffer.ts';
import { edgeKey } from '../stores/metrics-summary.ts';
import { useIsRunning } from '../stores/run-store.ts';
import { useNode, usePipeline } from '../stores/document-store.ts';
import { useEdgeDiagnostics, useNodeInfo, useValidation } from '../stores/validation-store.ts';
import { openPanel, selectNodes } from '../stores/view-store.ts';
import { SeverityIcon } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { formatExact, formatRate, formatShare } from '../ui/format.ts';
import { nodeLabel } from '../ui/operator-assets.ts';
import { OperatorIcon } from '../ui/OperatorIcon.tsx';
import { eventTimeField } from './event-time-field.ts';
import { PortSchema } from './SchemaView.tsx';

/** The stream on one edge: its schema, how its rows are dealt out, and how full it is while a job runs. */
export function EdgeInspector({ edge }: { readonly edge: EdgeRef }): ReactNode {
  const { t } = useTranslation();
  const from = nodeId(edge.from);
  const source = useNodeInfo(from);
  const target = useNodeInfo(nodeId(edge.to));
  const diagnostics = useEdgeDiagnostics(edge);
  const document = usePipeline();
  const validation = useValidation();
  const timeField = useMemo(
    () => (document === null || validation === null ? null : eventTimeField(document, validation, from)),
    [document, validation, from],
  );
  // Of a composite each operator that reads the edge asks for its own.
  const distribution =
    target === null || target.config === null || target.spec === null || isComposite(target.spec)
      ? null
      : (target.spec.distribution?.(target.config, edge.toPort) ?? { type: 'any' as const });
  return (
    <div className="inspector">
      <header className="inspector-edge">
        <End id={from} port={edge.fromPort} />
        <ArrowRight size={14} aria-label={t('inspector:edge.to')} />
        <End id={nodeId(edge.to)} port={edge.toPort} />
      </header>
      {diagnostics.length > 0 && (
        <ul className="inspector-problems inspector-edge-problems">
          {diagnostics.map((problem, i) => (
            <li key={i} className={`inspector-problem inspector-problem-${problem.severity}`}>
              <SeverityIcon severity={problem.severity} size={13} />
              <span>{said(problem.message)}</span>
            </li>
          ))}
        </ul>
      )}
      <EdgeLive edge={edge} />
      {distribution !== null && (
        <dl className="inspector-figures inspector-edge-exchange">
          <div>
            <dt>{t('inspector:edge.distribution')}</dt>
            <dd>
              {t(`inspector:edge.${distribution.type}`)}{' '}
              {distribution.type === 'hash' && <code>{distribution.fields.join(', ')}</code>}
            </dd>
          </div>
        </dl>
      )}
      <div className="inspector-edge-schema">
        <h3>{t('inspector:schema.title')}</h3>
        <PortSchema
          name={null}
          shape={source?.outputs[edge.fromPort] ?? null}
          writer={{ nodeId: edge.from, port: edge.fromPort }}
          missing={t('inspector:schema.unknown')}
          eventTimeField={timeField}
        />
        <Button isSmall icon={<Table2 size={13} aria-hidden />} onClick={() => openPanel('preview')}>
          {t('inspector:edge.preview')}
        </Button>
      </div>
    </div>
  );
}

function End({ id, port }: { readonly id: NodeId; readonly port: string }): ReactNode {
  const node = useNode(id);
  const info = useNodeInfo(id);
  const spec = info?.spec ?? null;
  if (node === null) return <span>{id}</span>;
  return (
    <button type="button" className="inspector-end" onClick={() => selectNodes([id])}>
      <OperatorIcon type={node.type} category={spec?.category ?? null} size={20} />
      <span>
        {nodeLabel(node)}
        <small>{port}</small>
      </span>
    </button>
  );
}

function EdgeLive({ edge }: { readonly edge: EdgeRef }): ReactNode {
  const { t } = useTranslation();
  const key = edgeKey(edge);
  const live = usePacedLive(useCallback((state: LiveState) => state.summary.edges.get(key) ?? null, [key]));
  const isRunning = useIsRunning();
  if (live === null) return null;
  // Once the job has ended only the total means something.
  if (!isRunning)
    return (
      <dl className="inspector-figures">
        <div>
          <dt>{t('inspector:edge.rows')}</dt>
          <dd>{formatExact(live.records)}</dd>
        </div>
      </dl>
    );
  return (
    <dl className="inspector-figures">
      <div>
        <dt>{t('inspector:edge.rate')}</dt>
        <dd>
          {formatRate(live.recordsPerSecond)} <span>{formatExact(live.records)}</span>
        </dd>
      </div>
      <div>
        <dt>{t('inspector:edge.queue')}</dt>
        <dd>{live.isChained ? t('inspector:edge.chained') : formatShare(live.queueUsage)}</dd>
      </div>
    </dl>
  );
}
