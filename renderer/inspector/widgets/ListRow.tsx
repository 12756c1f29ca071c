import type { ReactNode } from 'react';
import { isRecord, type ConfigPath } from '../form/config-path.ts';
import { FormRow } from '../form/FormRow.tsx';
import { dropTarget, ItemGrip, RemoveItem } from './ItemGrip.tsx';
import type { ItemHandles } from './item-handles.ts';
import { gridColumns, type RowColumn } from './row-columns.ts';

interface ListRowProps {
  readonly columns: readonly RowColumn[];
  readonly value: unknown;
  readonly path: ConfigPath;
  readonly handles: ItemHandles;
}

/** An item as one line: a cell per field. */
export function ListRow({ columns, value, path, handles }: ListRowProps): ReactNode {
  return (
    <li {...dropTarget(handles)} data-item>
      <div className="inspector-cells" style={{ gridTemplateColumns: gridColumns(columns) }}>
        <ItemGrip handles={handles} />
        {columns.map(({ key, form }) => (
          <FormRow
            key={key}
            form={form}
            value={key === null ? value : isRecord(value) ? value[key] : undefined}
            path={key === null ? path : [...path, key]}
            isLabelHidden
            position={handles.position}
          />
        ))}
        <RemoveItem handles={handles} isRow />
      </div>
    </li>
  );
}
