import { ChartLine } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useTheme } from '../app/theme/theme.ts';
import { useNodeNames } from '../run/node-name.ts';
import { liveBuffer, useLive, type LiveState } from '../stores/live-buffer.ts';
import { useSelectedNodeId } from '../stores/view-store.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Select } from '../ui/fields.tsx';
import { formatBytes, formatDuration, formatEventTimeFull, formatRate, formatShare } from '../ui/format.ts';
import { Chart, type Line } from './Chart.tsx';
import { ChartKey, Legend } from './Legend.tsx';
import { isHidden, keyOf, latencyLines, memoryLines, operatorLines } from './lines.ts';
import { chartData, type ChartData, type MetricId } from './series.ts';
import './metrics.css';

interface MetricView {
  readonly id: MetricId;
  readonly format: (value: number) => string;
  readonly max: number | null;
  readonly isFloating?: boolean;
  readonly axisWidth?: number;
  /** Steps of the scale; null = powers of ten. */
  readonly steps: readonly number[] | null;
}

/** 1, 2, 4, … bytes: their multiples read as whole numbers of kB, MB, GB. */
const BYTE_STEPS = Array.from({ length: 45 }, (_, i) => 2 ** i);

/** Seconds, minutes, hours and days that are read with ease. */
const TIME_STEPS = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 604_800].map(
  (s) => s * 1000,
);

const formatDay = (ms: number): string => formatEventTimeFull(ms).slice(5, 19);

const VIEWS: readonly MetricView[] = [
  { id: 'throughput', format: formatRate, max: null, steps: null },
  { id: 'busy', format: formatShare, max: 1, steps: null },
  { id: 'backPressured', format: formatShare, max: 1, steps: null },
  { id: 'lag', format: formatDuration, max: null, steps: null },
  { id: 'latency', format: formatDuration, max: null, steps: null },
  { id: 'state', format: formatBytes, max: null, steps: BYTE_STEPS },
  { id: 'memory', format: formatBytes, max: null, steps: BYTE_STEPS },
];
/** In place of the lag, which says nothing of event time of other days. */
const WATERMARK: MetricView = {
  id: 'watermark',
  format: formatDay,
  max: null,
  isFloating: true,
  axisWidth: 88,
  steps: TIME_STEPS,
};
const OVERVIEW: readonly MetricId[] = ['throughput', 'busy', 'backPressured', 'latency', 'memory'];

/** The job's figures over the last ten minutes: five at a glance, or one in full. */
export function MetricsPanel(): ReactNode {
  const { t } = useTranslation();
  const [view, setView] = useState<MetricId | 'overview'>('overview');
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const theme = useTheme();
  const isHistoric = useLive(selectIsHistoric);
  const linesOf = useLines();
  const selected = useSelectedNodeId();
  const operators = linesOf('throughput');
  if (operators.length === 0) {
    return <EmptyState icon={<ChartLine size={20} />} title={t('metrics:none')} hint={t('metrics:hint')} />;
  }
  const toggle = (id: string): void =>
    setHidden((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  const shown = VIEWS.filter((one) => (view === 'overview' ? OVERVIEW.includes(one.id) : one.id === view)).map((one) =>
    one.id === 'lag' && isHistoric ? WATERMARK : one,
  );
  const [only] = shown;
  return (
    <div className="metrics">
      <div className="metrics-bar">
        <div className="metrics-view">
          <Select
            label={t('metrics:view')}
            value={view}
            options={(['overview', ...VIEWS.map((one) => one.id)] as const).map((id) => ({
              value: id,
              label: t(`metrics:metric.${id}`),
            }))}
            onChange={(id) => setView(id as typeof view)}
          />
        </div>
        <Legend
          lines={shown.length === 1 && only !== undefined ? linesOf(only.id) : operators}
          hidden={hidden}
          selectedId={selected}
          onToggle={toggle}
        />
      </div>
      <div className={shown.length === 1 ? 'metrics-charts metrics-charts-one' : 'metrics-charts'}>
        {shown.map((one) => {
          const lines = linesOf(one.id);
          return (
            <Chart
              key={one.id}
              title={t(`metrics:metric.${one.id}`)}
              caption={shown.length > 1 && <ChartKey entries={keyOf(one.id, lines)} />}
              lines={lines}
              format={one.format}
              max={one.max}
              {...(one.isFloating === undefined ? {} : { isFloating: one.isFloating })}
              {...(one.axisWidth === undefined ? {} : { axisWidth: one.axisWidth })}
              steps={one.steps}
              theme={theme}
              follow={FOLLOW[one.id]}
              hidden={new Set(lines.map(({ id }) => id).filter((id) => isHidden(hidden, id, one.id)))}
            />
          );
        })}
      </div>
    </div>
  );
}

/** The lines of each chart; the same as long as the operators are. */
function useLines(): (metric: MetricId) => readonly Line[] {
  const { t } = useTranslation();
  const ids = useLive(selectOperatorIds);
  const sinks = useLive(selectMeasuredIds);
  const nameOf = useNodeNames();
  return useMemo(() => {
    const operators = operatorLines(ids === '' ? [] : ids.split('\n'), nameOf);
    const latency = latencyLines(operators, new Set(sinks.split('\n')));
    const memory = memoryLines((id) => t(`metrics:memory.${id}`));
    return (metric) => (metric === 'memory' ? memory : metric === 'latency' ? latency : operators);
  }, [ids, sinks, nameOf, t]);
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

/** One text, so that it is the same as long as the operators are. */
function selectOperatorIds(state: LiveState): string {
  return state.metrics?.operators.map((operator) => operator.nodeId).join('\n') ?? '';
}

/** Of the operators whose latency is known, as one text. */
function selectMeasuredIds({ summary }: LiveState): string {
  const measured = [...summary.nodes.values()].filter((node) => node.latency !== null);
  return measured.map((node) => node.nodeId).join('\n');
}

function selectIsHistoric({ summary }: LiveState): boolean {
  return summary.watermark !== null && summary.lagMs === null;
}
