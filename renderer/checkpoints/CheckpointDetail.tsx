import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CheckpointReport } from '../../runtime/protocol/job.ts';
import { useNodeNames } from '../run/node-name.ts';
import { selectNodes } from '../stores/view-store.ts';
import { join } from '../ui/Button.tsx';
import { formatBytes, formatDuration } from '../ui/format.ts';
import { lanesOf, type Lane, type Part } from './lanes.ts';

const PARTS: readonly Part[] = ['alignment', 'sync', 'async'];

/** A bar per subtask: how long it aligned, copied its state and wrote it, all on one scale. Stragglers are outlined. */
export function CheckpointDetail({ checkpoint }: { readonly checkpoint: CheckpointReport }): ReactNode {
  const { t } = useTranslation();
  const lanes = lanesOf(checkpoint);
  const missing = checkpoint.subtasks - checkpoint.acknowledged;
  return (
    <section className="checkpoints-detail" aria-label={t('checkpoints:detail', { id: checkpoint.id })}>
      <header>
        <strong>{t('checkpoints:detail', { id: checkpoint.id })}</strong>
        <ul className="checkpoints-legend">
          {PARTS.map((part) => (
            <li key={part}>
              <i className={`checkpoints-part-${part}`} /> {t(`checkpoints:part.${part}`)}
            </li>
          ))}
        </ul>
        {checkpoint.path !== null && (
          <code className="checkpoints-path" title={checkpoint.path}>
            {checkpoint.path}
          </code>
        )}
      </header>
      {checkpoint.failure !== null && <p className="checkpoints-failure">{checkpoint.failure}</p>}
      <ol className="checkpoints-lanes">
        {lanes.map((lane) => (
          <LaneRow key={`${lane.nodeId} ${lane.subtask}`} lane={lane} />
        ))}
      </ol>
      {missing > 0 && (
        <p className="checkpoints-missing">
          {t(checkpoint.status === 'running' ? 'checkpoints:waiting' : 'checkpoints:missing', { count: missing })}
        </p>
      )}
      {lanes.length === 0 && missing === 0 && <p className="checkpoints-missing">{t('checkpoints:noDetail')}</p>}
    </section>
  );
}

function LaneRow({ lane }: { readonly lane: Lane }): ReactNode {
  const { t } = useTranslation();
  const nameOf = useNodeNames();
  const parts = PARTS.map((part) => `${t(`checkpoints:part.${part}`)} ${formatDuration(lane.ms[part])}`).join(', ');
  return (
    <li className={join(lane.isStraggler && 'checkpoints-straggler')}>
      <button type="button" className="checkpoints-node" onClick={() => selectNodes([lane.nodeId])}>
        {nameOf(lane.nodeId)} {lane.subtask + 1}/{lane.of}
      </button>
      <span className="checkpoints-lane" role="img" aria-label={parts} title={parts}>
        {PARTS.map((part) => (
          <i key={part} className={`checkpoints-part-${part}`} style={{ width: `${lane.shares[part] * 100}%` }} />
        ))}
      </span>
      <span className="checkpoints-total">{formatDuration(lane.totalMs)}</span>
      <span className="checkpoints-size">{formatBytes(lane.sizeBytes)}</span>
    </li>
  );
}
