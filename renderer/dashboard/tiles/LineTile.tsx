import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { use as register } from 'echarts/core';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TileViewOf } from '../../../runtime/core/tile.ts';
import { formatNumber, formatShort } from '../number-format.ts';
import type { TileRows } from '../tile-rows.ts';
import { EChart } from './EChart.tsx';
import { fade } from './NumberTile.tsx';
import type { TileProps } from './tile-props.ts';

register([LineChart, GridComponent, LegendComponent, TooltipComponent]);

export function LineTile({ view, tile, rows, colors, unit }: TileProps<'line'>): ReactNode {
  const { t } = useTranslation();
  const lines = useMemo(() => linesOf(rows, view), [rows, view]);
  const option = useMemo(() => {
    const text = { color: colors.muted, fontSize: 13 * unit };
    const hasLegend = lines.length > 1;
    return {
      animationDurationUpdate: 300,
      color: colors.series,
      grid: {
        left: 4 * unit,
        right: 18 * unit,
        top: (hasLegend ? 36 : 14) * unit,
        bottom: 4 * unit,
        outerBounds: { left: 0, right: 0, top: 0, bottom: 0 },
        outerBoundsMode: 'same',
      },
      legend: {
        show: hasLegend,
        top: 0,
        right: 0,
        icon: 'roundRect',
        itemWidth: 14 * unit,
        itemHeight: 4 * unit,
        textStyle: text,
      },
      tooltip: {
        trigger: 'axis',
        confine: true,
        valueFormatter: (value: unknown) => (typeof value === 'number' ? formatNumber(value, tile) : '–'),
      },
      xAxis: {
        type: 'time',
        splitNumber: 5,
        axisLine: { lineStyle: { color: colors.line } },
        axisTick: { show: false },
        axisLabel: { ...text, hideOverlap: true, formatter: TIME_LABELS },
      },
      yAxis: {
        type: 'value',
        splitNumber: 4,
        axisLabel: { ...text, formatter: (value: number) => formatShort(value, tile) },
        splitLine: { lineStyle: { color: colors.line, type: [4 * unit, 4 * unit] } },
      },
      series: lines.map(({ name, points }, i) => ({
        type: 'line',
        name,
        data: points,
        showSymbol: points.length < 2,
        smooth: 0.25,
        lineStyle: { width: 3 * unit },
        ...(view.area ? { areaStyle: { color: fade(colors.series[i % colors.series.length]!) } } : {}),
      })),
    };
  }, [lines, view.area, tile, colors, unit]);
  return (
    <EChart
      label={t('dashboard:chart.lines', { names: lines.map((line) => line.name).join(', '), count: rows.length })}
      option={option}
      replaces
    />
  );
}

/** Times of rows are UTC; a new day is told by its date. */
const TIME_LABELS = {
  year: '{yyyy}',
  month: '{MM}-{dd}',
  day: '{MM}-{dd}',
  hour: '{HH}:{mm}',
  minute: '{HH}:{mm}',
  second: '{HH}:{mm}:{ss}',
  millisecond: '{HH}:{mm}:{ss}',
};

interface Line {
  readonly name: string;
  readonly points: readonly (readonly [number, number | null])[];
}

/** By time, whatever the order in which rows came. */
export function linesOf(rows: TileRows, view: TileViewOf<'line'>): Line[] {
  const byName = new Map<string, [number, number | null][]>();
  if (view.series === null) for (const name of view.values) byName.set(name, []);
  for (let row = 0; row < rows.length; row++) {
    const time = rows.time(row, view.time);
    if (time === null) continue;
    for (const field of view.values) {
      const name = view.series === null ? field : rows.text(row, view.series);
      const points = byName.get(name) ?? [];
      byName.set(name, points);
      points.push([time, rows.number(row, field)]);
    }
  }
  return [...byName].map(([name, points]) => ({ name, points: points.sort((a, b) => a[0] - b[0]) }));
}
