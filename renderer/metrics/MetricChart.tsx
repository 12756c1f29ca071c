import type { ReactNode } from 'react';
import { useTheme } from '../app/theme/theme.ts';
import { liveBuffer, type LiveState } from '../stores/live-buffer.ts';
import { Chart, type Line } from './Chart.tsx';
import { chartData, type ChartData, type MetricId } from './series.ts';
import { VIEWS, WATERMARK, type MetricView } from './views.ts';
import './metrics.css';

interface MetricChartProps {
  readonly view: MetricView;
  readonly title: string;
  /** Beside the title. */
  readonly caption?: ReactNode;
  /** Which of the metric's lines are drawn, and how. */
  readonly lines: readonly Line[];
  readonly hidden?: ReadonlySet<string>;
}

const NOTHING: ReadonlySet<string> = new Set();

/** A metric of the running job over the last ten minutes. */
export function MetricChart({ view, title, caption, lines, hidden = NOTHING }: MetricChartProps): ReactNode {
  const theme = useTheme();
  const { format, max, isFloating, axisWidth, steps } = view;
  return (
    <Chart
      title={title}
      caption={caption}
      lines={lines}
      format={format}
      max={max}
      {...(isFloating === undefined ? {} : { isFloating })}
      {...(axisWidth === undefined ? {} : { axisWidth })}
      steps={steps}
      theme={theme}
      follow={FOLLOW[view.id]}
      hidden={hidden}
    />
  );
}

/** Hands on new data when a report has come; the history keeps its identity in between. */
function followMetric(metric: MetricId, show: (data: ChartData) => void): () => void {
  let shown: LiveState['history'] | null = null;
  const update = (): void => {
    const { history } = liveBuffer.state;
    if (history === shown) return;
    shown = history;
    show(chartData(history, metric));
  };
  update();
  return liveBuffer.subscribe(update);
}

const FOLLOW = Object.fromEntries(
  [...VIEWS, WATERMARK].map(({ id }) => [id, (show: (data: ChartData) => void) => followMetric(id, show)]),
) as Readonly<Record<MetricId, (show: (data: ChartData) => void) => () => void>>;
