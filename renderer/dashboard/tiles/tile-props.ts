import type { Tile, TileKind, TileViewOf } from '../../../runtime/core/tile.ts';
import type { WallColors } from '../wall-themes.ts';
import type { TileRows } from '../tile-rows.ts';

/** What a kind of tile is drawn from. */
export interface TileProps<K extends TileKind = TileKind> {
  readonly view: TileViewOf<K>;
  readonly tile: Tile;
  readonly rows: TileRows;
  readonly colors: WallColors;
  /** Pixels that stand for one on a screen 1920 wide. */
  readonly unit: number;
}
