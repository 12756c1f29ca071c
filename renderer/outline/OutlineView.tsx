import { ArrowDown, ChevronDown, ChevronRight, CornerDownRight, FolderOpen, ListTree } from 'lucide-react';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { findSpec } from '../../runtime/operators/catalog.ts';
import { said } from '../app/i18n/said.ts';
import { useNodeNames } from '../run/node-name.ts';
import { useNode, usePipeline } from '../stores/document-store.ts';
import { useNodeDiagnostics } from '../stores/validation-store.ts';
import { useViewStore, revealOnCanvas } from '../stores/view-store.ts';
import { SeverityIcon } from '../ui/Badge.tsx';
import { join } from '../ui/Button.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { OperatorIcon } from '../ui/OperatorIcon.tsx';
import { LiveMark } from './LiveMark.tsx';
import { openRows, outlineRows, type OutlineRow } from './outline-rows.ts';
import './outline.css';

/** The operators along the data, with their problems and what they do now. */
export function OutlineView(): ReactNode {
  const { t } = useTranslation();
  const document = usePipeline();
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  /** Key of the row that Tab goes to. */
  const [current, setCurrent] = useState<string | null>(null);
  const all = useMemo(() => (document === null ? [] : outlineRows(document)), [document]);
  const rows = useMemo(() => openRows(all, closed), [all, closed]);
  const list = useRef<HTMLUListElement>(null);
  const entry = rows.find(({ key }) => key === current) ?? rows[0];

  if (entry === undefined) {
    return <EmptyState icon={<ListTree size={20} />} title={t('outline:empty')} hint={t('outline:emptyHint')} />;
  }
  const setOpen = (row: OutlineRow, isOpen: boolean): void =>
    setClosed((before) => {
      const after = new Set(before);
      if (isOpen) after.delete(row.key);
      else after.add(row.key);
      return after;
    });
  const focus = (index: number): void => {
    const at = Math.max(0, Math.min(rows.length - 1, index));
    setCurrent(rows[at]!.key);
    list.current?.querySelectorAll<HTMLElement>('[role="treeitem"]')[at]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = rows.indexOf(entry);
    const isOpen = entry.isBranching && !closed.has(entry.key);
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => focus(at + 1),
      ArrowUp: () => focus(at - 1),
      Home: () => focus(0),
      End: () => focus(rows.length - 1),
      ArrowRight: () => (entry.isBranching && !isOpen ? setOpen(entry, true) : focus(at + 1)),
      ArrowLeft: () =>
        isOpen ? setOpen(entry, false) : focus(rows.findLastIndex((row, i) => i < at && row.level < entry.level)),
      Enter: () => choose(entry),
      ' ': () => choose(entry),
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    move();
  };
  return (
    <ul ref={list} className="outline" role="tree" aria-label={t('outline:title')} onKeyDown={onKeyDown}>
      {rows.map((row) => (
        <Row
          key={row.key}
          row={row}
          isOpen={!closed.has(row.key)}
          isEntry={row === entry}
          onToggle={() => setOpen(row, closed.has(row.key))}
          onFocus={() => setCurrent(row.key)}
        />
      ))}
    </ul>
  );
}

function choose({ nodeId }: OutlineRow): void {
  revealOnCanvas(nodeId);
}

interface RowProps {
  readonly row: OutlineRow;
  readonly isOpen: boolean;
  readonly isEntry: boolean;
  readonly onToggle: () => void;
  readonly onFocus: () => void;
}

const INDENT = 14;

function Row({ row, isOpen, isEntry, onToggle, onFocus }: RowProps): ReactNode {
  const { t } = useTranslation();
  const { nodeId, level, isReference, isNext, isBranching, port, groups } = row;
  const type = useNode(nodeId)?.type ?? '';
  const name = useNodeNames()(nodeId);
  const isSelected = useViewStore((state) => state.selectedNodeIds.includes(nodeId));
  const element = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isSelected && !isReference) element.current?.scrollIntoView?.({ block: 'nearest' });
  }, [isSelected, isReference]);
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  return (
    <li
      ref={element}
      role="treeitem"
      className={join('ui-row outline-row', isSelected && 'is-active', isReference && 'is-reference')}
      style={{ paddingLeft: 6 + (level - 1) * INDENT }}
      aria-level={level}
      aria-selected={isSelected}
      aria-expanded={isBranching ? isOpen : undefined}
      tabIndex={isEntry ? 0 : -1}
      onFocus={onFocus}
      onClick={() => choose(row)}
    >
      {isBranching ? (
        <span
          className="outline-toggle"
          aria-hidden
          onClick={(event) => {
            event.stopPropagation();
            onToggle();
          }}
        >
          <Chevron size={13} />
        </span>
      ) : (
        <span className="outline-toggle" aria-hidden>
          {isReference ? <CornerDownRight size={12} /> : isNext && <ArrowDown size={11} />}
        </span>
      )}
      {!isReference && <OperatorIcon type={type} category={findSpec(type)?.category ?? null} size={18} />}
      <span className="outline-name" title={isReference ? t('outline:seeAbove', { name }) : name}>
        {name}
        {isReference && <span className="ui-visually-hidden"> {t('outline:listed')}</span>}
        {port !== null && <small>{t('outline:by', { port })}</small>}
      </span>
      {!isReference && groups.length > 0 && (
        <span className="outline-group" title={t('outline:inGroup', { group: groups.join(' › ') })}>
          <FolderOpen size={11} aria-hidden />
          {groups.at(-1)}
        </span>
      )}
      {!isReference && <Problems row={row} />}
      {!isReference && <LiveMark nodeId={nodeId} />}
    </li>
  );
}

function Problems({ row }: { readonly row: OutlineRow }): ReactNode {
  const { t } = useTranslation();
  const diagnostics = useNodeDiagnostics(row.nodeId);
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const count = errors > 0 ? errors : diagnostics.filter(({ severity }) => severity === 'warning').length;
  if (count === 0) return null;
  const severity = errors > 0 ? 'error' : 'warning';
  const text = t(`canvas:node.${severity}s`, { count });
  return (
    <span
      className={`outline-problems is-${severity}`}
      title={diagnostics.map(({ message }) => said(message)).join('\n')}
    >
      <SeverityIcon severity={severity} size={12} />
      <span aria-hidden>{count}</span>
      <span className="ui-visually-hidden">{text}</span>
    </span>
  );
}
