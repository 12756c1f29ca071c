import { EffectScatterChart, ScatterChart } from 'echarts/charts';
import { GeoComponent, TooltipComponent } from 'echarts/components';
import { registerMap, use as register } from 'echarts/core';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TileViewOf } from '../../../runtime/core/tile.ts';
import { formatNumber } from '../number-format.ts';
import type { TileRows } from '../tile-rows.ts';
import { EChart } from './EChart.tsx';
import type { TileProps } from './tile-props.ts';
import { worldLand } from './world-shape.ts';

register([ScatterChart, EffectScatterChart, GeoComponent, TooltipComponent]);

const MAP = 'world';
/** How many of the newest points ripple. */
const NEW = 3;

let registered: Promise<void> | null = null;

function registerWorld(): Promise<void> {
  return (registered ??= worldLand().then((land) => registerMap(MAP, land)));
}

export function WorldTile({ view, tile, rows, colors, unit }: TileProps<'world'>): ReactNode {
  const { t } = useTranslation();
  const [hasMap, setHasMap] = useState(false);
  useEffect(() => {
    let isGone = false;
    void registerWorld().then(() => isGone || setHasMap(true));
    return () => void (isGone = true);
  }, []);
  const points = useMemo(() => pointsOf(rows, view), [rows, view]);
  const option = useMemo(() => {
    const largest = Math.max(...points.map((point) => point.size), Number.MIN_VALUE);
    const sizeOf = (point: WorldPoint): number => (5 + 17 * Math.sqrt(point.size / largest)) * unit;
    const data = points.map((point) => ({
      name: point.label,
      value: [point.longitude, point.latitude, point.value],
      symbolSize: sizeOf(point),
    }));
    const common = { coordinateSystem: 'geo', itemStyle: { color: colors.series[3], opacity: 0.8 } };
    return {
      tooltip: {
        confine: true,
        renderMode: 'richText',
        formatter: ({ name, value }: { name: string; value: [number, number, number | null] }) =>
          value[2] === null ? name : `${name} ${formatNumber(value[2], tile)}`.trim(),
      },
      geo: {
        map: MAP,
        roam: false,
        silent: true,
        left: 0,
        right: 0,
        top: 0,
        bottom: 0,
        itemStyle: { areaColor: colors.scale[0], borderColor: colors.line, borderWidth: unit },
      },
      series: [
        { type: 'scatter', ...common, data: data.slice(0, -NEW) },
        { type: 'effectScatter', ...common, data: data.slice(-NEW), rippleEffect: { scale: 3, brushType: 'stroke' } },
      ],
    };
  }, [points, tile, colors, unit]);
  if (!hasMap) return null;
  return <EChart label={t('dashboard:chart.points', { count: points.length })} option={option} />;
}

interface WorldPoint {
  readonly longitude: number;
  readonly latitude: number;
  readonly value: number | null;
  readonly size: number;
  readonly label: string;
}

/** In the order of the rows; those without a place are left out. */
function pointsOf(rows: TileRows, view: TileViewOf<'world'>): WorldPoint[] {
  return Array.from({ length: rows.length }, (_, row) => row).flatMap((row) => {
    const longitude = rows.number(row, view.longitude);
    const latitude = rows.number(row, view.latitude);
    if (longitude === null || latitude === null) return [];
    const value = view.value === null ? null : rows.number(row, view.value);
    const label = view.label === null ? '' : rows.text(row, view.label);
    return [{ longitude, latitude, value, size: Math.max(0, value ?? 1), label }];
  });
}
