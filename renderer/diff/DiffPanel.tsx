import { CircleCheckBig, FileDiff, Undo2, X } from 'lucide-react';
import { type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import { printPath } from '../../runtime/core/config.ts';
import { revertChange, revertField, type Change, type FieldChange } from '../../runtime/graph/index.ts';
import type { Revision } from '../../runtime/protocol/host.ts';
import { NoPipeline } from '../files/NoPipeline.tsx';
import { usePlaceNames } from '../inspector/form/place-name.ts';
import { useNodeNames } from '../run/node-name.ts';
import { edit, useDocumentStore } from '../stores/document-store.ts';
import { reveal } from '../stores/view-store.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Select } from '../ui/fields.tsx';
import { nodeLabel } from '../ui/operator-assets.ts';
import { compareWith, startDiff, stopDiff, useDiffStore, useShownDiff, type Mark } from './diff-store.ts';
import { DiffMark } from './DiffMark.tsx';
import './diff.css';

const SAVED = 'saved';

/** What differs from the saved file or a revision; a click goes there, and each change can be taken back by itself. */
export function DiffPanel(): ReactNode {
  const { t } = useTranslation();
  const path = useDocumentStore((state) => state.activePath);
  const { path: compared, base, revisions } = useDiffStore();
  const diff = useShownDiff();
  if (path === null) return <NoPipeline />;
  if (compared !== path) {
    return (
      <EmptyState
        icon={<FileDiff size={20} />}
        title={t('diff:start')}
        hint={t('diff:startHint')}
        actions={<Button onClick={() => void startDiff(path)}>{t('diff:compare')}</Button>}
      />
    );
  }
  const choose = (hash: string): void => void compareWith(revisions.find((one) => one.hash === hash) ?? null);
  return (
    <div className="diff">
      <div className="diff-bar">
        <span>{t('diff:compareWith')}</span>
        <Select
          label={t('diff:compareWith')}
          value={base.type === 'saved' ? SAVED : base.revision.hash}
          options={[
            { value: SAVED, label: t('diff:saved') },
            ...revisions.map((one) => ({ value: one.hash, label: revisionLabel(one) })),
          ]}
          onChange={choose}
        />
        {revisions.length === 0 && <small>{t('diff:noRevisions')}</small>}
        {diff !== null && <small>{t('diff:count', { count: diff.changes.length })}</small>}
        {diff !== null && diff.changes.length > 0 && (
          <Button
            isSmall
            icon={<Undo2 size={13} aria-hidden />}
            onClick={() => edit(t('diff:revertAll'), (document) => diff.changes.reduce(revertChange, document))}
          >
            {t('diff:revertAll')}
          </Button>
        )}
        <Button isSmall icon={<X size={13} aria-hidden />} onClick={stopDiff}>
          {t('diff:stop')}
        </Button>
      </div>
      {diff !== null && diff.changes.length === 0 ? (
        <EmptyState icon={<CircleCheckBig size={20} />} title={t('diff:equal')} hint={t('diff:equalHint')} />
      ) : (
        <ul className="diff-list">
          {diff?.changes.map((change, i) => (
            <ChangeItem key={`${change.element} ${change.kind} ${i}`} change={change} />
          ))}
        </ul>
      )}
    </div>
  );
}

function revisionLabel({ hash, subject, author, at }: Revision): string {
  return `${hash.slice(0, 8)} ${subject} (${author}, ${new Date(at).toISOString().slice(0, 10)})`;
}

/** Whose config or setting a field of the change is. */
function nodeOf(change: Change): string | null {
  return change.element === 'node' && change.kind !== 'removed' ? change.after.id : null;
}

function markOf({ kind }: Change): Mark {
  return kind === 'renamed' ? 'changed' : kind;
}

function ChangeItem({ change }: { readonly change: Change }): ReactNode {
  const { t } = useTranslation();
  const nameOf = useNodeNames();
  const placeOf = usePlaceNames();
  const title = titleOf(change, nameOf, t);
  return (
    <li>
      <div className="diff-item">
        <button type="button" className="diff-place" onClick={() => show(change)}>
          <DiffMark mark={markOf(change)} />
          <span>{title}</span>
        </button>
        <RevertButton title={title} revert={(document) => revertChange(document, change)} />
      </div>
      {'fields' in change &&
        change.fields.map((field) => (
          <div key={printPath(field.path)} className="diff-item diff-field">
            <button type="button" className="diff-place" onClick={() => show(change, field)}>
              <b>{placeOf(nodeOf(change), printPath(field.path))}</b>
              <del>{printed(field.before, t)}</del>
              <span aria-hidden>→</span>
              <ins>{printed(field.after, t)}</ins>
            </button>
            {change.fields.length > 1 && (
              <RevertButton
                title={placeOf(nodeOf(change), printPath(field.path))}
                revert={(document) => revertField(document, change, field)}
              />
            )}
          </div>
        ))}
    </li>
  );
}

function RevertButton(props: { readonly title: string; readonly revert: Parameters<typeof edit>[1] }): ReactNode {
  const { t } = useTranslation();
  const label = t('diff:revert', { change: props.title });
  return (
    <IconButton
      isSmall
      label={label}
      icon={<Undo2 size={13} aria-hidden />}
      onClick={() => edit(label, props.revert)}
    />
  );
}

/** Brings what a change is about into sight, where it is still there. */
function show(change: Change, field?: FieldChange): void {
  if (change.element === 'node' && change.kind !== 'removed') {
    const [head, ...path] = field?.path ?? [];
    reveal({ nodeId: change.after.id, ...(head === 'config' ? { path: printPath(path) } : {}) });
  } else if (change.element === 'edge' && change.kind === 'added') {
    reveal({ edge: change.after });
  } else if (change.element === 'edge') {
    reveal({ nodeId: change.before.from });
  } else if (change.element === 'group' && change.kind !== 'removed') {
    reveal({ nodeId: change.after.nodes[0] });
  }
}

function titleOf(change: Change, nameOf: ReturnType<typeof useNodeNames>, t: TFunction): string {
  switch (change.element) {
    case 'node': {
      if (change.kind === 'removed') return nodeLabel(change.before);
      const name = nameOf(change.after.id);
      return change.kind === 'renamed'
        ? t('diff:renamed', { name, before: change.before, after: change.after.id })
        : name;
    }
    case 'edge': {
      const { from, to } = change.kind === 'added' ? change.after : change.before;
      return t('diff:edge', { from: nameOf(from), to: nameOf(to) });
    }
    case 'note':
      return t('diff:note');
    case 'group':
      return t('diff:group', { label: (change.kind === 'removed' ? change.before : change.after).label });
    case 'document':
      return t('diff:document');
  }
}

const MAX_SHOWN = 120;

function printed(value: unknown, t: TFunction): string {
  if (value === undefined) return t('diff:nothing');
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
