import { useCallback, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { NodeId } from '../../runtime/core/ids.ts';
import { usePacedLive } from '../run/use-paced-live.ts';
import { useJobView } from '../stores/job-view.ts';
import type { LiveState } from '../stores/live-buffer.ts';
import type { NodeSummary } from '../stores/metrics-summary.ts';
import { formatRate, formatShare } from '../ui/format.ts';

/** Blocked or busy for more than this is worth a word. */
const NOTABLE = 0.05;

/** What an operator does while its job runs: rows per second, and what holds it up. */
export function LiveMark({ nodeId }: { readonly nodeId: NodeId }): ReactNode {
  const { t } = useTranslation();
  const isActive = useJobView() === 'active';
  const live = usePacedLive(useCallback((state: LiveState) => state.summary.nodes.get(nodeId) ?? null, [nodeId]));
  if (!isActive || live === null) return null;
  const load = loadOf(live);
  const share = formatShare(load === 'pressed' ? live.backPressured : live.busy);
  return (
    <span className={`outline-live is-${load}`} title={t(`outline:load.${load}`, { share })}>
      <i aria-hidden />
      <span>{formatRate(rateOf(live))}</span>
      <span className="ui-visually-hidden">{t(`outline:load.${load}`, { share })}</span>
    </span>
  );
}

function loadOf({ busy, backPressured }: NodeSummary): 'pressed' | 'busy' | 'idle' {
  if (backPressured >= NOTABLE && backPressured >= busy) return 'pressed';
  return busy >= NOTABLE ? 'busy' : 'idle';
}

/** Of a sink, which sends nothing, rows that come in. */
function rateOf({ recordsOut, recordsOutPerSecond, recordsInPerSecond }: NodeSummary): number {
  if (Object.keys(recordsOut).length === 0) return recordsInPerSecond;
  return Object.values(recordsOutPerSecond).reduce((sum, one) => sum + one, 0);
}
