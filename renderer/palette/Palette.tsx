import { Ban, Plus } from 'lucide-react';
import { useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { catalog } from '../../runtime/operators/catalog.ts';
import type { AnyOperatorSpec } from '../../runtime/core/operator.ts';
import { said } from '../app/i18n/said.ts';
import { refusalsOf, useChosenTargets } from '../export/chosen-targets.ts';
import { addOperatorBehindSelection } from '../canvas/canvas-actions.ts';
import { CATEGORY_ORDER, searchOperators } from '../canvas/fitting-operators.ts';
import { activeDocument, useDocumentStore } from '../stores/document-store.ts';
import { notify } from '../stores/notice-store.ts';
import { join } from '../ui/Button.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { SearchInput } from '../ui/fields.tsx';
import { operatorLabel, operatorSummary } from '../ui/operator-assets.ts';
import { OperatorIcon } from '../ui/OperatorIcon.tsx';
import { OPERATOR_MIME } from './drag.ts';
import './palette.css';

const SPECS: readonly AnyOperatorSpec[] = Object.values(catalog);

/** Every operator, by category; drag it onto the canvas, or Enter adds it behind what is selected. */
export function Palette(): ReactNode {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const hasDocument = useDocumentStore((state) => state.activePath !== null);
  const found = searchOperators(SPECS, query, (spec) => ({
    label: operatorLabel(spec),
    summary: operatorSummary(spec),
  }));
  const groups = CATEGORY_ORDER.map((category) => ({
    category,
    specs: found.filter((spec) => spec.category === category),
  })).filter((group) => group.specs.length > 0);

  return (
    <div className="palette">
      <div className="palette-search">
        <SearchInput
          label={t('palette:search')}
          value={query}
          onChange={setQuery}
          onKeyDown={(event) => {
            const [first] = found;
            if (event.key === 'Enter' && first !== undefined) add(first.type);
            if (event.key === 'ArrowDown') focusItem(event, 0);
          }}
        />
      </div>
      <div className="palette-list" onKeyDown={moveFocus}>
        {groups.map(({ category, specs }) => (
          <section key={category} aria-label={t(`palette:category.${category}`)}>
            <h3>
              <i style={{ background: `var(--cat-${category})` }} aria-hidden />
              {t(`palette:category.${category}`)}
            </h3>
            {specs.map((spec) => (
              <PaletteItem key={spec.type} spec={spec} isEnabled={hasDocument} />
            ))}
          </section>
        ))}
        {groups.length === 0 && <EmptyState title={t('palette:none')} hint={t('palette:noneHint')} />}
      </div>
      <p className="palette-hint">{t('palette:hint')}</p>
    </div>
  );
}

function PaletteItem({ spec, isEnabled }: { readonly spec: AnyOperatorSpec; readonly isEnabled: boolean }): ReactNode {
  const { t } = useTranslation();
  const label = operatorLabel(spec);
  const summary = operatorSummary(spec);
  const refusals = refusalsOf(spec.type, useChosenTargets());
  const reasons = refusals.map(({ target, reason }) =>
    t('export:targets.refusal', { target: target.label, reason: said(reason) }),
  );
  return (
    <button
      type="button"
      className={join('palette-item', reasons.length > 0 && 'palette-refused')}
      draggable={isEnabled}
      title={[summary, ...reasons].join('\n')}
      data-operator={spec.type}
      aria-label={t('palette:add', { name: label })}
      onDragStart={(event) => {
        event.dataTransfer.setData(OPERATOR_MIME, spec.type);
        event.dataTransfer.effectAllowed = 'copy';
      }}
      onDoubleClick={() => add(spec.type)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter') return;
        event.preventDefault();
        add(spec.type);
      }}
    >
      <OperatorIcon type={spec.type} category={spec.category} size={24} />
      <span className="palette-text">
        <b>{label}</b>
        <small>{summary}</small>
        {reasons.length > 0 && (
          <small className="palette-not">
            <Ban size={11} aria-hidden />
            {t('palette:notIn', { targets: refusals.map(({ target }) => target.label).join(', ') })}
          </small>
        )}
      </span>
      <Plus className="palette-plus" size={14} aria-hidden onClick={() => add(spec.type)} />
    </button>
  );
}

function add(type: string): void {
  if (activeDocument() === null) notify('palette:noDocument', { tone: 'warning' });
  else addOperatorBehindSelection(type);
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('.palette-item')];
  focusItem(event, items.findIndex((item) => item === document.activeElement) + step);
}

function focusItem(event: KeyboardEvent<HTMLElement>, index: number): void {
  const palette = event.currentTarget.closest('.palette');
  const items = palette === null ? [] : [...palette.querySelectorAll<HTMLElement>('.palette-item')];
  event.preventDefault();
  (items[index] ?? palette?.querySelector<HTMLElement>('input'))?.focus();
}
