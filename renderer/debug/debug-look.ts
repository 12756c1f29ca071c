/** What is looked at where the session stands: asked anew at every stop. */
import type { NodeId } from '../../runtime/core/ids.ts';
import type { DebugStop, NodeState, RowId, SubexpressionValue } from '../../runtime/protocol/debug.ts';
import { activeDocument } from '../stores/document-store.ts';
import { notifyError } from '../stores/notice-store.ts';
import { reveal, useViewStore } from '../stores/view-store.ts';
import { memoryOf } from './debug-memory.ts';
import { latestOnly } from './latest-only.ts';
import { useDebugStore, call, type StateSearch } from './debug-store.ts';

const TIMELINE_PARTS = 80;
const SHOWN_ROWS = 50;

/** Also brings how often each was hit. What is set while a session starts is sent once it stands. */
export async function sendBreakpoints(): Promise<void> {
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
export async function show(stop: DebugStop): Promise<void> {
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
