/** The page's debug session: where it stands and what is seen there. */
import { create } from 'zustand';
import type { NodeId } from '../../runtime/core/ids.ts';
import type {
  BreakpointState,
  DebugArguments,
  DebugMethod,
  DebugPlanInfo,
  DebugQueue,
  DebugRow,
  DebugStop,
  DebugWatermark,
  Explanation,
  Lineage,
  NodeState,
  RowId,
  SubexpressionValue,
  Timeline,
} from '../../runtime/protocol/debug.ts';
import { host } from '../host/host.ts';

/** What a stop shows. */
export interface DebugView {
  readonly stop: DebugStop;
  readonly explanation: Explanation | null;
  readonly queues: readonly DebugQueue[];
  readonly watermarks: readonly DebugWatermark[];
  /** Of the operator that is looked at. */
  readonly state: NodeState | null;
  /** Rows that came to it, newest last. */
  readonly rowsInto: readonly DebugRow[];
  readonly timeline: Timeline;
  readonly watches: readonly (SubexpressionValue | null)[];
}

export interface DebugLogLine {
  readonly moment: number;
  readonly text: string;
}

export interface DebugState {
  readonly status: 'none' | 'starting' | 'stopped' | 'running';
  /** Path of the document that is debugged. */
  readonly path: string | null;
  /** Its text, as it runs. */
  readonly text: string;
  readonly plan: DebugPlanInfo | null;
  readonly view: DebugView | null;
  /** While it runs. */
  readonly progress: number;
  readonly lineage: {
    readonly row: RowId;
    readonly direction: 'backward' | 'forward';
    readonly lineage: Lineage;
  } | null;
  readonly log: readonly DebugLogLine[];
  /** Of a composite, the operator that was chosen to look at. */
  readonly part: NodeId | null;
  readonly stateQuery: StateSearch;
  readonly breakpointStates: ReadonlyMap<string, BreakpointState>;
}

/** Which entries of state are shown. */
export interface StateSearch {
  /** How their keys begin, as text: of keys of several fields, parts between commas. */
  readonly key: string;
  readonly limit: number;
}

/** Of state at first, and as many more each time. */
export const SHOWN_ENTRIES = 50;
/** All but the path: what was debugged last is remembered. */
export const NO_SESSION = {
  status: 'none',
  text: '',
  plan: null,
  view: null,
  progress: 0,
  lineage: null,
  log: [],
  part: null,
  stateQuery: { key: '', limit: SHOWN_ENTRIES },
  breakpointStates: new Map(),
} as const;

export const useDebugStore = create<DebugState>(() => ({ ...NO_SESSION, path: null }));

export function selectIsDebugging(state: DebugState): boolean {
  return state.status !== 'none';
}

export function selectIsStopped(state: DebugState): boolean {
  return state.status === 'stopped';
}

/** Asks the session. Rejects when there is none, and with what it throws. */
export function call<M extends DebugMethod>(method: M, ...args: DebugArguments<M>) {
  return host().debug(method, args);
}
