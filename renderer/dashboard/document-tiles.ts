/** The tiles of a document: its nodes whose operators show something on a dashboard. */
import { checkConfig } from '../../runtime/core/config.ts';
import type { NodeId } from '../../runtime/core/ids.ts';
import { isComposite } from '../../runtime/core/operator.ts';
import type { Tile } from '../../runtime/core/tile.ts';
import { DEFAULT_INPUT, type PipelineDocument } from '../../runtime/graph/index.ts';
import { findSpec } from '../../runtime/operators/catalog.ts';
import type { Watch } from '../../runtime/protocol/job.ts';

export interface DocumentTile {
  readonly id: NodeId;
  readonly title: string;
  readonly tile: Tile;
}

/** In the document's order; nodes whose config is not whole yet are not among them. */
export function documentTiles({ nodes }: PipelineDocument): DocumentTile[] {
  return nodes.flatMap(({ id, type, label, config }) => {
    const spec = findSpec(type);
    if (spec === null || isComposite(spec) || spec.tile === undefined) return [];
    const { value } = checkConfig(spec.config, config);
    if (value === null) return [];
    const tile = spec.tile(value);
    return [{ id, title: tile.title ?? label ?? id, tile }];
  });
}

/** What a page asks for to show them. */
export function tileWatches(tiles: readonly DocumentTile[]): Watch[] {
  return tiles.map(({ id }) => ({ nodeId: id, port: DEFAULT_INPUT }));
}
