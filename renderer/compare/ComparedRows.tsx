import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ComparisonReport } from '../../runtime/protocol/comparison.ts';
import { RowDifferences } from '../tests/RowDifferences.tsx';
import { Switch } from '../ui/fields.tsx';

/** The rows of each sink here and there; those that differ first. */
export function ComparedRows({ report }: { readonly report: ComparisonReport }): ReactNode {
  const { t } = useTranslation();
  const [onlyDifferences, setOnlyDifferences] = useState(true);
  const { checks } = report;
  const sorted = [...checks.filter(({ isMet }) => !isMet), ...checks.filter(({ isMet }) => isMet)];
  return (
    <section className="compare-rows" aria-label={t('compare:sinks')}>
      <label className="compare-only">
        <Switch isOn={onlyDifferences} onChange={setOnlyDifferences} label={t('tests:onlyDifferences')} />
        {t('tests:onlyDifferences')}
      </label>
      {sorted.map((check) => (
        <RowDifferences key={check.nodeId} check={check} onlyDifferences={onlyDifferences} words="compare" />
      ))}
    </section>
  );
}
