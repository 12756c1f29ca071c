/** What `settings.runtimeMode: "batch"` means to the compiler: which documents can run so, under which settings, and where rows are gathered first. */
import type { Diagnostic } from '../core/diagnostics.ts';
import type { NodeId } from '../core/ids.ts';
import { say } from '../core/say.ts';
import type { Settings } from '../graph/settings.ts';
import type { LogicalEdge, LogicalOperator } from './logical-plan.ts';
import type { AnalyzedNode } from './validator.ts';

/** A batch job ends when its inputs do: a source that never does is refused. */
export function endlessSourceProblem(nodeId: NodeId, { spec, outputs }: AnalyzedNode): Diagnostic[] {
  if (spec?.category !== 'source' || Object.values(outputs).every((shape) => shape.bounded)) return [];
  return [
    {
      severity: 'error',
      code: 'MR1506',
      message: say`"${nodeId}" never ends, and a batch job waits for the end of its inputs`,
      nodeId,
    },
  ];
}

/**
 * The settings that a job in this mode goes by, those that say nothing in batch mode at what they come to: as in Flink there are no
 * periodic checkpoints, no barrier that could overtake, no time-out of a batch that fills, and no latency to keep.
 */
export function effectiveSettings(settings: Settings): Settings {
  if (settings.runtimeMode !== 'batch') return settings;
  return {
    ...settings,
    bufferTimeoutMs: Infinity,
    latencyTargetMs: 0,
    checkpoint: { ...settings.checkpoint, intervalMs: 0, mode: 'exactly-once', alignment: 'aligned' },
  };
}

/**
 * Whether rows reach the operator by blocking exchanges: by keys alone, so that it can handle one part of the keys after the other; and
 * with state in memory, for RocksDB keeps what is too much on disk by itself.
 */
export function takesBlockingInput(
  { traits }: LogicalOperator,
  inputs: readonly LogicalEdge[],
  { runtimeMode, stateBackend }: Settings,
): boolean {
  return (
    runtimeMode === 'batch' &&
    stateBackend === 'memory' &&
    traits.isStateful &&
    inputs.length > 0 &&
    inputs.every((edge) => edge.distribution.type === 'hash')
  );
}
