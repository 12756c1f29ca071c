/** What is kept of debugging a document from one session to the next: beside the state of its jobs, not in it. */
import type { NodeId } from '../core/ids.ts';
import type { BreakpointRequest } from './debug.ts';

export interface DebugMemory {
  readonly breakpoints: readonly BreakpointRequest[];
  /** Expressions over the row at hand. */
  readonly watches: readonly string[];
  /** Recordings that sessions start from, by the node that they stand for: paths from the document's folder. */
  readonly recordings: Readonly<Record<NodeId, string>>;
  /** Memory for what sessions read from sources, in MiB; unless given what `DebugOptions.inputBytes` is without. */
  readonly inputMebibytes?: number;
}

export const NO_DEBUG_MEMORY: DebugMemory = { breakpoints: [], watches: [], recordings: {} };
