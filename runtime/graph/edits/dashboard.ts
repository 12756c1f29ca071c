/** Changes to the dashboard of a document. */
import type { NodeId } from '../../core/ids.ts';
import { DASHBOARD_COLUMNS, type Dashboard, type DashboardTheme, type TilePlace } from '../dashboard.ts';
import type { PipelineDocument } from '../document.ts';

export function arrangeTiles(document: PipelineDocument, tiles: readonly TilePlace[]): PipelineDocument {
  const before = document.dashboard.tiles;
  const isSame = tiles.length === before.length && tiles.every((tile, i) => samePlace(tile, before[i]!));
  return isSame ? document : changeDashboard(document, { tiles });
}

export function setDashboardTheme(document: PipelineDocument, theme: DashboardTheme): PipelineDocument {
  return theme === document.dashboard.theme ? document : changeDashboard(document, { theme });
}

/** A place for each of `nodes`, in their order: the document's where it has one, the first free one below the others else. */
export function placesOf(
  { tiles }: Dashboard,
  nodes: readonly { readonly id: NodeId; readonly w: number; readonly h: number }[],
): TilePlace[] {
  const known = new Map(tiles.map((place) => [place.node, place]));
  const placed = nodes.flatMap(({ id }) => known.get(id) ?? []);
  let x = 0;
  let y = Math.max(0, ...placed.map((place) => place.y + place.h));
  let rowHeight = 0;
  return nodes.map(({ id, w, h }) => {
    const found = known.get(id);
    if (found !== undefined) return found;
    if (x + w > DASHBOARD_COLUMNS) {
      x = 0;
      y += rowHeight;
      rowHeight = 0;
    }
    const place = { node: id, x, y, w, h };
    x += w;
    rowHeight = Math.max(rowHeight, h);
    return place;
  });
}

function changeDashboard(document: PipelineDocument, change: Partial<Dashboard>): PipelineDocument {
  return { ...document, dashboard: { ...document.dashboard, ...change } };
}

function samePlace(a: TilePlace, b: TilePlace): boolean {
  return a.node === b.node && a.x === b.x && a.y === b.y && a.w === b.w && a.h === b.h;
}
