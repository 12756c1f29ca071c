import { Pencil, Trash2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DebugLink, DebugQueue, QueueElement, QueuePlace, RowEdit } from '../../runtime/protocol/debug.ts';
import { useNodeNames } from '../run/node-name.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { dropElement, editRow, injectRow, selectIsStopped, useDebugStore, type DebugView } from './debug-store.ts';
import { fieldsOf } from './RowSection.tsx';
import { rowText, timeText } from './sentences.ts';

const NO_LINKS: readonly DebugLink[] = [];

/** What waits on every edge, in the order in which it will be handled; each element can be changed or taken out, and rows put in. */
export function QueuesSection({ view }: { readonly view: DebugView }): ReactNode {
  const { t } = useTranslation();
  const links = useDebugStore((state) => state.plan?.links ?? NO_LINKS);
  const nameOf = useNodeNames();
  return (
    <section className="debug-section" aria-label={t('debug:queues')}>
      {links.map((link) => (
        <div key={link.link} className="debug-queue">
          <h4>
            {nameOf(link.from)} → {nameOf(link.to)}
            <span className="debug-type">{link.toPort === 'in' ? '' : link.toPort}</span>
          </h4>
          {view.queues
            .filter((queue) => queue.link === link.link)
            .map((queue) => (
              <Queue key={`${queue.fromSubtask}-${queue.toSubtask}`} queue={queue} />
            ))}
          <Inject link={link} />
        </div>
      ))}
    </section>
  );
}

function Queue({ queue }: { readonly queue: DebugQueue }): ReactNode {
  const { t } = useTranslation();
  const { link, fromSubtask, toSubtask, elements, watermark } = queue;
  return (
    <>
      <p className="debug-nothing">
        {t('debug:channel', { from: fromSubtask + 1, to: toSubtask + 1, watermark: timeText(watermark, t) })}
        {queue.isIdle && ` · ${t('debug:idle')}`}
        {elements.length === 0 && ` · ${t('debug:empty')}`}
      </p>
      <ol className="debug-rows">
        {elements.map((element, index) => (
          <Element key={index} element={element} place={{ link, fromSubtask, toSubtask, index }} />
        ))}
      </ol>
    </>
  );
}

function Element({ element, place }: { readonly element: QueueElement; readonly place: QueuePlace }): ReactNode {
  const { t } = useTranslation();
  const plan = useDebugStore((state) => state.plan);
  const isStopped = useDebugStore(selectIsStopped);
  const [isEdited, setEdited] = useState(false);
  const row = element.type === 'row' ? element.row : null;
  return (
    <li>
      <span className="debug-row-text">
        {element.type === 'row' ? rowText(element.row, fieldsOf(plan, element.row)) : markText(element, t)}
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
        <IconButton
          isSmall
          label={t('debug:drop')}
          icon={<Trash2 size={13} aria-hidden />}
          disabled={!isStopped}
          onClick={() => void dropElement(place)}
        />
      </span>
      {row !== null && isEdited && (
        <RowForm
          label={t('debug:edit')}
          values={row.values}
          onSubmit={(edit) => {
            setEdited(false);
            void editRow(place, edit);
          }}
        />
      )}
    </li>
  );
}

function Inject({ link }: { readonly link: DebugLink }): ReactNode {
  const { t } = useTranslation();
  const fields = useDebugStore(
    (state) =>
      state.plan?.operators
        .find(({ nodeId }) => nodeId === link.from)
        ?.outputs.find(({ name }) => name === link.fromPort)?.fields,
  );
  const isStopped = useDebugStore(selectIsStopped);
  const [isOpen, setOpen] = useState(false);
  if (!isOpen) {
    return (
      <Button isSmall tone="quiet" disabled={!isStopped} onClick={() => setOpen(true)}>
        {t('debug:inject')}
      </Button>
    );
  }
  return (
    <RowForm
      label={t('debug:inject')}
      values={(fields ?? []).map(() => null)}
      onSubmit={(edit) => {
        setOpen(false);
        void injectRow(link.link, edit);
      }}
    />
  );
}

/** Values as a JSON array, in the order of the fields. */
function RowForm(props: {
  readonly label: string;
  readonly values: readonly unknown[];
  readonly onSubmit: (edit: RowEdit) => void;
}): ReactNode {
  const { t } = useTranslation();
  const [text, setText] = useState(JSON.stringify(props.values));
  const values = parseValues(text, props.values.length);
  return (
    <form
      className="debug-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (values !== null) props.onSubmit({ values });
      }}
    >
      <input
        aria-label={props.label}
        value={text}
        onChange={(event) => setText(event.target.value)}
        spellCheck={false}
      />
      <Button isSmall type="submit" disabled={values === null}>
        {t('debug:put')}
      </Button>
      {values === null && <p className="debug-error">{t('debug:valuesHint', { count: props.values.length })}</p>}
    </form>
  );
}

function parseValues(text: string, count: number): readonly unknown[] | null {
  try {
    const values: unknown = JSON.parse(text);
    return Array.isArray(values) && values.length === count ? values : null;
  } catch {
    return null;
  }
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
