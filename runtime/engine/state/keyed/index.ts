/** Values, lists, maps and timers by key, over the tables of any state backend. */
export { createKeyedState } from './keyed-state.ts';
export type { KeyedStateHost, TableSnapshotInProgress, TimerTable } from './keyed-state-host.ts';
