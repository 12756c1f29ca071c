/** What starts, moves and changes the page's debug session. */
import type { NodeId } from '../../runtime/core/ids.ts';
import type {
  BreakpointRequest,
  DebugArguments,
  DebugEvent,
  DebugStop,
  QueuePlace,
  RowEdit,
  RowId,
  StepTarget,
} from '../../runtime/protocol/debug.ts';
import { documentName } from '../files/document-files.ts';
import { host } from '../host/host.ts';
import { activeDocument, printedText } from '../stores/document-store.ts';
import { notify, notifyError } from '../stores/notice-store.ts';
import { useRunStore } from '../stores/run-store.ts';
import { subPipelinesForRun } from '../stores/sub-pipelines.ts';
import { askForTrust, needsTrust } from '../stores/trust.ts';
import { openPanel } from '../stores/view-store.ts';
import { changeMemory, memoryOf } from './debug-memory.ts';
import { latestOnly } from './latest-only.ts';
import { lookAgain, sendBreakpoints, show } from './debug-look.ts';
import { useDebugStore, NO_SESSION, call } from './debug-store.ts';

const MAX_LOG = 500;

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
