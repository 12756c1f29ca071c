import { ChartLine } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNodeNames } from '../run/node-name.ts';
import { NothingSeen } from '../run/NothingSeen.tsx';
import { useLive, type LiveState } from '../stores/live-buffer.ts';
import { useSelectedNodeId } from '../stores/view-store.ts';
import { Select } from '../ui/fields.tsx';
import type { Line } from './Chart.tsx';
import { ChartKey, Legend } from './Legend.tsx';
import { isHidden, keyOf, latencyLines, memoryLines, operatorLines, threadLines } from './lines.ts';
import { MetricChart } from './MetricChart.tsx';
import type { MetricId } from './series.ts';
import { VIEWS, WATERMARK } from './views.ts';
import './metrics.css';

const OVERVIEW: readonly MetricId[] = ['throughput', 'busy', 'backPressured', 'latency', 'memory'];

/** The job's figures over the last ten minutes: five at a glance, or one in full. */
export function MetricsPanel(): ReactNode {
  const { t } = useTranslation();
  const [view, setView] = useState<MetricId | 'overview'>('overview');
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const isHistoric = useLive(selectIsHistoric);
  const linesOf = useLines();
  const selected = useSelectedNodeId();
  const operators = linesOf('throughput');
  if (operators.length === 0) {
    return <NothingSeen icon={<ChartLine size={20} />} title={t('metrics:none')} hint={t('metrics:hint')} />;
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
            <MetricChart
              key={one.id}
              view={one}
              title={t(`metrics:metric.${one.id}`)}
              caption={shown.length > 1 && <ChartKey entries={keyOf(one.id, lines)} />}
              lines={lines}
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
  const threads = useLive(selectThreads);
  const nameOf = useNodeNames();
  return useMemo(() => {
    const operators = operatorLines(ids === '' ? [] : ids.split('\n'), nameOf);
    const latency = latencyLines(operators, new Set(sinks.split('\n')));
    const memory = memoryLines((id) => t(`metrics:memory.${id}`));
    const loads = threadLines(threads, (number) => t('metrics:thread', { number }));
    const special: Partial<Record<MetricId, readonly Line[]>> = { memory, latency, threads: loads };
    return (metric) => special[metric] ?? operators;
  }, [ids, sinks, threads, nameOf, t]);
}

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

function selectThreads({ metrics }: LiveState): number {
  return metrics?.threadLoads?.length ?? 0;
}
