import { Pencil, Plus, Trash2, Waves } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DebugLink, DebugQueue, QueueElement, QueuePlace } from '../../runtime/protocol/debug.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { formatCount } from '../ui/format.ts';
import { dropElement, editRow, injectRow, injectWatermark } from './debug-session.ts';
import { selectIsStopped, useDebugStore, type DebugView } from './debug-store.ts';
import { useOperatorNames } from './operator-names.ts';
import { RowForm } from './RowForm.tsx';
import { portOf, rowText, timeOf, timeText } from './sentences.ts';

const NO_LINKS: readonly DebugLink[] = [];
/** Of a queue; how many wait behind them is said. */
const SHOWN_ELEMENTS = 50;

/** What waits on every edge, in the order in which it will be handled; each element can be changed or taken out, and rows put in. */
export function QueuesSection({ view }: { readonly view: DebugView }): ReactNode {
  const { t } = useTranslation();
  const links = useDebugStore((state) => state.plan?.links ?? NO_LINKS);
  const nameOf = useOperatorNames();
  return (
    <section className="debug-section" aria-label={t('debug:queues')}>
      {links.map((link) => (
        <div key={link.link} className="debug-queue">
          <h4>
            <span>
              {nameOf(link.from)} → {nameOf(link.to)}
            </span>
            {link.toPort !== 'in' && <span className="debug-type">{t('debug:atPort', { port: link.toPort })}</span>}
            <Inject link={link} />
          </h4>
          {view.queues
            .filter((queue) => queue.link === link.link)
            .map((queue, _, all) => (
              <Queue key={`${queue.fromSubtask}-${queue.toSubtask}`} queue={queue} isOnly={all.length === 1} />
            ))}
        </div>
      ))}
    </section>
  );
}

/** `isOnly`: of its edge; else it is named by its subtasks. */
function Queue({ queue, isOnly }: { readonly queue: DebugQueue; readonly isOnly: boolean }): ReactNode {
  const { t } = useTranslation();
  const { link, fromSubtask, toSubtask, elements, watermark } = queue;
  const more = elements.length - SHOWN_ELEMENTS;
  return (
    <>
      <p className="debug-nothing">
        {isOnly
          ? t('debug:mark.watermark', { time: timeText(watermark, t) })
          : t('debug:channel', { from: fromSubtask + 1, to: toSubtask + 1, watermark: timeText(watermark, t) })}
        {queue.isIdle && ` · ${t('debug:idle')}`}
        {elements.length === 0 && ` · ${t('debug:empty')}`}
      </p>
      <ol className="debug-rows">
        {elements.slice(0, SHOWN_ELEMENTS).map((element, index) => (
          <Element key={index} element={element} place={{ link, fromSubtask, toSubtask, index }} />
        ))}
      </ol>
      {more > 0 && <p className="debug-nothing">{t('debug:moreWait', { count: more, more: formatCount(more) })}</p>}
    </>
  );
}

function Element({ element, place }: { readonly element: QueueElement; readonly place: QueuePlace }): ReactNode {
  const { t } = useTranslation();
  const plan = useDebugStore((state) => state.plan);
  const isStopped = useDebugStore(selectIsStopped);
  const [isEdited, setEdited] = useState(false);
  const row = element.type === 'row' ? element.row : null;
  const port = row === null ? null : portOf(plan, row.nodeId, row.port);
  // Without its barriers and ends a run would hang.
  const canGo = element.type !== 'barrier' && element.type !== 'end';
  return (
    <li>
      <span className={row === null ? 'debug-mark' : 'debug-row-text'}>
        {element.type === 'row' ? rowText(element.row, port?.fields ?? []) : markText(element, t)}
      </span>
      <span className="debug-row-actions">
        {row !== null && (
          <IconButton
            isSmall
            label={t('debug:edit')}
            icon={<Pencil size={13} aria-hidden />}
            disabled={!isStopped}
            onClick={() => setEdited(!isEdited)}
          />
        )}
        {canGo && (
          <IconButton
            isSmall
            label={t('debug:drop')}
            icon={<Trash2 size={13} aria-hidden />}
            disabled={!isStopped}
            onClick={() => void dropElement(place)}
          />
        )}
      </span>
      {row !== null && port !== null && isEdited && (
        <RowForm
          label={t('debug:edit')}
          port={port}
          row={row}
          onCancel={() => setEdited(false)}
          onSubmit={(edit) => {
            setEdited(false);
            void editRow(place, edit);
          }}
        />
      )}
    </li>
  );
}

type Form = 'row' | 'watermark';

function Inject({ link }: { readonly link: DebugLink }): ReactNode {
  const { t } = useTranslation();
  const port = useDebugStore((state) => portOf(state.plan, link.from, link.fromPort));
  const isStopped = useDebugStore(selectIsStopped);
  const [form, setForm] = useState<Form | null>(null);
  if (port === null) return null;
  const close = (): void => setForm(null);
  const button = (one: Form, label: string, icon: ReactNode): ReactNode => (
    <IconButton
      isSmall
      label={label}
      icon={icon}
      disabled={!isStopped}
      aria-expanded={form === one}
      onClick={() => setForm(form === one ? null : one)}
    />
  );
  return (
    <>
      <span className="debug-end">
        {button('row', t('debug:inject'), <Plus size={13} aria-hidden />)}
        {port.hasEventTime && button('watermark', t('debug:injectWatermark'), <Waves size={13} aria-hidden />)}
      </span>
      {form === 'row' && (
        <RowForm
          label={t('debug:inject')}
          port={port}
          row={null}
          onCancel={close}
          onSubmit={(edit) => {
            close();
            void injectRow(link.link, edit);
          }}
        />
      )}
      {form === 'watermark' && (
        <WatermarkForm
          onCancel={close}
          onSubmit={(time) => {
            close();
            void injectWatermark(link.link, time);
          }}
        />
      )}
    </>
  );
}

function WatermarkForm(props: { readonly onSubmit: (time: number) => void; readonly onCancel: () => void }): ReactNode {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const time = timeOf(text);
  return (
    <form
      className="debug-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (time !== null) props.onSubmit(time);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        props.onCancel();
      }}
    >
      <input
        aria-label={t('debug:injectWatermark')}
        placeholder="2026-01-31 12:00:00"
        aria-invalid={text.trim() !== '' && time === null}
        value={text}
        spellCheck={false}
        autoFocus
        onChange={(event) => setText(event.target.value)}
      />
      <Button isSmall tone="quiet" onClick={props.onCancel}>
        {t('debug:cancel')}
      </Button>
      <Button isSmall type="submit" disabled={time === null}>
        {t('debug:put')}
      </Button>
    </form>
  );
}

function markText(element: Exclude<QueueElement, { type: 'row' }>, t: ReturnType<typeof useTranslation>['t']): string {
  switch (element.type) {
    case 'watermark':
      return t('debug:mark.watermark', { time: timeText(element.watermark, t) });
    case 'idle':
      return t(element.isIdle ? 'debug:mark.idle' : 'debug:mark.active');
    case 'barrier':
      return t('debug:mark.barrier', { id: element.checkpointId });
    case 'end':
      return t('debug:mark.end');
  }
}
