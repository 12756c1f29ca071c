import { CircleDot, CornerLeftUp, CornerRightDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { nodeId } from '../../runtime/core/ids.ts';
import type { DebugRow } from '../../runtime/protocol/debug.ts';
import { selectNodes } from '../stores/view-store.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { toggled } from './breakpoints.ts';
import { changeBreakpoints, jump, showLineage } from './debug-session.ts';
import { useDebugStore, type DebugView } from './debug-store.ts';
import { useOperatorNames } from './operator-names.ts';
import { portOf, rowText } from './sentences.ts';

/** The way of the row at hand, from the newest hop back to its source; and what came to the node that is looked at. */
export function WaySection({ view }: { readonly view: DebugView }): ReactNode {
  const { t } = useTranslation();
  return (
    <section className="debug-section" aria-label={t('debug:way')}>
      <h3>{t('debug:way')}</h3>
      <Rows rows={view.stop.path} empty={t('debug:noRow')} />
      <h4>{t('debug:rowsInto')}</h4>
      <Rows rows={[...view.rowsInto].reverse()} empty={t('debug:noRows')} />
    </section>
  );
}

export function Rows({ rows, empty }: { readonly rows: readonly DebugRow[]; readonly empty: string }): ReactNode {
  const { t } = useTranslation();
  const plan = useDebugStore((state) => state.plan);
  const nameOf = useOperatorNames();
  if (rows.length === 0) return <p className="debug-nothing">{empty}</p>;
  return (
    <ol className="debug-rows">
      {rows.map((row) => (
        <li key={row.id}>
          <button type="button" className="ui-link" onClick={() => selectNodes([nodeId(row.nodeId)])}>
            {nameOf(row.nodeId)}
          </button>
          <span className="debug-row-text" title={rowText(row, portOf(plan, row.nodeId, row.port)?.fields ?? [])}>
            {rowText(row, portOf(plan, row.nodeId, row.port)?.fields ?? [])}
          </span>
          <span className="debug-row-actions">
            <IconButton
              isSmall
              label={t('debug:from')}
              icon={<CornerLeftUp size={13} aria-hidden />}
              onClick={() => void showLineage(row.id, 'backward')}
            />
            <IconButton
              isSmall
              label={t('debug:into')}
              icon={<CornerRightDown size={13} aria-hidden />}
              onClick={() => void showLineage(row.id, 'forward')}
            />
            <IconButton
              isSmall
              label={t('debug:stopAtKin')}
              icon={<CircleDot size={13} aria-hidden />}
              onClick={() =>
                void changeBreakpoints((all) => toggled(all, { type: 'lineage', row: row.id, nodeId: null }))
              }
            />
            <Button isSmall tone="quiet" title={t('debug:jumpHint')} onClick={() => void jump(row.moment - 1)}>
              @{row.moment}
            </Button>
          </span>
        </li>
      ))}
    </ol>
  );
}
