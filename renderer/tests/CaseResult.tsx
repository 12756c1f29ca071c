/** What a case came to: rows that differ, place by place. */
import { Download } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TestReport } from '../../runtime/protocol/test-report.ts';
import { said } from '../app/i18n/said.ts';
import { useNodeNames } from '../run/node-name.ts';
import { SeverityIcon } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { Switch } from '../ui/fields.tsx';
import { isWhole, takeActual } from './case-actions.ts';
import { RowDifferences } from './RowDifferences.tsx';

interface CaseResultProps {
  readonly report: TestReport;
  readonly index: number;
}

export function CaseResult({ report, index }: CaseResultProps): ReactNode {
  const { t } = useTranslation();
  const nameOf = useNodeNames();
  const [onlyDifferences, setOnlyDifferences] = useState(true);
  const { status, checks, diagnostics, error, failedStep, parallelism } = report;
  if (status === 'error') {
    return (
      <div className="tests-result">
        {failedStep !== null && <p>{t('tests:failedStep', { step: failedStep + 1 })}</p>}
        {error !== null && (
          <p className="tests-error">
            <SeverityIcon severity="error" /> {error.nodeId !== null && <strong>{nameOf(error.nodeId)}: </strong>}
            {said(error.message)}
            {error.remedy !== null && <span className="tests-remedy">{said(error.remedy)}</span>}
          </p>
        )}
        {diagnostics.map((one, i) => (
          <p key={i} className="tests-error">
            <SeverityIcon severity="error" /> <code>{one.code}</code>{' '}
            {one.nodeId !== undefined && <strong>{nameOf(one.nodeId)}: </strong>}
            {said(one.message)}
          </p>
        ))}
      </div>
    );
  }
  const unmet = checks.filter(({ isMet }) => !isMet);
  return (
    <div className="tests-result">
      {status === 'failed' && (
        <div className="tests-result-bar">
          {parallelism > 1 && <span>{t('tests:atParallelism', { parallelism })}</span>}
          <label className="tests-only">
            <Switch isOn={onlyDifferences} onChange={setOnlyDifferences} label={t('tests:onlyDifferences')} />
            {t('tests:onlyDifferences')}
          </label>
          <span className="tests-space" />
          {unmet.every(isWhole) && (
            <Button isSmall icon={<Download size={13} aria-hidden />} onClick={() => takeActual(index, report)}>
              {t('tests:takeActual')}
            </Button>
          )}
        </div>
      )}
      {checks.map((check, i) => (
        <RowDifferences key={i} check={check} onlyDifferences={onlyDifferences && !check.isMet} />
      ))}
    </div>
  );
}
