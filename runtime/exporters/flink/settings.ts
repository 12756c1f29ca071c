/** How a job runs, as SET statements: what is Flink's default already is left out. */
import type { Remark } from '../../core/exporter.ts';
import { say } from '../../core/say.ts';
import { quoted } from '../../expression/print.ts';
import type { RestartSettings } from '../../graph/index.ts';
import type { ExportGraph } from '../export-graph.ts';
import type { Statement } from './script.ts';

export function flinkSettings(graph: ExportGraph): {
  readonly settings: readonly Statement[];
  readonly remarks: readonly Remark[];
} {
  const { settings, name } = graph;
  const { checkpoint } = settings;
  const times = graph.nodes.flatMap(({ config }) => eventTimeOf(config));
  const remarks: Remark[] = [];
  const pairs: [key: string, value: string, why?: string][] = [
    ['pipeline.name', name],
    ['execution.runtime-mode', settings.runtimeMode],
    ['parallelism.default', String(settings.parallelism)],
    ['table.local-time-zone', 'UTC', 'Times are instants, shown in UTC; windows begin at the full hour of UTC.'],
  ];
  if (times.length > 0 && times.every(({ perRow }) => perRow)) {
    pairs.push(['pipeline.auto-watermark-interval', '0 ms', 'A watermark after every row: what is late does not depend on how rows come in.']); // prettier-ignore
  } else if (times.length > 0) {
    remarks.push({
      fidelity: 'note',
      text: say`Watermarks move every 200 ms in Flink, and after every batch in Millrace: rows that come later than a source's bound may be late in the one and not in the other. With eventTime.perRow they are the same.`,
    });
  }
  const idle = [...new Set(times.map(({ idleTimeoutMs }) => idleTimeoutMs))];
  if (idle.some((ms) => ms > 0)) pairs.push(['table.exec.source.idle-timeout', `${Math.max(...idle)} ms`]);
  if (idle.length > 1) {
    remarks.push({ fidelity: 'note', text: say`Sources have one idle timeout in common: the longest of them.` });
  }
  if (settings.runtimeMode === 'streaming') {
    if (checkpoint.intervalMs > 0) {
      pairs.push(['execution.checkpointing.interval', `${checkpoint.intervalMs} ms`, 'Files become visible with the checkpoint after they were written.']); // prettier-ignore
    }
    if (checkpoint.mode === 'at-least-once') pairs.push(['execution.checkpointing.mode', 'AT_LEAST_ONCE']);
    if (checkpoint.alignment === 'unaligned') {
      pairs.push(['execution.checkpointing.unaligned.enabled', 'true']);
      if (checkpoint.alignedTimeoutMs > 0) {
        pairs.push(['execution.checkpointing.aligned-checkpoint-timeout', `${checkpoint.alignedTimeoutMs} ms`]);
      }
    }
    pairs.push(['execution.checkpointing.timeout', `${checkpoint.timeoutMs} ms`]);
    if (checkpoint.minPauseMs > 0) pairs.push(['execution.checkpointing.min-pause', `${checkpoint.minPauseMs} ms`]);
    pairs.push(['execution.checkpointing.tolerable-failed-checkpoints', String(checkpoint.tolerableFailures)]);
    pairs.push(['state.backend.type', settings.stateBackend === 'rocksdb' ? 'rocksdb' : 'hashmap']);
  }
  pairs.push(...restart(settings.restart));
  const statements = pairs.map(([key, value, why]): Statement => ({
    comment: why === undefined ? [] : [why],
    sql: `SET ${quoted(key)} = ${quoted(value)}`,
  }));
  return { settings: statements, remarks };
}

/** Event time by a field, of whatever has one: by the shape of its config, which sources share. */
function eventTimeOf(config: unknown): readonly { readonly perRow: boolean; readonly idleTimeoutMs: number }[] {
  const { eventTime } = config as { eventTime?: { perRow?: boolean; idleTimeoutMs?: number } | null };
  if (eventTime?.perRow === undefined || eventTime.idleTimeoutMs === undefined) return [];
  return [{ perRow: eventTime.perRow, idleTimeoutMs: eventTime.idleTimeoutMs }];
}

function restart(settings: RestartSettings): [key: string, value: string][] {
  const type: [string, string] = ['restart-strategy.type', settings.strategy];
  switch (settings.strategy) {
    case 'none':
      return [type];
    case 'fixed-delay':
      return [
        type,
        ['restart-strategy.fixed-delay.attempts', String(settings.maxAttempts)],
        ['restart-strategy.fixed-delay.delay', `${settings.delayMs} ms`],
      ];
    case 'exponential-delay':
      return [
        type,
        ['restart-strategy.exponential-delay.initial-backoff', `${settings.initialMs} ms`],
        ['restart-strategy.exponential-delay.max-backoff', `${settings.maxMs} ms`],
        ['restart-strategy.exponential-delay.attempts-before-reset-backoff', String(settings.maxAttempts)],
        ['restart-strategy.exponential-delay.reset-backoff-threshold', `${settings.resetAfterMs} ms`],
      ];
    case 'failure-rate':
      return [
        type,
        ['restart-strategy.failure-rate.max-failures-per-interval', String(settings.maxFailures)],
        ['restart-strategy.failure-rate.failure-rate-interval', `${settings.intervalMs} ms`],
        ['restart-strategy.failure-rate.delay', `${settings.delayMs} ms`],
      ];
  }
}
