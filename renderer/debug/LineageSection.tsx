import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Badge } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { closeLineage } from './debug-session.ts';
import { type DebugState } from './debug-store.ts';
import { Rows } from './WaySection.tsx';

/** What a row was made of, or what was made of it: the ends first, then all rows on the way. */
export function LineageSection({ shown }: { readonly shown: NonNullable<DebugState['lineage']> }): ReactNode {
  const { t } = useTranslation();
  const { lineage, direction, row } = shown;
  const rows = new Map(lineage.hops.map((hop) => [hop.row.id, hop.row]));
  const ends = lineage.ends.flatMap((id) => rows.get(id) ?? []);
  return (
    <section className="debug-section" aria-label={t('debug:lineage')}>
      <h3>
        {t(`debug:lineage_${direction}`, { row: `#${row}` })}
        <Badge tone={lineage.exactness === 'exact' ? 'ok' : 'warning'}>
          {t(`debug:exactness.${lineage.exactness}`)}
        </Badge>
        <Button isSmall tone="quiet" className="debug-end" onClick={closeLineage}>
          {t('debug:closeLineage')}
        </Button>
      </h3>
      <h4>{t(`debug:ends_${direction}`, { count: ends.length })}</h4>
      <Rows rows={ends} empty={t('debug:noRows')} />
      <h4>{t('debug:hops', { count: lineage.hops.length })}</h4>
      <Rows rows={lineage.hops.map((hop) => hop.row)} empty={t('debug:noRows')} />
      {lineage.omitted > 0 && <p className="debug-nothing">{t('debug:omitted', { count: lineage.omitted })}</p>}
    </section>
  );
}
