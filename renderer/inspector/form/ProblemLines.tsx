import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Diagnostic } from '../../../runtime/core/diagnostics.ts';
import { said } from '../../app/i18n/said.ts';
import { hasFix, ProblemFix } from '../../problems/ProblemFix.tsx';
import { SeverityIcon } from '../../ui/Badge.tsx';
import { parsePath, valueAt } from './config-path.ts';
import { useForm } from './form-context.ts';
import { placeName } from './place-name.ts';
import { quickFix } from './quick-fix.ts';
import { useFormText } from './use-form-text.ts';

interface ProblemLinesProps {
  readonly id?: string;
  readonly problems: readonly Diagnostic[];
  /** Names the place in front of the message: for problems that are not shown at their field. */
  readonly showsPath?: boolean;
}

/** The problems of one field, each with the fix to click when there is one. */
export function ProblemLines({ id, problems, showsPath = false }: ProblemLinesProps): ReactNode {
  const text = useFormText();
  const { fields } = useForm();
  if (problems.length === 0) return null;
  return (
    <ul id={id} className="inspector-problems" aria-live="polite">
      {problems.map((problem, i) => (
        <li key={i} className={`inspector-problem inspector-problem-${problem.severity}`}>
          <SeverityIcon severity={problem.severity} size={13} />
          <span>
            {showsPath && problem.path !== undefined && problem.path !== '' && (
              <b>{placeName(fields, parsePath(problem.path), text)}: </b>
            )}
            {said(problem.message)} <Fix problem={problem} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function Fix({ problem }: { readonly problem: Diagnostic }): ReactNode {
  const { t } = useTranslation();
  const form = useForm();
  if (hasFix(problem)) return <ProblemFix problem={problem} />;
  const fix = quickFix(problem, problem.path === undefined ? undefined : valueAt(form.config, parsePath(problem.path)));
  if (fix === null) return null;
  return (
    <button type="button" className="fix" onClick={() => form.change(fix.path, fix.value, 'step')}>
      {t(fix.kind === 'replace' ? 'inspector:fix.replace' : 'inspector:fix.remove', { text: fix.text })}
    </button>
  );
}
