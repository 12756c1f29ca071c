/** Debug sessions over files and clocks in memory. */
import type { NodeId } from '../core/ids.ts';
import { DebugSession, type SessionRequest } from '../debug/index.ts';
import { readDocument } from '../graph/index.ts';
import type { DebugEvent, DebugOptions, DebugPlanInfo, DebugRow, DebugStart, DebugStop } from '../protocol/debug.ts';
import { assert } from '../core/errors.ts';
import { MemoryFiles } from './memory-files.ts';
import { MemoryNetwork } from './memory-network.ts';

export interface StartedSession {
  readonly session: DebugSession;
  readonly start: DebugStart;
  readonly events: DebugEvent[];
  readonly files: MemoryFiles;
}

/** Of the document that `raw` completes, at 1970-01-01T00:00:00Z. */
export async function startSession(
  raw: object,
  options: Partial<DebugOptions> = {},
  request: Partial<Pick<SessionRequest, 'findSpec' | 'findRuntime' | 'outside' | 'subPipelines'>> & {
    readonly files?: MemoryFiles;
  } = {},
): Promise<StartedSession> {
  const { document, diagnostics } = readDocument({
    format: 'millrace/pipeline',
    version: 1,
    name: 'debugged',
    notes: [],
    groups: [],
    ...raw,
  });
  assert(document !== null, diagnostics.map(({ message }) => message).join('; '));
  const { files = new MemoryFiles(), ...rest } = request;
  const events: DebugEvent[] = [];
  const outside = {
    files,
    network: new MemoryNetwork(),
    now: () => 0,
    later: (_: number, callback: () => void) => {
      setImmediate(callback);
      return () => undefined;
    },
  };
  const { session, start } = await DebugSession.start({
    document,
    folder: '/job',
    options: { allowsUserCode: true, ...options },
    outside,
    onEvent: (event) => events.push(event),
    ...rest,
  });
  return { session, start, events, files };
}

/** A row with its fields' names. */
export function named({ operators }: DebugPlanInfo, row: DebugRow): Readonly<Record<string, unknown>> {
  const port = operators.find(({ nodeId }) => nodeId === row.nodeId)!.outputs.find(({ name }) => name === row.port)!;
  return Object.fromEntries(port.fields.map(({ name }, i) => [name, row.values[i]]));
}

/** `filter row [1,"a"] → 1`, for expectations. */
export function brief({ next }: DebugStop): string {
  if (next === null) return 'nothing';
  const what = next.row === null ? (next.time ?? '') : JSON.stringify(next.row.values);
  return `${next.nodeId ?? '-'} ${next.kind} ${what} → ${next.emitted.length}`;
}

export function asNode(id: string): NodeId {
  return id as NodeId;
}
