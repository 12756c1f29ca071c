import { ChartLine } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useTheme } from '../app/theme/theme.ts';
import { useNodeNames } from '../run/node-name.ts';
import { liveBuffer, useLive, type LiveState } from '../stores/live-buffer.ts';
import { useSelectedNodeId } from '../stores/view-store.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Segmented } from '../ui/fields.tsx';
import { formatBytes, formatDuration, formatRate, formatShare } from '../ui/format.ts';
import { Chart, type Line } from './Chart.tsx';
import { chartData, type ChartData, type MetricId } from './series.ts';
import './metrics.css';

const COLORS = [
  'cat-source',
  'cat-transform',
  'cat-aggregate',
  'busy',
  'cat-join',
  'ok',
  'cat-pattern',
  'cat-sink',
  'warn',
  'cat-code',
];

interface MetricView {
  readonly id: MetricId;
  readonly format: (value: number) => string;
  readonly max: number | null;
  /** Steps of the scale; null = powers of ten. */
  readonly steps: readonly number[] | null;
}

/** 1, 2, 4, … bytes: their multiples read as whole numbers of kB, MB, GB. */
const BYTE_STEPS = Array.from({ length: 45 }, (_, i) => 2 ** i);

const VIEWS: readonly MetricView[] = [
  { id: 'throughput', format: formatRate, max: null, steps: null },
  { id: 'busy', format: formatShare, max: 1, steps: null },
  { id: 'backPressured', format: formatShare, max: 1, steps: null },
  { id: 'lag', format: formatDuration, max: null, steps: null },
  { id: 'state', format: formatBytes, max: null, steps: BYTE_STEPS },
  { id: 'memory', format: formatBytes, max: null, steps: BYTE_STEPS },
];
const OVERVIEW: readonly MetricId[] = ['throughput', 'busy', 'backPressured', 'memory'];

/** The job's figures over the last ten minutes: four at a glance, or one in full. */
export function MetricsPanel(): ReactNode {
  const { t } = useTranslation();
  const [view, setView] = useState<MetricId | 'overview'>('overview');
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const theme = useTheme();
  const ids = useLive(selectOperatorIds);
  const nameOf = useNodeNames();
  const selected = useSelectedNodeId();
  const lines = useMemo(
    () =>
      (ids === '' ? [] : ids.split('\n')).map((id, i): Line => ({
        id,
        name: nameOf(id),
        color: COLORS[i % COLORS.length]!,
      })),
    [ids, nameOf],
  );
  const jobLine = useMemo((): readonly Line[] => [{ id: '', name: t('metrics:job'), color: 'accent' }], [t]);
  if (lines.length === 0) {
    return <EmptyState icon={<ChartLine size={20} />} title={t('metrics:none')} hint={t('metrics:hint')} />;
  }
  const toggle = (id: string): void =>
    setHidden((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  const shown = VIEWS.filter((one) => (view === 'overview' ? OVERVIEW.includes(one.id) : one.id === view));
  return (
    <div className="metrics">
      <div className="metrics-bar">
        <Segmented
          label={t('metrics:view')}
          value={view}
          options={(['overview', ...VIEWS.map((one) => one.id)] as const).map((id) => ({
            value: id,
            label: t(`metrics:metric.${id}`),
          }))}
          onChange={setView}
        />
        <ul className="metrics-legend" aria-label={t('metrics:legend')}>
          {lines.map((line) => (
            <li key={line.id}>
              <button
                type="button"
                aria-pressed={!hidden.has(line.id)}
                className={line.id === selected ? 'metrics-selected' : undefined}
                onClick={() => toggle(line.id)}
              >
                <i style={{ background: `var(--${line.color})` }} />
                {line.name}
              </button>
            </li>
          ))}
        </ul>
      </div>
      <div className={shown.length === 1 ? 'metrics-charts metrics-charts-one' : 'metrics-charts'}>
        {shown.map((one) => (
          <Chart
            key={one.id}
            title={t(`metrics:metric.${one.id}`)}
            lines={one.id === 'memory' ? jobLine : lines}
            format={one.format}
            max={one.max}
            steps={one.steps}
            theme={theme}
            follow={FOLLOW[one.id]}
            hidden={hidden}
          />
        ))}
      </div>
    </div>
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
  VIEWS.map(({ id }) => [id, (show: (data: ChartData) => void) => followMetric(id, show)]),
) as Readonly<Record<MetricId, (show: (data: ChartData) => void) => () => void>>;

/** One text, so that it is the same as long as the operators are. */
function selectOperatorIds(state: LiveState): string {
  return state.metrics?.operators.map((operator) => operator.nodeId).join('\n') ?? '';
}
