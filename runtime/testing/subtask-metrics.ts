import type { SubtaskMetrics } from '../protocol/job.ts';

/** A subtask that does nothing, and what is changed of it. */
export function subtaskMetrics(change: Partial<SubtaskMetrics> = {}): SubtaskMetrics {
  return {
    subtask: 0,
    numRecordsIn: 0,
    numRecordsOut: {},
    numRecordsInPerSecond: 0,
    numRecordsOutPerSecond: {},
    numLateRecordsDropped: 0,
    busyTimeMsPerSecond: 0,
    idleTimeMsPerSecond: 1000,
    backPressuredTimeMsPerSecond: 0,
    waitingTimeMsPerSecond: 0,
    currentInputWatermark: null,
    currentOutputWatermark: null,
    isIdle: false,
    stateSize: 0,
    stateEntries: 0,
    latency: null,
    watermarkAlignmentDrift: null,
    ...change,
  };
}
