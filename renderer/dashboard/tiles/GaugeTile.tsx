import { GaugeChart } from 'echarts/charts';
import { use as register } from 'echarts/core';
import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TileViewOf } from '../../../runtime/core/tile.ts';
import type { WallColors } from '../wall-themes.ts';
import { formatNumber, formatShort } from '../number-format.ts';
import { EChart } from './EChart.tsx';
import type { TileProps } from './tile-props.ts';

register([GaugeChart]);

/** An arc that is open below; its middle lies low, so that it fills a tile which is wider than high. */
const DIAL = {
  type: 'gauge',
  startAngle: 205,
  endAngle: -25,
  radius: '126%',
  center: ['50%', '69%'],
  pointer: { show: false },
  axisTick: { show: false },
  splitLine: { show: false },
};

const ICONS = { good: CircleCheck, warn: TriangleAlert, bad: CircleAlert };

export function GaugeTile({ view, tile, rows, colors, unit }: TileProps<'gauge'>): ReactNode {
  const { t } = useTranslation();
  const value = rows.number(rows.length - 1, view.value);
  const state = value === null ? 'good' : gaugeState(value, view);
  const Icon = ICONS[state];
  const option = useMemo(
    () => ({
      animationDurationUpdate: 400,
      series: [
        {
          ...DIAL,
          ...scaleOf(view),
          splitNumber: 1,
          axisLine: { roundCap: true, lineStyle: { width: 20 * unit, color: [[1, colors.line]] } },
          progress: {
            show: true,
            roundCap: true,
            width: 20 * unit,
            itemStyle: { color: state === 'good' ? colors.series[0] : colors[state] },
          },
          axisLabel: {
            distance: 30 * unit,
            color: colors.muted,
            fontSize: 13 * unit,
            formatter: (at: number) => formatShort(at, { unit: null }),
          },
          detail: {
            valueAnimation: true,
            offsetCenter: [0, '-4%'],
            color: colors.text,
            fontSize: 42 * unit,
            fontWeight: 650,
            formatter: (at: number) => formatNumber(at, tile),
          },
          data: [{ value: value ?? view.min }],
        },
        // Around it, where the value is good, a warning, an alarm.
        {
          ...DIAL,
          ...scaleOf(view),
          radius: '136%',
          axisLine: { lineStyle: { width: 4 * unit, color: rangesOf(view, colors) } },
          axisLabel: { show: false },
          detail: { show: false },
          data: [],
        },
      ],
    }),
    [value, state, view, tile, colors, unit],
  );
  if (value === null) return null;
  return (
    <div className="wall-gauge">
      <EChart label={formatNumber(value, tile)} option={option} />
      {(view.warnAt !== null || view.alarmAt !== null) && (
        <p className={`wall-gauge-state is-${state}`}>
          <Icon aria-hidden />
          {t(`dashboard:gauge.${state}`)}
        </p>
      )}
    </div>
  );
}

function scaleOf({ min, max }: TileViewOf<'gauge'>): { readonly min: number; readonly max: number } {
  return { min, max };
}

type Stop = readonly [share: number, color: string];

/** Colours of the scale by the share of it at which each ends. */
export function rangesOf(
  view: TileViewOf<'gauge'>,
  colors: Pick<WallColors, 'good' | 'warn' | 'bad' | 'line'>,
): Stop[] {
  const { min, max, warnAt, alarmAt } = view;
  const limits = [warnAt, alarmAt].filter((limit) => limit !== null).sort((a, b) => a - b);
  if (limits.length === 0) return [[1, colors.line]];
  const ends = [...limits.map((limit) => Math.min(1, Math.max(0, (limit - min) / (max - min)))), 1];
  // A range is as good or bad as what lies in its middle.
  return ends.map((end, i): Stop => {
    const middle = min + ((i === 0 ? 0 : ends[i - 1]!) + end) * 0.5 * (max - min);
    return [end, colors[gaugeState(middle, view)]];
  });
}

/** Where an alarm is below the warning, small values are the bad ones. */
export function gaugeState(value: number, { warnAt, alarmAt }: TileViewOf<'gauge'>): 'good' | 'warn' | 'bad' {
  const isLowBad = warnAt !== null && alarmAt !== null && alarmAt < warnAt;
  const reaches = (limit: number | null): boolean => limit !== null && (isLowBad ? value <= limit : value >= limit);
  if (reaches(alarmAt)) return 'bad';
  return reaches(warnAt) ? 'warn' : 'good';
}
