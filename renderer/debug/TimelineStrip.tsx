import { useState, type CSSProperties, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TimelinePart } from '../../runtime/protocol/debug.ts';
import { formatExact } from '../ui/format.ts';
import { dragTo } from './debug-session.ts';
import { selectIsStopped, useDebugStore, type DebugView } from './debug-store.ts';

const KINDS = ['errors', 'late', 'barriers', 'firings', 'timers', 'watermarks'] as const;

/** All moments so far: how much happened when, and a slider that goes to any of them. */
export function TimelineStrip({ view: { timeline, stop } }: { readonly view: DebugView }): ReactNode {
  const { t } = useTranslation();
  const isStopped = useDebugStore(selectIsStopped);
  const [dragged, setDragged] = useState<number | null>(null);
  const drag = (moment: number): void => {
    setDragged(moment);
    void dragTo(moment).finally(() => setDragged(null));
  };
  const moment = dragged ?? stop.moment;
  const most = Math.max(1, ...timeline.parts.map(({ rows }) => rows));
  const percent = (at: number): string => `${(at / Math.max(1, timeline.frontier)) * 100}%`;
  return (
    <section className="debug-timeline" aria-label={t('debug:timeline')}>
      <div className="debug-strip" aria-hidden>
        {timeline.parts.map((part) => (
          <span key={part.from} title={partText(part, t)}>
            <i style={{ height: `${(part.rows / most) * 100}%` }} />
            {KINDS.filter((kind) => part[kind] > 0)
              .slice(0, 2)
              .map((kind) => (
                <b key={kind} className={`is-${kind}`} />
              ))}
          </span>
        ))}
        {timeline.checkpoints.map((at) => (
          <em key={at} style={{ left: percent(at) }} />
        ))}
        {timeline.changes.map((at) => (
          <em key={`change-${at}`} className="is-change" style={{ left: percent(at) }} />
        ))}
      </div>
      <input
        type="range"
        min={0}
        max={timeline.frontier}
        value={moment}
        style={{ '--at': percent(moment) } as CSSProperties}
        disabled={!isStopped && dragged === null}
        aria-label={t('debug:moment')}
        aria-valuetext={t('debug:momentOf', { moment, frontier: timeline.frontier })}
        onChange={(event) => drag(Number(event.target.value))}
      />
      <div className="debug-legend">
        <span>{t('debug:momentOf', { moment: formatExact(moment), frontier: formatExact(timeline.frontier) })}</span>
        <span>
          {KINDS.filter((kind) => timeline.parts.some((part) => part[kind] > 0)).map((kind) => (
            <span key={kind}>
              <b className={`is-${kind}`} aria-hidden /> {t(`debug:timelineKind.${kind}`)}
            </span>
          ))}
        </span>
      </div>
    </section>
  );
}

function partText(part: TimelinePart, t: ReturnType<typeof useTranslation>['t']): string {
  const counts = (['rows', ...KINDS] as const).filter((kind) => part[kind] > 0);
  return counts.map((kind) => `${t(`debug:timelineKind.${kind}`)}: ${part[kind]}`).join(' · ');
}
