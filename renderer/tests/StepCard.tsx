import { ArrowDown, ArrowUp, CircleStop, Clock, Moon, Rows3, Trash2, Waves, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DEFAULT_OUTPUT, type TestStep } from '../../runtime/graph/index.ts';
import { IconButton } from '../ui/Button.tsx';
import { Select } from '../ui/fields.tsx';
import { DraftInput } from './DraftInput.tsx';
import { columnsOf, usePlaces } from './places.ts';
import { RowGrid } from './RowGrid.tsx';

export type StepKind = 'rows' | 'watermark' | 'idle' | 'end' | 'advance';

export const STEP_ICONS: Readonly<Record<StepKind, LucideIcon>> = {
  rows: Rows3,
  watermark: Waves,
  idle: Moon,
  end: CircleStop,
  advance: Clock,
};

export function kindOf(step: TestStep): StepKind {
  return (['rows', 'watermark', 'idle', 'end', 'advance'] as const).find((kind) => kind in step)!;
}

interface StepCardProps {
  readonly step: TestStep;
  readonly number: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** It is the one that failed. */
  readonly hasFailed: boolean;
  readonly onChange: (step: TestStep) => void;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
}

/** One step: rows as a grid; watermarks, idleness, the end and time that goes by as a line between. */
export function StepCard(props: StepCardProps): ReactNode {
  const { step, number, isFirst, isLast, hasFailed, onChange, onMove, onRemove } = props;
  const { t } = useTranslation();
  const places = usePlaces('inputs');
  const kind = kindOf(step);
  const Icon = STEP_ICONS[kind];
  const title = t('tests:step', { number });
  const path = `steps[${number - 1}]`;
  const place = 'node' in step ? places.find(step.node, 'rows' in step ? step.port : undefined) : null;
  return (
    <li className="tests-card" data-kind={kind} data-failed={hasFailed} data-path={path} aria-label={title}>
      <header>
        <span className="tests-number" title={title}>
          {number}
        </span>
        <Icon size={14} aria-hidden />
        <span className="tests-kind">{t(`tests:kind.${kind}`)}</span>
        {'node' in step && (
          <div className="tests-place">
            <Select
              label={t('tests:place')}
              value={place === null ? null : `${place.node}.${place.port}`}
              placeholder={step.node}
              options={places.options}
              onChange={(key) => {
                const chosen = places.at(key);
                if (chosen === null) return;
                const { node, port } = chosen;
                onChange('rows' in step ? { ...step, node, port: port ?? DEFAULT_OUTPUT } : { ...step, node });
              }}
            />
          </div>
        )}
        {'watermark' in step && (
          <DraftInput
            label={t('tests:watermark')}
            value={step.watermark}
            placeholder="2026-01-01T00:05:00Z"
            isMono
            className="tests-time"
            onCommit={(watermark) => onChange({ ...step, watermark })}
          />
        )}
        {'advance' in step && (
          <DraftInput
            label={t('tests:advance')}
            value={step.advance}
            placeholder="5 seconds"
            isMono
            className="tests-time"
            onCommit={(advance) => onChange({ ...step, advance })}
          />
        )}
        <span className="tests-space" />
        <IconButton
          label={t('tests:moveUp', { what: title })}
          icon={<ArrowUp size={13} aria-hidden />}
          isSmall
          disabled={isFirst}
          onClick={() => onMove(-1)}
        />
        <IconButton
          label={t('tests:moveDown', { what: title })}
          icon={<ArrowDown size={13} aria-hidden />}
          isSmall
          disabled={isLast}
          onClick={() => onMove(1)}
        />
        <IconButton
          label={t('tests:remove', { what: title })}
          icon={<Trash2 size={13} aria-hidden />}
          isSmall
          onClick={onRemove}
        />
      </header>
      {'rows' in step && (
        <RowGrid
          label={t('tests:rowsOf', { what: title })}
          path={path}
          columns={columnsOf(place, step.rows)}
          rows={step.rows}
          onChange={(rows) => onChange({ ...step, rows })}
        />
      )}
    </li>
  );
}
