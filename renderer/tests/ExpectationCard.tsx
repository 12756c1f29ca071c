import { Target, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Expectation } from '../../runtime/graph/index.ts';
import { IconButton } from '../ui/Button.tsx';
import { Segmented, Select } from '../ui/fields.tsx';
import { DraftInput } from './DraftInput.tsx';
import { columnsOf, placeKey, usePlaces, type Place } from './places.ts';
import { RowGrid } from './RowGrid.tsx';

interface ExpectationCardProps {
  readonly expectation: Expectation;
  readonly number: number;
  readonly onChange: (expectation: Expectation) => void;
  readonly onRemove: () => void;
}

/** The rows that are expected at a place, and how they are compared. */
export function ExpectationCard({ expectation, number, onChange, onRemove }: ExpectationCardProps): ReactNode {
  const { t } = useTranslation();
  const places = usePlaces('expected');
  const { node, port, rows, order, updates, ignore, tolerance } = expectation;
  const place = places.find(node, port);
  const title = t('tests:expectation', { number });
  const path = `expect[${number - 1}]`;
  const isTable = updates === 'table';
  return (
    <li className="tests-card" data-kind="expect" data-path={path} aria-label={title}>
      <header>
        <Target size={14} aria-hidden />
        <span className="tests-kind">{t('tests:rowsAt')}</span>
        <div className="tests-place">
          <Select
            label={t('tests:place')}
            value={place === null ? null : placeKey(place)}
            placeholder={node}
            options={places.options}
            onChange={(key) => {
              const chosen = places.at(key);
              if (chosen !== null) onChange(lookingAt(expectation, chosen));
            }}
          />
        </div>
        <Segmented
          label={t('tests:order.label')}
          value={order}
          options={[
            { value: 'any', label: t('tests:order.any') },
            { value: 'exact', label: t('tests:order.exact') },
          ]}
          onChange={(value) => onChange({ ...expectation, order: value })}
        />
        {place?.shape?.changelog === 'update' && (
          <Segmented
            label={t('tests:updates.label')}
            value={updates}
            options={[
              { value: 'changelog', label: t('tests:updates.changelog') },
              { value: 'table', label: t('tests:updates.table') },
            ]}
            onChange={(value) => onChange({ ...expectation, updates: value })}
          />
        )}
        <DraftInput
          label={t('tests:tolerance')}
          value={tolerance === 0 ? '' : String(tolerance)}
          placeholder={t('tests:tolerancePlaceholder')}
          className="tests-short"
          onCommit={(text) => {
            const value = text.trim() === '' ? 0 : Number(text);
            if (value >= 0) onChange({ ...expectation, tolerance: value });
          }}
        />
        <DraftInput
          label={t('tests:ignore')}
          value={ignore.join(', ')}
          placeholder={t('tests:ignorePlaceholder')}
          className="tests-medium"
          onCommit={(text) => onChange({ ...expectation, ignore: text.split(',').flatMap((one) => one.trim() || []) })}
        />
        <span className="tests-space" />
        <IconButton
          label={t('tests:remove', { what: title })}
          icon={<Trash2 size={13} aria-hidden />}
          isSmall
          onClick={onRemove}
        />
      </header>
      <RowGrid
        label={t('tests:rowsOf', { what: title })}
        path={path}
        columns={columnsOf(place, rows).filter(({ name, isExtra }) => !(isTable && isExtra && name === '__op'))}
        rows={rows}
        ignored={ignore}
        onChange={(next) => onChange({ ...expectation, rows: next })}
      />
    </li>
  );
}

function lookingAt({ port: _, ...rest }: Expectation, { node, port }: Place): Expectation {
  return port === null ? { ...rest, node } : { ...rest, node, port };
}
