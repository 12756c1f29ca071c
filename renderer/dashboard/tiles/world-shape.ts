/** The land of the world as GeoJSON, from Natural Earth's 1:110m in TopoJSON (vega-datasets). */
import type { GeoJSONSourceInput } from 'echarts/types/src/coord/geo/geoTypes.js';

interface Topology {
  readonly transform: { readonly scale: readonly number[]; readonly translate: readonly number[] };
  readonly arcs: readonly (readonly (readonly number[])[])[];
  readonly objects: { readonly land: { readonly arcs: readonly (readonly (readonly number[])[])[] } };
}

type Point = [number, number];

export async function worldLand(): Promise<GeoJSONSourceInput> {
  const { default: topology } = await import('../../../node_modules/vega-datasets/data/world-110m.json');
  const coordinates = landOf(topology as unknown as Topology);
  const land = { type: 'Feature', properties: { name: 'land' }, geometry: { type: 'MultiPolygon', coordinates } };
  return { type: 'FeatureCollection', features: [land] } as unknown as GeoJSONSourceInput;
}

/** Polygons of rings. Arcs are steps between points on a grid (https://github.com/topojson/topojson-specification); ~i is arc i backwards. */
function landOf({ transform, arcs, objects }: Topology): Point[][][] {
  const [scaleX, scaleY] = transform.scale as Point;
  const [originX, originY] = transform.translate as Point;
  const lines = arcs.map((arc) => {
    let [x, y] = [0, 0];
    return arc.map(([dx, dy]): Point => [(x += dx!) * scaleX + originX, (y += dy!) * scaleY + originY]);
  });
  const lineOf = (arc: number): Point[] => (arc < 0 ? lines[~arc]!.toReversed() : lines[arc]!);
  // The last point of an arc is the first of the next.
  const ringOf = (ring: readonly number[]): Point[] =>
    ring.flatMap((arc, i) => (i === 0 ? lineOf(arc) : lineOf(arc).slice(1)));
  return objects.land.arcs.map((polygon) => polygon.map(ringOf));
}
