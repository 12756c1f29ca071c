/** One field of a form: label with help, the widget of its kind, its problems below, and the way back to the default. */
import { CircleHelp, RotateCcw } from 'lucide-react';
import { useEffect, useRef, type ComponentType, type ReactNode, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { FormField } from '../../../runtime/core/config.ts';
import type { Diagnostic } from '../../../runtime/core/diagnostics.ts';
import { takeOnce } from '../../code/take-once.ts';
import { IconButton, join } from '../../ui/Button.tsx';
import { Tooltip } from '../../ui/Tooltip.tsx';
import { isGroup, type WidgetProps } from '../widgets/widget.ts';
import { isWithin, printPath, type ConfigPath } from './config-path.ts';
import { useForm, type FormContextValue } from './form-context.ts';
import { ProblemLines } from './ProblemLines.tsx';
import { useFormText } from './use-form-text.ts';

interface FormRowProps {
  readonly form: FormField;
  readonly value: unknown;
  readonly path: ConfigPath;
  /** The label is shown elsewhere (a list's column head): here it is only for those who cannot see it. */
  readonly isLabelHidden?: boolean;
  /** Said after a hidden label, to tell the rows of a list apart. */
  readonly position?: number;
}

export function FormRow({ form, value, path, isLabelHidden = false, position }: FormRowProps): ReactNode {
  const context = useForm();
  const place = printPath(path);
  const problems = problemsOfRow(form, place, context);
  const rowRef = useReveal(place);
  const id = `${context.formId}-${place}`;
  // Kind and form fit each other, which the compiler cannot follow through a look-up.
  const Widget = context.widgets[form.widget] as ComponentType<WidgetProps>;
  const hasError = problems.some((problem) => problem.severity === 'error');
  const text = useFormText();
  const label = position === undefined ? text(form.label) : `${text(form.label)} ${position}`;
  const describedBy = [form.help !== '' && `${id}-help`, problems.length > 0 && `${id}-problems`]
    .filter(Boolean)
    .join(' ');

  return (
    <div
      ref={rowRef}
      data-path={place}
      className={join(
        'inspector-row',
        `inspector-row-${form.widget}`,
        isLabelHidden && 'inspector-row-compact',
        hasError && 'inspector-row-invalid',
      )}
    >
      {isLabelHidden ? (
        <label className="ui-visually-hidden" htmlFor={id} id={`${id}-label`}>
          {label}
        </label>
      ) : (
        <RowHead id={id} form={form} label={label} value={value} path={path} />
      )}
      <Widget
        form={form}
        value={value}
        path={path}
        label={label}
        ids={{
          id,
          'aria-describedby': describedBy === '' ? undefined : describedBy,
          'aria-invalid': hasError ? true : undefined,
        }}
        onChange={(next, kind = 'typing') => context.change(path, next, kind)}
      />
      <ProblemLines id={`${id}-problems`} problems={problems} />
    </div>
  );
}

/** Fields and the tag of a variant have no rows of their own. */
function problemsOfRow(form: FormField, place: string, context: FormContextValue): readonly Diagnostic[] {
  if (form.widget === 'fields') return context.problemsWithin(place);
  const own = context.problemsAt(place);
  return form.widget === 'variant' ? [...own, ...context.problemsAt(`${place}.${form.tag}`)] : own;
}

interface RowHeadProps {
  readonly id: string;
  readonly form: FormField;
  readonly label: string;
  readonly value: unknown;
  readonly path: ConfigPath;
}

function RowHead({ id, form, label, value, path }: RowHeadProps): ReactNode {
  const { t } = useTranslation();
  const text = useFormText();
  const { change, actions } = useForm();
  const canReset = form.optional && value !== undefined && JSON.stringify(value) !== JSON.stringify(form.defaultValue);
  return (
    <div className="inspector-head">
      {isGroup(form) ? (
        <span className="inspector-label" id={`${id}-label`}>
          {label}
        </span>
      ) : (
        <label className="inspector-label" id={`${id}-label`} htmlFor={id}>
          {label}
        </label>
      )}
      {form.help !== '' && (
        <>
          <Tooltip text={text(form.help)} side="left">
            <button type="button" className="inspector-help" aria-label={t('inspector:form.helpFor', { label })}>
              <CircleHelp size={12} aria-hidden />
            </button>
          </Tooltip>
          <span id={`${id}-help`} className="ui-visually-hidden">
            {text(form.help)}
          </span>
        </>
      )}
      <span className="inspector-head-space" />
      {actions[printPath(path)]}
      {canReset && (
        <IconButton
          label={t('inspector:form.reset', { label })}
          icon={<RotateCcw size={12} aria-hidden />}
          isSmall
          className="inspector-reset"
          onClick={() => change(path, undefined, 'step')}
        />
      )}
    </div>
  );
}

const FIRST_INPUT = 'input, textarea, [role="combobox"], [role="switch"], [data-widget] button';

/** Scrolls to the row that a click elsewhere asked for, and puts the cursor into it. Rows that hold the place in a row of their own leave it to that. */
function useReveal(place: string): RefObject<HTMLDivElement | null> {
  const ref = useRef<HTMLDivElement>(null);
  const { revealed } = useForm();
  useEffect(() => {
    const row = ref.current;
    if (row === null || revealed === null || !isWithin(revealed.path, place)) return;
    const inner = [...row.querySelectorAll<HTMLElement>('[data-path]')];
    if (inner.some((other) => isWithin(revealed.path, other.dataset.path ?? ''))) return;
    if (!takeOnce(revealed.request, 'form')) return;
    row.scrollIntoView?.({ block: 'center', behavior: 'smooth' });
    // An editor in the row has put the cursor to the range already.
    if (!row.contains(document.activeElement))
      row.querySelector<HTMLElement>(FIRST_INPUT)?.focus({ preventScroll: true });
    row.classList.add('inspector-row-revealed');
    const timer = setTimeout(() => row.classList.remove('inspector-row-revealed'), 1600);
    return () => clearTimeout(timer);
  }, [revealed, place]);
  return ref;
}
