import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Culprit } from '../../runtime/diagnosis/index.ts';
import { useNodeNames } from '../run/node-name.ts';
import { selectNodes } from '../stores/view-store.ts';
import { Tooltip } from '../ui/Tooltip.tsx';
import { culpritSentences, remedySentences } from './sentences.ts';
import './diagnosis.css';

/** On the canvas: marks the operator that others wait for; why, and what to try, in its tooltip. */
export function CulpritBadge({ culprit }: { readonly culprit: Culprit }): ReactNode {
  const { t } = useTranslation();
  return (
    <Tooltip text={<CulpritText culprit={culprit} />} side="top">
      <button type="button" className="diagnosis-badge nodrag" onClick={() => selectNodes([culprit.nodeId])}>
        {t(`diagnosis:badge.${culprit.reasons[0]!.code}`)}
      </button>
    </Tooltip>
  );
}

/** Why it is slow, and what to try. */
export function CulpritText({ culprit }: { readonly culprit: Culprit }): ReactNode {
  const { t } = useTranslation();
  const nameOf = useNodeNames();
  const [why, remedies] = useMemo(() => {
    const words = { t, nameOf };
    return [culpritSentences(culprit, words), remedySentences(culprit, words)];
  }, [culprit, t, nameOf]);
  return (
    <div className="diagnosis-culprit">
      {why.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <p className="diagnosis-try">{t('diagnosis:try')}</p>
      <ul>
        {remedies.map((remedy) => (
          <li key={remedy}>{remedy}</li>
        ))}
      </ul>
    </div>
  );
}
