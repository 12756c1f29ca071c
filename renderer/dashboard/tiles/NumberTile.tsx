import { LineChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { use as register } from 'echarts/core';
import { ArrowDownRight, ArrowRight, ArrowUpRight } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber, writeNumber } from '../number-format.ts';
import { EChart } from './EChart.tsx';
import { RollingNumber } from './RollingNumber.tsx';
import type { TileProps } from './tile-props.ts';

register([LineChart, GridComponent]);

export function NumberTile({ view, tile, rows, colors, unit }: TileProps<'number'>): ReactNode {
  const { t } = useTranslation();
  const last = rows.length - 1;
  const value = rows.number(last, view.value);
  const compared = view.compareWith === null ? null : rows.number(last, view.compareWith);
  const history = Array.from({ length: rows.length }, (_, row) => rows.number(row, view.value));
  const [from, color] = [colors.series[0]!, colors.series[0]!];
  const option = useMemo(
    () => ({
      animationDurationUpdate: 200,
      grid: { left: 0, right: 0, top: 2 * unit, bottom: 0 },
      xAxis: { type: 'category', show: false, boundaryGap: false, data: history.map((_, i) => i) },
      yAxis: { type: 'value', show: false, scale: true },
      series: [
        {
          type: 'line',
          data: history,
          showSymbol: false,
          smooth: 0.3,
          lineStyle: { width: 2.5 * unit, color },
          areaStyle: { color: fade(from) },
        },
      ],
    }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the rows say when the history is another
    [rows, unit, color, from],
  );
  if (value === null) return null;
  const { before, digits, after } = writeNumber(value, tile);
  return (
    <div className={view.sparkline ? 'wall-number has-sparkline' : 'wall-number'}>
      <p className="wall-number-value">
        {before !== '' && <small>{before}</small>}
        <RollingNumber text={digits} />
        {after !== '' && <small>{after}</small>}
      </p>
      {compared !== null && compared !== 0 && <Difference share={(value - compared) / Math.abs(compared)} />}
      {view.sparkline && (
        <div className="wall-sparkline">
          <EChart label={t('dashboard:chart.history', { value: formatNumber(value, tile) })} option={option} />
        </div>
      )}
    </div>
  );
}

function Difference({ share }: { readonly share: number }): ReactNode {
  const Icon = share > 0 ? ArrowUpRight : share < 0 ? ArrowDownRight : ArrowRight;
  const percent = Math.abs(share * 100);
  return (
    <p className={share < 0 ? 'wall-difference is-down' : 'wall-difference'}>
      <Icon aria-hidden />
      {share < 0 ? '−' : '+'}
      {percent >= 100 ? Math.round(percent) : percent.toFixed(1)}%
    </p>
  );
}

/** An area's colour, from its line down. */
export function fade(color: string): object {
  return {
    type: 'linear',
    x: 0,
    y: 0,
    x2: 0,
    y2: 1,
    colorStops: [
      { offset: 0, color: `${color}59` },
      { offset: 1, color: `${color}05` },
    ],
  };
}
