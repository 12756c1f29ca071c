/** The documents that open ones stand on, read before they are checked: as on screen where they are open, else from the workspace. */
import { create } from 'zustand';
import { hasSubPipelines, readSubPipelines, type SubPipelineTexts } from '../../runtime/compiler/validate.ts';
import type { StartJobRequest } from '../../runtime/protocol/host.ts';
import { host } from '../host/host.ts';
import { resolveFrom } from '../inspector/widgets/relative-path.ts';
import { findOpen, printedText, useDocumentStore, type OpenDocument } from './document-store.ts';

interface SubPipelineState {
  /** By path of the document that stands on them. */
  readonly texts: ReadonlyMap<string, SubPipelineTexts>;
}

export const useSubPipelineStore = create<SubPipelineState>(() => ({ texts: new Map() }));

const NONE: SubPipelineTexts = new Map();
/** No pipeline is larger. */
const MAX_BYTES = 8 * 1024 * 1024;

/** The same object until one of them changes. */
export function subPipelinesOf(path: string): SubPipelineTexts {
  return useSubPipelineStore.getState().texts.get(path) ?? NONE;
}

/** Of a request to run the document, or its tests. */
export function subPipelinesForRun(path: string): Pick<StartJobRequest, 'subPipelines'> {
  const texts = subPipelinesOf(path);
  return texts.size === 0 ? {} : { subPipelines: Object.fromEntries(texts) };
}

/** Texts of files that are not open, until they change. */
const files = new Map<string, Promise<string | null>>();

function readText(from: string, path: string): Promise<string | null> {
  const wanted = resolveFrom(from, path);
  if (wanted === null) return Promise.resolve(null);
  const open = findOpen(wanted);
  if (open !== null) return Promise.resolve(printedText(open.document));
  const text =
    files.get(wanted) ??
    host()
      .readSample(wanted, MAX_BYTES)
      .then((read) => (read === '' ? null : read))
      .catch(() => null);
  files.set(wanted, text);
  return text;
}

/** Reads anew what open documents stand on; settles once it is known. */
export async function refreshSubPipelines(): Promise<void> {
  const { documents } = useDocumentStore.getState();
  const { texts: before } = useSubPipelineStore.getState();
  const standing = documents.filter((open) => hasSubPipelines(open.document));
  if (standing.length === 0 && before.size === 0) return;
  const read = await Promise.all(standing.map((open) => readFor(open, before.get(open.path))));
  const texts = new Map(read);
  const { texts: now } = useSubPipelineStore.getState();
  const isSame = texts.size === now.size && [...texts].every(([path, one]) => now.get(path) === one);
  if (!isSame) useSubPipelineStore.setState({ texts });
}

async function readFor(
  { path, document }: OpenDocument,
  before: SubPipelineTexts | undefined,
): Promise<[string, SubPipelineTexts]> {
  const texts = await readSubPipelines(document, (named) => readText(path, named));
  const isSame = before?.size === texts.size && [...texts].every(([name, text]) => before.get(name) === text);
  return [path, isSame && before !== undefined ? before : texts];
}

/** Follows what is open and the files of the workspace. Returns the way to stop. */
export function followSubPipelines(): () => void {
  void host().onFilesChanged((paths) => {
    for (const path of paths) files.delete(path);
    void refreshSubPipelines();
  });
  void refreshSubPipelines();
  return useDocumentStore.subscribe((state, before) => {
    if (state.documents === before.documents) return;
    // What was open is read from its file again.
    for (const { path } of before.documents) files.delete(path);
    void refreshSubPipelines();
  });
}
