/** One metric over time, drawn by uPlot. Data goes straight into the chart: React renders only when the lines themselves change. */
import { useEffect, useRef, type ReactNode } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Theme } from '../app/theme/theme.ts';
import { formatClock } from '../ui/format.ts';
import type { ChartData } from './series.ts';

export interface Line {
  readonly id: string;
  readonly name: string;
  /** Name of a token. */
  readonly color: string;
  /** Pixels on and off; [] = unbroken. */
  readonly dash: readonly number[];
}

interface ChartProps {
  readonly title: string;
  /** Beside the title. */
  readonly caption?: ReactNode;
  readonly lines: readonly Line[];
  readonly format: (value: number) => string;
  /** Top of the scale; null = as high as the data. */
  readonly max: number | null;
  /** The scale begins at the lowest value instead of 0. */
  readonly isFloating?: boolean;
  /** Pixels that the scale's texts take. */
  readonly axisWidth?: number;
  /** Steps of the scale; null = powers of ten. */
  readonly steps: readonly number[] | null;
  readonly theme: Theme;
  /** Calls back with new data now and on every change, until the returned function is called. */
  readonly follow: (show: (data: ChartData) => void) => () => void;
  readonly hidden: ReadonlySet<string>;
}

/** Charts whose cursors move together. */
const SYNC_KEY = 'millrace-metrics';
const AXIS_WIDTH = 58;
const MIN_SPAN_S = 30;

export function Chart(props: ChartProps): ReactNode {
  const { title, format, max, isFloating = false, axisWidth = AXIS_WIDTH, steps, theme, follow } = props;
  const container = useRef<HTMLDivElement>(null);
  // Compared by what they say: a chart is made anew only when its lines are others.
  const linesKey = JSON.stringify(props.lines);
  const hiddenKey = JSON.stringify([...props.hidden]);

  useEffect(() => {
    const element = container.current;
    if (element === null) return;
    const lines = JSON.parse(linesKey) as readonly Line[];
    const hidden = new Set(JSON.parse(hiddenKey) as readonly string[]);
    // Not the element's own: a panel may not be in the page yet when its effects run.
    const styles = getComputedStyle(document.documentElement);
    const color = (token: string): string => styles.getPropertyValue(`--${token}`).trim();
    const axis: uPlot.Axis = {
      stroke: color('faint'),
      font: `11px ${color('font-ui')}`,
      grid: { stroke: color('line'), width: 1 },
      ticks: { show: false },
    };
    const options: Omit<uPlot.Options, 'width' | 'height'> = {
      padding: [8, 10, 0, 0],
      legend: { show: false },
      cursor: { sync: { key: SYNC_KEY }, points: { size: 6 }, drag: { x: false, y: false } },
      scales: {
        x: { time: true, range: (_chart, from, to) => [Math.min(from, to - MIN_SPAN_S), to] },
        y: {
          range: (_chart, from, to) => (isFloating && from < to ? [from, to] : [0, max ?? niceTop(to)]),
        },
      },
      axes: [
        { ...axis, size: 26, values: (_chart, ticks) => ticks.map((tick) => formatClock(tick * 1000)), space: 64 },
        {
          ...axis,
          size: axisWidth,
          values: (_chart, ticks) => ticks.map(format),
          space: 26,
          ...(steps === null ? {} : { incrs: [...steps] }),
        },
      ],
      series: [
        {},
        ...lines.map((line) => ({
          label: line.name,
          stroke: color(line.color),
          width: 1.5,
          dash: [...line.dash],
          points: { show: false },
          show: !hidden.has(line.id),
          spanGaps: false,
        })),
      ],
      hooks: { setCursor: [(plot) => showTip(plot, lines, format)] },
    };
    // A chart that is made while its panel has no size stays empty: it is made once there is room, and follows while there is.
    let stop: (() => void) | null = null;
    let chart: uPlot | null = null;
    const resize = new ResizeObserver(() => {
      const size = { width: element.clientWidth, height: element.clientHeight };
      if (size.width === 0 || size.height === 0) {
        stop?.();
        stop = null;
        return;
      }
      chart?.setSize(size);
      if (chart === null) {
        chart = new uPlot({ ...options, ...size }, [[], ...lines.map(() => [])], element);
        chart.over.append(emptyTip());
      }
      const made = chart;
      stop ??= follow(({ times, series }) => {
        const byId = new Map(series.map((one) => [one.id, one.values]));
        const columns = lines.map((line) => (byId.get(line.id) ?? times.map(() => null)) as (number | null)[]);
        made.setData([times as number[], ...columns]);
      });
    });
    resize.observe(element);
    return () => {
      stop?.();
      resize.disconnect();
      chart?.destroy();
    };
  }, [linesKey, hiddenKey, max, isFloating, axisWidth, steps, theme, follow, format]);

  return (
    <figure className="metrics-chart" aria-label={title}>
      <figcaption>
        {title}
        {props.caption}
      </figcaption>
      <div ref={container} className="metrics-plot" />
    </figure>
  );
}

function emptyTip(): HTMLElement {
  const tip = document.createElement('div');
  tip.className = 'metrics-tip';
  tip.hidden = true;
  return tip;
}

/** Values under the cursor, largest first. */
function showTip(plot: uPlot, lines: readonly Line[], format: (value: number) => string): void {
  const tip = plot.over.querySelector<HTMLElement>('.metrics-tip');
  if (tip === null) return;
  const { idx, left = -1 } = plot.cursor;
  const at = typeof idx === 'number' ? plot.data[0][idx] : undefined;
  tip.hidden = at === undefined || left < 0;
  if (tip.hidden || typeof idx !== 'number' || at === undefined) return;
  const values = lines
    .map((line, i) => ({ line, value: plot.data[i + 1]?.[idx] ?? null, isShown: plot.series[i + 1]?.show === true }))
    .filter((one): one is typeof one & { value: number } => one.value !== null && one.isShown)
    .sort((a, b) => b.value - a.value);
  tip.replaceChildren(
    textElement('b', formatClock(at * 1000)),
    ...values.map(({ line, value }) => {
      const row = textElement('span', `${line.name} `);
      row.style.setProperty('--line-color', `var(--${line.color})`);
      row.append(textElement('strong', format(value)));
      return row;
    }),
  );
  const isRight = left > plot.over.clientWidth / 2;
  tip.style.left = isRight ? '' : `${left + 12}px`;
  tip.style.right = isRight ? `${plot.over.clientWidth - left + 12}px` : '';
}

function textElement(tag: string, text: string): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

/** A little room above the highest value. */
function niceTop(highest: number | null | undefined): number {
  return highest === null || highest === undefined || highest <= 0 ? 1 : highest * 1.08;
}
