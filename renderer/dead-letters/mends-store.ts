/** The mends of the documents' rejected rows, as the host keeps them. */
import { create } from 'zustand';
import { withMend, type Mend } from '../../runtime/core/dead-letters.ts';
import { host } from '../host/host.ts';
import { notifyError } from '../stores/notice-store.ts';

/** By document. */
export const useMendsStore = create<{ readonly mends: ReadonlyMap<string, readonly Mend[]> }>(() => ({
  mends: new Map(),
}));

export function mendsOf(path: string): readonly Mend[] {
  return useMendsStore.getState().mends.get(path) ?? [];
}

export async function loadMends(path: string): Promise<void> {
  const before = useMendsStore.getState().mends.get(path);
  const loaded = await host().listMends(path);
  // What was mended meanwhile is newer.
  if (useMendsStore.getState().mends.get(path) === before) show(path, loaded);
}

export async function addMends(path: string, added: readonly Mend[]): Promise<void> {
  await saveMends(path, added.reduce<readonly Mend[]>(withMend, mendsOf(path)));
}

/** A notice says why when they cannot be kept. */
export async function saveMends(path: string, mends: readonly Mend[]): Promise<void> {
  const before = mendsOf(path);
  show(path, mends);
  try {
    await host().saveMends(path, mends);
  } catch (error) {
    show(path, before);
    notifyError('dead-letters:failed', error);
  }
}

function show(path: string, mends: readonly Mend[]): void {
  useMendsStore.setState((state) => ({ mends: new Map([...state.mends, [path, mends]]) }));
}
