/** What an operator that holds rows back waits for in time: a watermark and the input that holds it, the end of a window, more rows. */
import type { NodeId } from '../core/ids.ts';
import type { AnalyzedNode } from '../compiler/validator.ts';
import type { JobMetrics } from '../protocol/job.ts';
import { nextWindow } from './next-window.ts';
import { firingOf, subtasksOf, sum, type ObservedJob, type Watermark } from './observed-job.ts';
import type { SilenceCause, SilenceReason } from './silence-causes.ts';
import { findHolder, lowest } from './watermark-holder.ts';

export function timeCauses(
  job: ObservedJob,
  metrics: JobMetrics,
  id: NodeId,
  node: AnalyzedNode,
): readonly SilenceCause[] {
  const subtasks = subtasksOf(metrics, id);
  const watermark = lowest(subtasks, 'currentInputWatermark');
  const firing = firingOf(node);
  const here = (reason: SilenceReason): SilenceCause => ({ place: { nodeId: id }, reason });
  if (firing?.type === 'rows') {
    const rows = sum(subtasks.map((one) => one.numRecordsIn));
    return [here({ code: 'tooFewRows', needed: firing.rows, rows })];
  }
  const goesByWatermark = node.traits?.needsEventTime === true;
  // After the last watermark all windows have fired.
  if (watermark === 'end' || (firing === null && !goesByWatermark)) return [];
  if (job.settings.runtimeMode === 'batch') return [here({ code: 'endOfInput' })];
  const held = goesByWatermark ? heldBy(job, metrics, id, watermark) : [];
  if (firing === null) {
    return watermark === null || held.length > 0 ? held : [here({ code: 'behindWatermark', watermark })];
  }
  if (firing.type === 'session')
    return [...held, here({ code: 'sessionOpen', time: firing.time, gapMs: firing.gapMs })];
  const next = nextWindow(firing, watermark, metrics.at);
  if (next === null) return held;
  const open = here({ code: 'windowOpen', ...next });
  if (next.time === 'processing' || watermark === null) return [open];
  const { windowEnd } = next;
  // An input that holds event time back is the reason only where the others are past the end.
  return furthestOf(held, watermark) >= windowEnd - 1 ? [...held, open] : [open, ...held];
}

function furthestOf(held: readonly SilenceCause[], watermark: number): number {
  const [reason] = held.map((cause) => cause.reason);
  return reason?.code === 'watermarkHeld' ? reason.watermark + (reason.behindMs ?? Infinity) : watermark;
}

function heldBy(job: ObservedJob, metrics: JobMetrics, id: NodeId, watermark: Watermark): readonly SilenceCause[] {
  const holder = findHolder(job, metrics, id);
  if (holder === null) {
    return [{ place: { nodeId: id }, reason: { code: 'inputsIdle', watermark } }];
  }
  const { nodeId, input, origin, subtask, behindMs } = holder;
  const place = { nodeId, input };
  if (holder.watermark === null) return [{ place, reason: { code: 'watermarkMissing', origin, subtask } }];
  if (!holder.isBehind) return [];
  return [{ place, reason: { code: 'watermarkHeld', origin, subtask, watermark: holder.watermark, behindMs } }];
}
