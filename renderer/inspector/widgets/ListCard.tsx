import { ChevronRight } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import type { FormField } from '../../../runtime/core/config.ts';
import { SeverityIcon } from '../../ui/Badge.tsx';
import { isRecord, isWithin, printPath, type ConfigPath } from '../form/config-path.ts';
import { useForm } from '../form/form-context.ts';
import { FormRow } from '../form/FormRow.tsx';
import { FormRows } from '../form/FormRows.tsx';
import { dropTarget, ItemGrip, RemoveItem } from './ItemGrip.tsx';
import type { ItemHandles } from './item-handles.ts';
import { asText } from './raw-text.ts';

interface ListCardProps {
  readonly form: FormField;
  readonly value: unknown;
  readonly path: ConfigPath;
  readonly handles: ItemHandles;
}

/** An item as a card that folds to a line telling what is in it. */
export function ListCard({ form, value, path, handles }: ListCardProps): ReactNode {
  const { revealed, problemsWithin } = useForm();
  const summary = summaryOf(form, value);
  const [isOpen, setOpen] = useState(summary === '' || handles.count <= MAX_OPEN);
  const place = printPath(path);
  useEffect(() => {
    if (revealed !== null && isWithin(revealed.path, place)) setOpen(true);
  }, [revealed, place]);
  const hasProblem = problemsWithin(place).some((problem) => problem.severity === 'error');
  return (
    <li {...dropTarget(handles)} data-item>
      <div className="inspector-card">
        <div className="inspector-card-head">
          <ItemGrip handles={handles} />
          <button
            type="button"
            className="inspector-card-title"
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            <ChevronRight size={13} aria-hidden className="inspector-chevron" />
            <span>{summary || `${handles.itemLabel} ${handles.position}`}</span>
            {hasProblem && !isOpen && <SeverityIcon severity="error" size={13} />}
          </button>
          <RemoveItem handles={handles} />
        </div>
        {isOpen && (
          <div className="inspector-card-body">
            {form.widget === 'object' ? (
              <FormRows fields={form.fields} value={isRecord(value) ? value : {}} path={path} />
            ) : (
              <FormRow form={form} value={value} path={path} isLabelHidden position={handles.position} />
            )}
          </div>
        )}
      </div>
    </li>
  );
}

const MAX_SUMMARY_PARTS = 3;
/** Longer lists begin folded. */
const MAX_OPEN = 3;

/** The first texts, choices and expressions of an item: `clicks · COUNT · *`. */
function summaryOf(form: FormField, value: unknown): string {
  if (form.widget !== 'object') return isRecord(value) ? '' : asText(value);
  if (!isRecord(value)) return '';
  return Object.entries(form.fields)
    .filter(([, field]) => ['text', 'choice', 'expression', 'field'].includes(field.widget))
    .map(([key]) => asText(value[key]))
    .filter((text) => text !== '')
    .slice(0, MAX_SUMMARY_PARTS)
    .join(' · ');
}
