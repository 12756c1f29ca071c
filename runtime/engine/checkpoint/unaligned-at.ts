import type { Settings } from '../../graph/settings.ts';
import type { CheckpointKind } from './manifest.ts';

/** From when the barriers of a checkpoint may overtake rows, in ms since the epoch; Infinity = never, as in savepoints and at the job's end. */
export function unalignedAt(
  { alignment, mode, alignedTimeoutMs }: Settings['checkpoint'],
  { kind, isFinal, triggeredAt }: { kind: CheckpointKind; isFinal: boolean; triggeredAt: number },
): number {
  const mayOvertake = alignment === 'unaligned' && mode === 'exactly-once' && kind === 'checkpoint' && !isFinal;
  return mayOvertake ? triggeredAt + alignedTimeoutMs : Infinity;
}
