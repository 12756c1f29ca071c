/** The page's debug session: where it stands and what is looked at there. It is asked anew at every stop. */
import { create } from 'zustand';
import type { NodeId } from '../../runtime/core/ids.ts';
import type {
  BreakpointRequest,
  BreakpointState,
  DebugArguments,
  DebugEvent,
  DebugMethod,
  DebugPlanInfo,
  DebugQueue,
  DebugRow,
  DebugStop,
  DebugWatermark,
  Explanation,
  Lineage,
  NodeState,
  QueuePlace,
  RowEdit,
  RowId,
  StepTarget,
  SubexpressionValue,
  Timeline,
} from '../../runtime/protocol/debug.ts';
import { documentName } from '../files/document-files.ts';
import { host } from '../host/host.ts';
import { activeDocument, printedText } from '../stores/document-store.ts';
import { notify, notifyError } from '../stores/notice-store.ts';
import { useRunStore } from '../stores/run-store.ts';
import { subPipelinesForRun } from '../stores/sub-pipelines.ts';
import { askForTrust, needsTrust } from '../stores/trust.ts';
import { openPanel, reveal, useViewStore } from '../stores/view-store.ts';
import { changeMemory, memoryOf } from './debug-memory.ts';
import { latestOnly } from './latest-only.ts';

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

const MAX_LOG = 500;
const TIMELINE_PARTS = 80;
const SHOWN_ROWS = 50;
/** And as many more each time. */
export const SHOWN_ENTRIES = 50;
const NO_SESSION = {
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

function call<M extends DebugMethod>(method: M, ...args: DebugArguments<M>) {
  return host().debug(method, args);
}

/** Starts with the active document as it is on screen, and stands in front of its first step. */
export async function startDebug(parallelism: number | null = null): Promise<void> {
  const open = activeDocument();
  if (open === null || useDebugStore.getState().status !== 'none') return;
  if (needsTrust()) await askForTrust();
  const text = printedText(open.document);
  useDebugStore.setState({ ...NO_SESSION, status: 'starting', path: open.path, text });
  openPanel('debug');
  try {
    const { recordings, inputMebibytes } = memoryOf(open.path);
    const options = {
      params: useRunStore.getState().settings.params,
      recordings,
      ...(inputMebibytes === undefined ? {} : { inputBytes: inputMebibytes * 2 ** 20 }),
      ...(parallelism === null ? {} : { parallelism }),
    };
    const { plan, stop } = await host().startDebug(
      { path: open.path, text, ...subPipelinesForRun(open.path), options },
      receive,
    );
    useDebugStore.setState({ plan });
    await show(stop);
  } catch (error) {
    useDebugStore.setState(NO_SESSION);
    notifyError('debug:startFailed', error);
  }
}

export async function endDebug(): Promise<void> {
  if (useDebugStore.getState().status === 'none') return;
  useDebugStore.setState(NO_SESSION);
  // It may have gone with the engine.
  await call('close').catch(() => undefined);
}

/** Moves the session; what is shown follows. Does nothing while it moves. */
async function move(go: () => Promise<DebugStop>): Promise<void> {
  if (useDebugStore.getState().status !== 'stopped') return;
  useDebugStore.setState({ status: 'running', lineage: null });
  try {
    await show(await go());
  } catch (error) {
    if (useDebugStore.getState().status === 'running') useDebugStore.setState({ status: 'stopped' });
    notifyError('debug:failed', error);
  }
}

export const resume = (): Promise<void> => move(() => call('resume'));
export const reverse = (): Promise<void> => move(() => call('reverse'));
export const stepBack = (times = 1): Promise<void> => move(() => call('stepBack', times));
export const step = (target: StepTarget, times = 1): Promise<void> => move(() => call('step', target, times));
export const takeCheckpoint = (): Promise<void> => move(() => call('checkpoint'));
export const jump = (moment: number): Promise<void> => move(() => call('jump', moment));
/** Along the timeline: places that are passed while the session is on its way are left out. */
export const dragTo = latestOnly(jump);
export const restart = (change: DebugArguments<'restart'>[0] = {}): Promise<void> =>
  move(async () => {
    const stop = await call('restart', change);
    useDebugStore.setState({ plan: await call('plan') });
    return stop;
  });
export const dropElement = (place: QueuePlace): Promise<void> => move(() => call('dropElement', place));
export const editRow = (place: QueuePlace, edit: RowEdit): Promise<void> => move(() => call('editRow', place, edit));
export const injectRow = (link: number, edit: RowEdit): Promise<void> => move(() => call('injectRow', link, edit));
export const injectWatermark = (link: number, time: number): Promise<void> =>
  move(() => call('injectWatermark', link, time));

/** To the checkpoint before the present moment, from which the run is made again at once. */
export function jumpToCheckpoint(): Promise<void> {
  const { view } = useDebugStore.getState();
  const before = view?.timeline.checkpoints.findLast((moment) => moment < view.stop.moment);
  return before === undefined ? Promise.resolve() : jump(before);
}

/** Up to the next row that comes to the selected node. */
export function runToNode(nodeId: NodeId): Promise<void> {
  return step({ to: 'row', nodeId });
}

/** Goes on with the document as it is on screen now, from the last checkpoint. */
export async function applyChanges(): Promise<void> {
  const open = activeDocument();
  if (open === null) return;
  const text = printedText(open.document);
  await move(async () => {
    const stop = await call('replaceDocument', text);
    useDebugStore.setState({ text, plan: await call('plan') });
    return stop;
  });
}

export async function pause(): Promise<void> {
  if (useDebugStore.getState().status === 'running') await call('pause').catch(() => undefined);
}

/** Writes what a node gave to a file beside the document: the next session starts from it. */
export async function record(nodeId: NodeId): Promise<void> {
  const { path } = useDebugStore.getState();
  if (path === null) return;
  const file = `recordings/${documentName(path)}/${nodeId.replaceAll('/', '.')}.jsonl`;
  try {
    const { rows } = await call('record', nodeId, file);
    changeMemory(path, { recordings: { ...memoryOf(path).recordings, [nodeId]: file } });
    notify('debug:recorded', { values: { count: rows, file } });
  } catch (error) {
    notifyError('debug:failed', error);
  }
}

/** Asks a sink to write what it was given up to here. */
export async function writeSink(nodeId: NodeId): Promise<void> {
  try {
    const { rows } = await call('writeSink', nodeId);
    notify('debug:written', { values: { count: rows } });
  } catch (error) {
    notifyError('debug:failed', error);
  }
}

export async function showLineage(row: RowId, direction: 'backward' | 'forward'): Promise<void> {
  try {
    const lineage = await call('lineage', row, direction);
    useDebugStore.setState({ lineage: { row, direction, lineage } });
  } catch (error) {
    notifyError('debug:failed', error);
  }
}

export function closeLineage(): void {
  useDebugStore.setState({ lineage: null });
}

/** What is watched in the document that is debugged. */
export async function setWatches(watches: readonly string[]): Promise<void> {
  const { path } = useDebugStore.getState();
  if (path !== null) changeMemory(path, { watches });
  await lookAgain();
}

/** Changes the breakpoints of the active document, debugged or not. */
export async function changeBreakpoints(
  change: (breakpoints: readonly BreakpointRequest[]) => readonly BreakpointRequest[],
): Promise<void> {
  const open = activeDocument();
  if (open === null) return;
  changeMemory(open.path, { breakpoints: change(memoryOf(open.path).breakpoints) });
  if (useDebugStore.getState().path === open.path) await sendBreakpoints();
}

/** Also brings how often each was hit. What is set while a session starts is sent once it stands. */
async function sendBreakpoints(): Promise<void> {
  const state = useDebugStore.getState();
  if (state.plan === null) return;
  const states = await call('setBreakpoints', memoryOf(state.path).breakpoints).catch((error: unknown) => {
    notifyError('debug:failed', error);
    return [];
  });
  useDebugStore.setState({ breakpointStates: new Map(states.map((one) => [one.id, one])) });
}

/**
 * The operator that is looked at: the selected node, or the one that acts next; of a composite the part that was chosen, or acts, or is its
 * first. Null where that is none of the plan.
 */
function lookedAt(stop: DebugStop): NodeId | null {
  const { selectedNodeIds } = useViewStore.getState();
  const wanted = (selectedNodeIds.length === 1 ? selectedNodeIds[0] : undefined) ?? stop.next?.nodeId;
  const { plan, part } = useDebugStore.getState();
  const own = plan?.operators.filter(({ nodeId, documentNode }) => nodeId === wanted || documentNode === wanted) ?? [];
  const [first] = [part, stop.next?.nodeId].flatMap((id) => own.filter(({ nodeId }) => nodeId === id));
  return (first ?? own[0])?.nodeId ?? null;
}

function stateOf(nodeId: NodeId): Promise<NodeState> {
  const { key, limit } = useDebugStore.getState().stateQuery;
  const parts = key.split(',').map((part) => part.trim());
  return call('state', nodeId, key.trim() === '' ? { limit } : { limit, key: parts });
}

/** Shows other entries of the state that is looked at. */
export const searchState = latestOnly(async (stateQuery: StateSearch): Promise<void> => {
  useDebugStore.setState({ stateQuery });
  const { view, status } = useDebugStore.getState();
  if (view === null || view.state === null || status !== 'stopped') return;
  try {
    const state = await stateOf(view.state.nodeId);
    useDebugStore.setState(({ view: now }) => (now === null || now !== view ? {} : { view: { ...now, state } }));
  } catch (error) {
    notifyError('debug:failed', error);
  }
});

/** Looks at this part of a composite. */
export async function choosePart(part: NodeId): Promise<void> {
  useDebugStore.setState({ part });
  await lookAgain();
}

/** Shows where the session stands, and what is there. */
async function show(stop: DebugStop): Promise<void> {
  const { plan } = useDebugStore.getState();
  const acting = plan?.operators.find(({ nodeId }) => nodeId === stop.next?.nodeId)?.documentNode;
  if (acting !== undefined) reveal({ nodeId: acting });
  await look(stop);
}

/** Looks again, at the node that is selected now. */
export async function lookAgain(): Promise<void> {
  const { view, status } = useDebugStore.getState();
  if (view !== null && status === 'stopped') await look(view.stop);
}

async function look(stop: DebugStop): Promise<void> {
  const { watches } = memoryOf(useDebugStore.getState().path);
  const nodeId = lookedAt(stop);
  const hasRow = stop.next !== null && stop.next.row !== null;
  try {
    const [explanation, queues, watermarks, state, rowsInto, timeline, values] = await Promise.all([
      call('explain'),
      call('queues'),
      call('watermarks'),
      nodeId === null ? null : stateOf(nodeId),
      nodeId === null ? [] : call('rowsInto', nodeId, SHOWN_ROWS),
      call('timeline', 0, Math.max(1, stop.frontier), TIMELINE_PARTS),
      Promise.all(watches.map((expression) => (hasRow ? valueOf(expression) : null))),
    ]);
    await sendBreakpoints();
    const view = { stop, explanation, queues, watermarks, state, rowsInto, timeline, watches: values };
    if (useDebugStore.getState().status !== 'none') useDebugStore.setState({ status: 'stopped', view });
  } catch (error) {
    // It was ended meanwhile.
    if (useDebugStore.getState().status === 'none') return;
    useDebugStore.setState({ status: 'stopped' });
    notifyError('debug:failed', error);
  }
}

/**
 * The row that a node of the document was given on the way that is looked at: the one at hand, or one of its way. Null: none; undefined:
 * the one that it is about to handle.
 */
function rowGivenTo(nodeId: NodeId, { next, path }: DebugStop): RowId | null | undefined {
  if (next === null || next.row === null) return null;
  if (next.nodeId === nodeId) return undefined;
  const left = path.findIndex((row) => row.nodeId === nodeId);
  return left < 0 ? null : (path[left + 1]?.id ?? null);
}

/** Values of an expression and of its parts on the row that a node is given at this stop; null: there is no such row. */
export async function valuesAt(nodeId: NodeId, expression: string): Promise<readonly SubexpressionValue[] | null> {
  const { status, view, path } = useDebugStore.getState();
  if (status !== 'stopped' || view === null || activeDocument()?.path !== path) return null;
  const row = rowGivenTo(nodeId, view.stop);
  if (row === null) return null;
  return call('evaluate', { expression, ...(row === undefined ? {} : { row }) }).catch(() => null);
}

async function valueOf(expression: string): Promise<SubexpressionValue | null> {
  try {
    return (await call('evaluate', { expression }))[0] ?? null;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { start: 0, end: expression.length, text: expression, type: '', value: null, error: message };
  }
}

function receive(event: DebugEvent): void {
  switch (event.type) {
    case 'progress':
      return useDebugStore.setState({ progress: event.moment });
    case 'log':
      return useDebugStore.setState(({ log }) => ({
        log: [...log, { moment: event.moment, text: event.message }].slice(-MAX_LOG),
      }));
    case 'breakpoint':
      return useDebugStore.setState(({ breakpointStates }) => ({
        breakpointStates: new Map(breakpointStates).set(event.breakpoint.id, event.breakpoint),
      }));
    case 'running':
    case 'stopped':
      // Whoever moved it is answered.
      return;
  }
}
