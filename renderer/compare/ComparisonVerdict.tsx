import { CircleCheck, Info } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { NodeId } from '../../runtime/core/ids.ts';
import type { PipelineDocument } from '../../runtime/graph/index.ts';
import { isSame, type ComparisonReport } from '../../runtime/protocol/comparison.ts';
import { said, saidError } from '../app/i18n/said.ts';
import { useNodeNames } from '../run/node-name.ts';
import { isOutdated, type ComparisonResult } from '../stores/comparison-store.ts';
import { SeverityIcon } from '../ui/Badge.tsx';

interface ComparisonVerdictProps {
  readonly result: ComparisonResult;
  readonly document: PipelineDocument;
  /** A click on a node. */
  readonly onNode: (node: NodeId) => void;
}

/** What a comparison came to, in a sentence; or why there was none. */
export function ComparisonVerdict({ result, document, onNode }: ComparisonVerdictProps): ReactNode {
  const { t } = useTranslation();
  const nameOf = useNodeNames();
  const { report, error, diagnostics } = result;
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return (
    <section className="compare-outcome" aria-label={t('compare:outcome')}>
      {isOutdated(result, document) && (
        <p className="compare-note">
          <Info size={14} aria-hidden /> {t('compare:outdated')}
        </p>
      )}
      {report !== null ? (
        <Verdict report={report} />
      ) : (
        <div className="compare-problem" role="alert">
          {errors.length === 0 && <p>{saidError(error)}</p>}
          {errors.length > 0 && <p>{t('compare:impossible')}</p>}
          {errors.map(({ code, message, nodeId }) => (
            <p key={`${nodeId ?? ''} ${message}`}>
              <code>{code}</code>{' '}
              {nodeId !== undefined && (
                <button type="button" className="ui-link is-strong" onClick={() => onNode(nodeId)}>
                  {nameOf(nodeId)}
                </button>
              )}{' '}
              {said(message)}
            </p>
          ))}
        </div>
      )}
    </section>
  );
}

function Verdict({ report }: { readonly report: ComparisonReport }): ReactNode {
  const { t } = useTranslation();
  const nameOf = useNodeNames();
  const { label, isBatch, inputs, checks, durationMs } = report;
  const differing = checks.filter(({ isMet }) => !isMet).length;
  const of = inputs.map(({ nodeId, port, rows, isWhole }) => {
    const name = port === 'out' ? nameOf(nodeId) : `${nameOf(nodeId)} · ${port}`;
    return t(isWhole ? 'compare:input.whole' : 'compare:input.first', { count: rows, name });
  });
  return (
    <>
      <p className="compare-verdict">
        {isSame(report) ? (
          <>
            <CircleCheck size={16} className="compare-same" aria-hidden /> {t('compare:same', { engine: label })}
          </>
        ) : (
          <>
            <SeverityIcon severity="error" />{' '}
            {t('compare:different', { engine: label, count: differing, all: checks.length })}
          </>
        )}
      </p>
      <p className="compare-hint">
        {t('compare:over', { inputs: of.join(t('compare:input.and')), seconds: (durationMs / 1000).toFixed(1) })}
        {isBatch && ` ${t('compare:asBatch', { engine: label })}`}
      </p>
    </>
  );
}
