import { PieChart } from 'echarts/charts';
import { TooltipComponent } from 'echarts/components';
import { use as register } from 'echarts/core';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber, formatShort } from '../number-format.ts';
import { largestParts } from '../tile-rows.ts';
import { EChart } from './EChart.tsx';
import type { TileProps } from './tile-props.ts';

register([PieChart, TooltipComponent]);

export function PieTile({ view, tile, rows, colors, unit }: TileProps<'pie'>): ReactNode {
  const { t } = useTranslation();
  const { parts, rest, restCount } = useMemo(() => largestParts(rows, view), [rows, view]);
  const shown = useMemo(
    () => (restCount === 0 ? parts : [...parts, { name: t('dashboard:others', { count: restCount }), value: rest }]),
    [parts, rest, restCount, t],
  );
  const total = shown.reduce((sum, part) => sum + part.value, 0);
  const option = useMemo(
    () => ({
      animationDurationUpdate: 300,
      color: colors.series,
      tooltip: {
        confine: true,
        formatter: ({ name, value, percent }: { name: string; value: number; percent: number }) =>
          `${escaped(name)} ${formatNumber(value, tile)} (${percent} %)`,
      },
      series: [
        {
          type: 'pie',
          radius: ['74%', '97%'],
          padAngle: 2,
          itemStyle: { borderRadius: 5 * unit },
          label: { show: false },
          emphasis: { scaleSize: 4 * unit },
          data: shown,
        },
      ],
    }),
    [shown, tile, colors, unit],
  );
  return (
    <div className="wall-pie">
      <div className="wall-pie-ring">
        <EChart label={t('dashboard:chart.parts', { count: shown.length })} option={option} />
        <b>{formatShort(total, tile)}</b>
      </div>
      <ol className="wall-legend">
        {shown.map(({ name, value }, i) => (
          <li key={name}>
            <i style={{ background: colors.series[i % colors.series.length] }} />
            <span>{name}</span>
            <b>{total === 0 ? '–' : `${((value / total) * 100).toFixed(1)}%`}</b>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** ECharts takes tooltips as HTML. */
function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
