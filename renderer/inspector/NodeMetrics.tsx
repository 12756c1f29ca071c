/** What the selected node does right now, or did until the job ended: rows in and out, load per subtask, event time, state. */
import { useCallback, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { NodeId } from '../../runtime/core/ids.ts';
import type { LatencySummary, SubtaskMetrics } from '../../runtime/protocol/job.ts';
import { NodeDiagnosis } from '../diagnosis/NodeDiagnosis.tsx';
import { WhyButton } from '../diagnosis/WhyButton.tsx';
import { usePacedLive } from '../run/use-paced-live.ts';
import type { LiveState } from '../stores/live-buffer.ts';
import { useIsRunning } from '../stores/run-store.ts';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatExact,
  formatRate,
  formatShare,
  formatWatermark,
} from '../ui/format.ts';

export function NodeMetrics({ nodeId }: { readonly nodeId: NodeId }): ReactNode {
  const { t } = useTranslation();
  const summary = usePacedLive(useCallback((state: LiveState) => state.summary.nodes.get(nodeId) ?? null, [nodeId]));
  const operator = usePacedLive(
    useCallback((state: LiveState) => state.metrics?.operators.find((one) => one.nodeId === nodeId) ?? null, [nodeId]),
  );
  const at = usePacedLive(selectReportedAt);
  const isRunning = useIsRunning();
  if (summary === null || operator === null) return null;
  const ports = Object.entries(summary.recordsOutPerSecond);
  /** Once the job has ended only the total means something. */
  const flow = (rate: number, total: number) =>
    isRunning ? { value: formatRate(rate), detail: formatExact(total) } : { value: formatExact(total), detail: null };
  return (
    <section className="inspector-live" aria-label={t(isRunning ? 'inspector:live.title' : 'inspector:live.lastRun')}>
      <NodeDiagnosis nodeId={nodeId} />
      <dl className="inspector-figures">
        {summary.recordsIn > 0 && (
          <Figure name={t('inspector:live.in')} {...flow(summary.recordsInPerSecond, summary.recordsIn)} />
        )}
        {ports.map(([port, rate]) => (
          <Figure
            key={port}
            name={ports.length === 1 ? t('inspector:live.out') : t('inspector:live.outPort', { port })}
            {...flow(rate, summary.recordsOut[port] ?? 0)}
          />
        ))}
        <Figure
          name={t('inspector:live.watermark')}
          value={watermarkText(summary.watermark, at, t('inspector:live.ended'))}
          detail={summary.lagMs === null ? null : t('inspector:live.lag', { lag: formatDuration(summary.lagMs) })}
        />
        {summary.latency !== null && <Latency latency={summary.latency} />}
        {summary.stateBytes > 0 && (
          <Figure name={t('inspector:live.state')} value={formatBytes(summary.stateBytes)} detail={null} />
        )}
        {summary.lateDropped > 0 && (
          <Figure name={t('inspector:live.late')} value={formatCount(summary.lateDropped)} detail={null} />
        )}
      </dl>
      {isRunning && (
        <ol className="inspector-subtasks">
          {operator.subtasks.map((subtask) => (
            <Load key={subtask.subtask} subtask={subtask} of={operator.subtasks.length} />
          ))}
        </ol>
      )}
      <WhyButton nodeId={nodeId} />
    </section>
  );
}

/** Percentiles in a row, each under its name. */
function Latency({ latency }: { readonly latency: LatencySummary }): ReactNode {
  const { t } = useTranslation();
  return (
    <div>
      <dt title={t('inspector:live.latencyHelp')}>{t('inspector:live.latency')}</dt>
      <dd className="inspector-percentiles">
        {(['p50', 'p95', 'p99'] as const).map((percentile) => (
          <span key={percentile}>
            <small>{percentile}</small> {formatDuration(latency[percentile])}
          </span>
        ))}
      </dd>
    </div>
  );
}

function selectReportedAt(state: LiveState): number {
  return state.metrics?.at ?? 0;
}

function Figure({
  name,
  value,
  detail,
}: {
  readonly name: string;
  readonly value: string;
  readonly detail: string | null;
}): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value} {detail !== null && <span>{detail}</span>}
      </dd>
    </div>
  );
}

/** Busy, backpressured and idle shares of a second, as a bar and in words. */
function Load({ subtask, of }: { readonly subtask: SubtaskMetrics; readonly of: number }): ReactNode {
  const { t } = useTranslation();
  // Measured over a time that is itself measured: it may come out above the whole.
  const busy = Math.min(1, subtask.busyTimeMsPerSecond / 1000);
  const pressed = subtask.backPressuredTimeMsPerSecond / 1000;
  const idle = Math.max(0, 1 - busy - pressed);
  return (
    <li>
      <span>
        {subtask.subtask + 1}/{of}
      </span>
      <span className="inspector-bar" aria-hidden>
        <i style={{ width: `${busy * 100}%`, background: 'var(--busy)' }} />
        <i style={{ width: `${pressed * 100}%`, background: 'var(--pressed)' }} />
      </span>
      <span className="inspector-load">
        {t('inspector:live.load', { busy: formatShare(busy), pressed: formatShare(pressed), idle: formatShare(idle) })}
      </span>
    </li>
  );
}

function watermarkText(watermark: number | 'end' | null, at: number, ended: string): string {
  if (watermark === null) return '–';
  return watermark === 'end' ? ended : formatWatermark(watermark, at);
}
