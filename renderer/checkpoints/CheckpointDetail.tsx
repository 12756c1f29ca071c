import { Copy, FastForward, RotateCcw, Turtle } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CheckpointReport } from '../../runtime/protocol/job.ts';
import { said } from '../app/i18n/said.ts';
import { useNodeNames } from '../run/node-name.ts';
import { usePipeline } from '../stores/document-store.ts';
import { notify } from '../stores/notice-store.ts';
import { selectNodes } from '../stores/view-store.ts';
import { Badge } from '../ui/Badge.tsx';
import { Button, IconButton, join } from '../ui/Button.tsx';
import { formatBytes, formatDuration } from '../ui/format.ts';
import { lanesOf, PARTS, type Lane } from './lanes.ts';

interface CheckpointDetailProps {
  readonly checkpoint: CheckpointReport;
  /** null: nothing can start from it. */
  readonly onRestore: (() => void) | null;
}

/** A bar per subtask: how long it waited, aligned, copied its state and wrote it, all on one scale. Stragglers are outlined. */
export function CheckpointDetail({ checkpoint, onRestore }: CheckpointDetailProps): ReactNode {
  const { t } = useTranslation();
  const lanes = useOrderedLanes(checkpoint);
  const missing = checkpoint.subtasks - checkpoint.acknowledged;
  const { status, path } = checkpoint;
  const failure =
    checkpoint.failure === null
      ? status === 'failed'
        ? t('checkpoints:interrupted')
        : null
      : said(checkpoint.failure);
  const name = t(`checkpoints:detail.${checkpoint.kind}`, { id: checkpoint.id });
  return (
    <section className="checkpoints-detail" aria-label={name}>
      <header>
        <strong>{name}</strong>
        {lanes.some((lane) => lane.report.isUnaligned) && <Badge tone="info">{t('checkpoints:unaligned')}</Badge>}
        <ul className="checkpoints-legend">
          {PARTS.map((part) => (
            <li key={part} title={t(`checkpoints:partHelp.${part}`)}>
              <i className={`checkpoints-part-${part}`} /> {t(`checkpoints:part.${part}`)}
            </li>
          ))}
        </ul>
        <span className="checkpoints-space" />
        {onRestore !== null && (
          <Button isSmall icon={<RotateCcw size={12} aria-hidden />} onClick={onRestore}>
            {t('checkpoints:restore')}
          </Button>
        )}
      </header>
      {failure !== null && <p className="checkpoints-failure">{failure}</p>}
      <ol className="checkpoints-lanes">
        {lanes.map((lane) => (
          <LaneRow key={`${lane.nodeId} ${lane.subtask}`} lane={lane} />
        ))}
      </ol>
      {missing > 0 && (
        <p className="checkpoints-missing">
          {t(status === 'running' ? 'checkpoints:waiting' : 'checkpoints:missing', { count: missing })}
        </p>
      )}
      {lanes.length === 0 && missing === 0 && <p className="checkpoints-missing">{t('checkpoints:noDetail')}</p>}
      {path !== null && (
        <p className="checkpoints-path">
          <code title={path}>{path}</code>
          <IconButton
            label={t('checkpoints:copyPath')}
            icon={<Copy size={12} aria-hidden />}
            isSmall
            onClick={() =>
              void navigator.clipboard
                .writeText(path)
                .then(() => notify('checkpoints:pathCopied', { tone: 'success', detail: path }))
            }
          />
        </p>
      )}
    </section>
  );
}

/** In the order of the document: that of their reports is another every time. */
function useOrderedLanes(checkpoint: CheckpointReport): readonly Lane[] {
  const document = usePipeline();
  return useMemo(() => {
    const places = new Map(document?.nodes.map((node, i) => [node.id, i]));
    const placeOf = (lane: Lane): number => places.get(lane.nodeId) ?? Infinity;
    return lanesOf(checkpoint).toSorted((a, b) => comparePlaces(placeOf(a), placeOf(b)) || a.subtask - b.subtask);
  }, [checkpoint, document]);
}

/** Infinity is as far as Infinity. */
function comparePlaces(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

function LaneRow({ lane }: { readonly lane: Lane }): ReactNode {
  const { t } = useTranslation();
  const nameOf = useNodeNames();
  const { report, ms, shares, isStraggler } = lane;
  const name = `${nameOf(lane.nodeId)} ${lane.subtask + 1}/${lane.of}`;
  const words = [
    ...PARTS.map((part) => `${t(`checkpoints:part.${part}`)} ${formatDuration(ms[part])}`),
    t('checkpoints:processedText', { size: formatBytes(report.processedBytes) }),
    t('checkpoints:persistedText', { size: formatBytes(report.persistedBytes) }),
    ...(report.isUnaligned ? [t('checkpoints:unaligned')] : []),
    ...(isStraggler ? [t('checkpoints:straggler')] : []),
  ].join(', ');
  return (
    <li className={join(isStraggler && 'checkpoints-straggler')}>
      <button type="button" className="checkpoints-node" title={name} onClick={() => selectNodes([lane.nodeId])}>
        <span>{nameOf(lane.nodeId)}</span> {lane.subtask + 1}/{lane.of}
      </button>
      <span className="checkpoints-lane" role="img" aria-label={words} title={words}>
        {PARTS.map((part) => (
          <i key={part} className={`checkpoints-part-${part}`} style={{ width: `${shares[part] * 100}%` }} />
        ))}
      </span>
      <span className="checkpoints-flags">
        {report.isUnaligned && <Flag icon={<FastForward size={13} aria-hidden />} text={t('checkpoints:unaligned')} />}
        {isStraggler && <Flag icon={<Turtle size={13} aria-hidden />} text={t('checkpoints:straggler')} />}
      </span>
      <span className="checkpoints-total">{formatDuration(lane.totalMs)}</span>
      <span className="checkpoints-size">{formatBytes(report.sizeBytes)}</span>
    </li>
  );
}

/** A sign whose meaning is told on hover; screen readers have it with the bar. */
function Flag({ icon, text }: { readonly icon: ReactNode; readonly text: string }): ReactNode {
  return (
    <span className="checkpoints-flag" title={text} aria-hidden>
      {icon}
    </span>
  );
}
