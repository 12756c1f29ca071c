import { CircleCheck, CircleDashed, LoaderCircle } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { COMPARISON_STEPS } from '../../runtime/protocol/comparison.ts';
import type { RunningComparison } from '../stores/comparison-store.ts';
import { useNow } from '../ui/use-now.ts';

/** How far a comparison is. */
export function ComparisonSteps({ running }: { readonly running: RunningComparison }): ReactNode {
  const { t } = useTranslation();
  const now = useNow();
  const { engine, startedAt, progress } = running;
  const at = progress === null ? 0 : COMPARISON_STEPS.indexOf(progress.step);
  return (
    <section className="compare-running" aria-label={t('compare:running')}>
      <ol>
        {COMPARISON_STEPS.map((step, i) => {
          const state = i < at ? 'done' : i === at ? 'now' : 'later';
          const Icon = { done: CircleCheck, now: LoaderCircle, later: CircleDashed }[state];
          return (
            <li key={step} className={`is-${state}`} aria-current={state === 'now' ? 'step' : undefined}>
              <Icon size={14} aria-hidden />
              {t(`compare:steps.${step}`, { engine: t(`compare:engines.${engine}`) })}
              {step === 'record' && progress !== null && progress.rows > 0 && (
                <span>{t('compare:recorded', { count: progress.rows })}</span>
              )}
            </li>
          );
        })}
      </ol>
      <p>{t('compare:elapsed', { seconds: Math.max(0, Math.round((now - startedAt) / 1000)) })}</p>
    </section>
  );
}
