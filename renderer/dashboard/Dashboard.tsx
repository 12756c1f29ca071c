/** The tiles of a document on their grid: in the panel of the editor and on a wall, whatever the size. */
import { useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import { GridLayout, verticalCompactor, type Layout } from 'react-grid-layout';
import 'react-grid-layout/css/styles.css';
import { useTranslation } from 'react-i18next';
import {
  DASHBOARD_COLUMNS,
  placesOf,
  type Dashboard as DashboardLayout,
  type TilePlace,
} from '../../runtime/graph/index.ts';
import type { DocumentTile } from './document-tiles.ts';
import './dashboard.css';
import { layoutOf, moveTile, placesOfLayout, stepOfKey } from './tile-moves.ts';
import { TileCard } from './TileCard.tsx';
import { tileKind } from './tiles/tile-kinds.tsx';
import { useSize } from './use-size.ts';
import { WALL_THEMES, wallStyle } from './wall-themes.ts';

interface DashboardProps {
  readonly tiles: readonly DocumentTile[];
  readonly dashboard: DashboardLayout;
  readonly isArranging: boolean;
  readonly onArrange: (places: readonly TilePlace[]) => void;
  /** What is shown is of a while ago. */
  readonly isStale?: boolean;
  /** Above the grid. */
  readonly header?: ReactNode;
}

/** Size of the screen that tiles are drawn for; others scale. */
const DESIGN = { width: 1920, height: 1080 };
const MIN_UNIT = 0.42;
const GAP = 14;
/** Fewer rows would make a single tile fill the wall. */
const MIN_ROWS = 12;
const MIN_ROW_HEIGHT = 44;

export function Dashboard(props: DashboardProps): ReactNode {
  const { tiles, dashboard, isArranging, onArrange, isStale = false, header } = props;
  const { t } = useTranslation();
  const [frame, frameSize] = useSize<HTMLDivElement>();
  const [area, areaSize] = useSize<HTMLDivElement>();
  const unit = Math.max(MIN_UNIT, Math.min(frameSize.width / DESIGN.width, frameSize.height / DESIGN.height));
  const places = useMemo(
    () =>
      placesOf(
        dashboard,
        tiles.map(({ id, tile }) => ({ id, ...tileKind(tile.view.kind).size })),
      ),
    [dashboard, tiles],
  );
  const layout = useMemo(() => layoutOf(places), [places]);
  const colors = WALL_THEMES[dashboard.theme];
  const gap = Math.round(GAP * unit);
  const rows = Math.max(MIN_ROWS, ...places.map(({ y, h }) => y + h));
  const rowHeight = Math.max(MIN_ROW_HEIGHT * unit, (areaSize.height - gap * (rows + 1)) / rows);

  const isScrolling = Math.ceil(rows * (rowHeight + gap) + gap) > areaSize.height + 1;

  // A drag that ends where it began changes nothing; the edit sees to that.
  const arranged = (next: Layout): void => {
    const byId = new Map(placesOfLayout(next).map((place) => [place.node, place]));
    onArrange(places.flatMap(({ node }) => byId.get(node) ?? []));
  };
  const [moved, setMoved] = useState('');
  const onKeyDown = (tile: DocumentTile) => (event: KeyboardEvent) => {
    const step = stepOfKey(event);
    if (step === null || event.target !== event.currentTarget) return;
    event.preventDefault();
    const next = moveTile(places, tile.id, step);
    onArrange(next);
    const { x, y, w, h } = next.find((place) => place.node === tile.id)!;
    setMoved(t('dashboard:moved', { title: tile.title, x: x + 1, y: y + 1, w, h }));
  };

  return (
    <div
      ref={frame}
      className={`wall wall-${dashboard.theme}${isStale ? ' is-stale' : ''}${isArranging ? ' is-arranging' : ''}`}
      style={{ ...wallStyle(dashboard.theme), '--u': `${unit}px` } as React.CSSProperties}
    >
      {header}
      <div
        ref={area}
        className="wall-area"
        {...(isScrolling ? { tabIndex: 0, role: 'group', 'aria-label': t('dashboard:tiles') } : {})}
      >
        {areaSize.width > 0 && (
          <GridLayout
            width={areaSize.width}
            layout={layout}
            gridConfig={{ cols: DASHBOARD_COLUMNS, rowHeight, margin: [gap, gap], containerPadding: [gap, gap] }}
            dragConfig={{ enabled: isArranging, bounded: false, cancel: '.wall-table' }}
            resizeConfig={{ enabled: isArranging, handles: ['se'] }}
            compactor={verticalCompactor}
            onDragStop={arranged}
            onResizeStop={arranged}
          >
            {tiles.map((tile) => (
              <section
                key={tile.id}
                className="wall-tile"
                aria-label={tile.title}
                {...(isArranging
                  ? { tabIndex: 0, onKeyDown: onKeyDown(tile), 'aria-roledescription': t('dashboard:movable') }
                  : {})}
              >
                <TileCard tile={tile} colors={colors} unit={unit} />
              </section>
            ))}
          </GridLayout>
        )}
      </div>
      <p className="wall-announcement" role="status">
        {moved}
      </p>
    </div>
  );
}
