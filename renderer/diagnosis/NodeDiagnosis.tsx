import { useCallback, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { NodeId } from '../../runtime/core/ids.ts';
import { useNodeNames } from '../run/node-name.ts';
import { usePacedLive } from '../run/use-paced-live.ts';
import { useJobView } from '../stores/job-view.ts';
import type { LiveState } from '../stores/live-buffer.ts';
import { Badge } from '../ui/Badge.tsx';
import { CulpritText } from './CulpritBadge.tsx';
import { selectCulprit, selectStarvation } from './observed-job.ts';
import { starvationSentence } from './sentences.ts';
import './diagnosis.css';

/** In the inspector, with the figures of a running node: whether the job waits for it, and why. */
export function NodeDiagnosis({ nodeId }: { readonly nodeId: NodeId }): ReactNode {
  const { t } = useTranslation();
  const nameOf = useNodeNames();
  const isActive = useJobView() === 'active';
  const culprit = usePacedLive(useCallback((state: LiveState) => selectCulprit(state, nodeId), [nodeId]));
  const starvation = usePacedLive(useCallback((state: LiveState) => selectStarvation(state, nodeId), [nodeId]));
  if (!isActive || (culprit === null && starvation === null)) return null;
  return (
    <div className="diagnosis-node">
      {culprit !== null && (
        <div className="diagnosis-finding">
          <Badge tone="error">{t('diagnosis:causes')}</Badge>
          <CulpritText culprit={culprit} />
        </div>
      )}
      {starvation !== null && (
        <div className="diagnosis-finding">
          <Badge tone="info">{t('diagnosis:limits')}</Badge>
          <p>{starvationSentence(starvation, { t, nameOf })}</p>
        </div>
      )}
    </div>
  );
}
