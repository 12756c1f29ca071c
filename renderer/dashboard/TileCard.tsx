import { memo, useCallback, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DEFAULT_INPUT } from '../../runtime/graph/index.ts';
import { PanelBoundary } from '../app/PanelBoundary.tsx';
import { sampleKey, useLive, type LiveState } from '../stores/live-buffer.ts';
import type { DocumentTile } from './document-tiles.ts';
import { TileRows } from './tile-rows.ts';
import { tileKind } from './tiles/tile-kinds.tsx';
import type { WallColors } from './wall-themes.ts';

interface TileCardProps {
  readonly tile: DocumentTile;
  readonly colors: WallColors;
  readonly unit: number;
}

/** Drawn anew when its own rows are others, and for no other tile's. */
export const TileCard = memo(function TileCard({ tile: { id, title, tile }, colors, unit }: TileCardProps): ReactNode {
  const { t } = useTranslation();
  const sample = useLive(useCallback((live: LiveState) => live.samples.get(sampleKey(id, DEFAULT_INPUT)), [id]));
  const rows = useMemo(() => (sample === undefined ? null : new TileRows(sample)), [sample]);
  const { Component } = tileKind(tile.view.kind);
  return (
    <>
      <h3 className="wall-title">{title}</h3>
      <div className="wall-body">
        <PanelBoundary>
          {rows === null || rows.length === 0 ? (
            <p className="wall-none">{t('dashboard:noRows')}</p>
          ) : (
            <Component view={tile.view} tile={tile} rows={rows} colors={colors} unit={unit} />
          )}
        </PanelBoundary>
      </div>
    </>
  );
});
