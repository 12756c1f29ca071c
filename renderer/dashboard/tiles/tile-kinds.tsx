/** Every kind of tile: what draws it, and how large it is until somebody arranges it. */
import type { ComponentType } from 'react';
import type { TileKind } from '../../../runtime/core/tile.ts';
import { BarTile } from './BarTile.tsx';
import { ChinaTile } from './ChinaTile.tsx';
import { GaugeTile } from './GaugeTile.tsx';
import { LineTile } from './LineTile.tsx';
import { NumberTile } from './NumberTile.tsx';
import { PieTile } from './PieTile.tsx';
import { RankingTile } from './RankingTile.tsx';
import type { TileProps } from './tile-props.ts';
import { WorldTile } from './WorldTile.tsx';

interface TileKindDefinition<K extends TileKind> {
  readonly Component: ComponentType<TileProps<K>>;
  /** In cells of the grid. */
  readonly size: { readonly w: number; readonly h: number };
}

const KINDS: { readonly [K in TileKind]: TileKindDefinition<K> } = {
  number: { Component: NumberTile, size: { w: 6, h: 3 } },
  line: { Component: LineTile, size: { w: 12, h: 5 } },
  bar: { Component: BarTile, size: { w: 6, h: 5 } },
  pie: { Component: PieTile, size: { w: 6, h: 5 } },
  table: { Component: RankingTile, size: { w: 6, h: 6 } },
  gauge: { Component: GaugeTile, size: { w: 6, h: 5 } },
  china: { Component: ChinaTile, size: { w: 9, h: 8 } },
  world: { Component: WorldTile, size: { w: 12, h: 7 } },
};

export function tileKind(kind: TileKind): TileKindDefinition<TileKind> {
  // Each is given its own view: who asks has it from the tile of that kind.
  return KINDS[kind] as unknown as TileKindDefinition<TileKind>;
}
