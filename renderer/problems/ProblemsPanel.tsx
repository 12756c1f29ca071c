import { CircleCheckBig } from 'lucide-react';
import { useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Diagnostic, Severity } from '../../runtime/core/diagnostics.ts';
import { helpOf, said } from '../app/i18n/said.ts';
import { NoPipeline } from '../files/NoPipeline.tsx';
import { usePlaceNames } from '../inspector/form/place-name.ts';
import { useNodeNames } from '../run/node-name.ts';
import { useDocumentStore } from '../stores/document-store.ts';
import { useRunStore } from '../stores/run-store.ts';
import { useValidation } from '../stores/validation-store.ts';
import { reveal } from '../stores/view-store.ts';
import { SeverityIcon } from '../ui/Badge.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { SearchInput } from '../ui/fields.tsx';
import { Tooltip } from '../ui/Tooltip.tsx';
import { hasFix, ProblemFix } from './ProblemFix.tsx';
import { bySeverity, countBySeverity, placeText, SEVERITIES } from './problem-list.ts';
import './problems.css';

const NONE: readonly Diagnostic[] = [];

/** Everything that is wrong or doubtful in the document; a click goes to the place. */
export function ProblemsPanel(): ReactNode {
  const { t } = useTranslation();
  const path = useDocumentStore((state) => state.activePath);
  const validated = useValidation()?.diagnostics ?? NONE;
  const refused = useRunStore((run) => (run.path === path ? run.refusals : NONE));
  const nameOf = useNodeNames();
  const placeOf = usePlaceNames();
  const [hidden, setHidden] = useState<ReadonlySet<Severity>>(new Set());
  const [wanted, setWanted] = useState('');

  const all = useMemo(() => bySeverity(validated, refused), [validated, refused]);
  const counts = countBySeverity(all);
  const words = wanted.trim().toLowerCase();
  const shown = all.filter(
    (one) =>
      !hidden.has(one.severity) &&
      `${one.code} ${said(one.message)} ${placeText(one, nameOf, placeOf)} ${one.path ?? ''}`
        .toLowerCase()
        .includes(words),
  );
  const toggle = (severity: Severity): void =>
    setHidden((before) => {
      const after = new Set(before);
      if (!after.delete(severity)) after.add(severity);
      return after;
    });

  if (path === null) return <NoPipeline />;
  if (all.length === 0) {
    return <EmptyState icon={<CircleCheckBig size={20} />} title={t('problems:none')} hint={t('problems:noneHint')} />;
  }
  return (
    <div className="problems">
      <div className="problems-bar">
        {SEVERITIES.map((severity) => (
          <button
            key={severity}
            type="button"
            className="problems-filter"
            aria-pressed={!hidden.has(severity)}
            onClick={() => toggle(severity)}
          >
            <SeverityIcon severity={severity} size={13} />
            {t(`problems:count.${severity}`, { count: counts[severity] })}
          </button>
        ))}
        <div className="problems-search">
          <SearchInput label={t('problems:filter')} value={wanted} onChange={setWanted} />
        </div>
      </div>
      <ul className="problems-list" aria-label={t('problems:title')} onKeyDown={walk}>
        {shown.map((problem, i) => (
          <Row key={i} problem={problem} place={placeText(problem, nameOf, placeOf)} />
        ))}
        {shown.length === 0 && <li className="problems-nothing">{t('problems:noMatch')}</li>}
      </ul>
    </div>
  );
}

function Row({ problem, place }: { readonly problem: Diagnostic; readonly place: string }): ReactNode {
  const { t } = useTranslation();
  const { severity, code, message, nodeId, edge, path, range } = problem;
  return (
    <li className="problems-row">
      <button type="button" className="problems-go" onClick={() => reveal({ nodeId, edge, path, range })}>
        <SeverityIcon severity={severity} label={t(`problems:severity.${severity}`)} />
        <span className="problems-message">{said(message)}</span>
        <span className="problems-place" title={path}>
          {place}
        </span>
      </button>
      {hasFix(problem) && (
        <span className="problems-fix">
          <ProblemFix problem={problem} />
        </span>
      )}
      <Tooltip text={helpOf(code)} side="left">
        <button type="button" className="problems-code" aria-label={t('problems:help', { code })}>
          {code}
        </button>
      </Tooltip>
    </li>
  );
}

/** Arrow keys go from problem to problem. */
function walk(event: KeyboardEvent<HTMLUListElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('.problems-go')];
  const at = rows.findIndex((row) => row.closest('li')?.contains(document.activeElement) === true);
  const next = rows[at + (event.key === 'ArrowDown' ? 1 : -1)];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
