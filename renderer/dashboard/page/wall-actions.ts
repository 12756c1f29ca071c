/** What can be done from a dashboard's page: arrange it, run its pipeline. */
import { parseDocument, printDocument, type PipelineDocument } from '../../../runtime/graph/index.ts';
import type { JobId } from '../../../runtime/core/ids.ts';
import { isTerminal } from '../../../runtime/protocol/job.ts';
import { host } from '../../host/host.ts';
import { messageOf, useWallStore } from './wall-store.ts';

type Edit = (document: PipelineDocument) => PipelineDocument;

/** One edit after the other: each is of the file that the one before it wrote. */
let saving: Promise<void> = Promise.resolve();

/** Changes the document and its file. Where the file was changed meanwhile, the edit is made to what it is now. */
export function changeDocument(edit: Edit): void {
  const { document } = useWallStore.getState();
  if (document === null || edit(document) === document) return;
  useWallStore.setState({ document: edit(document) });
  saving = saving
    .then(() => save(edit))
    .catch((error: unknown) => useWallStore.setState({ problem: messageOf(error) }));
}

async function save(edit: Edit): Promise<void> {
  const { path, document, revision } = useWallStore.getState();
  const result = await host().saveDocument(path!, printDocument(document!), revision);
  if (result.status === 'saved') {
    useWallStore.setState({ revision: result.revision });
    return;
  }
  const { document: newest } = parseDocument(result.text);
  if (newest === null) throw new Error(path!);
  useWallStore.setState({ document: edit(newest), revision: result.revision });
  await save(edit);
}

let startedHere: JobId | null = null;

/** Runs the pipeline as its file has it. The job ends with the page. */
export async function startJob(): Promise<void> {
  const { path } = useWallStore.getState();
  try {
    const { text } = await host().openDocument(path!);
    const options = { resume: false, fromSavepoint: null, allowNonRestoredState: false };
    const { jobId } = await host().startJob({ path: path!, text, options }, (events) => {
      if (events.some((event) => event.type === 'state' && isTerminal(event.state))) startedHere = null;
    });
    startedHere = jobId;
    useWallStore.setState({ problem: null });
  } catch (error) {
    useWallStore.setState({ problem: messageOf(error) });
  }
}

/** null: the job was started elsewhere, where it can be stopped. */
export function stopper(): (() => Promise<void>) | null {
  const jobId = startedHere;
  if (jobId === null) return null;
  return async () => {
    await host()
      .stopJob(jobId, false)
      .catch((error: unknown) => useWallStore.setState({ problem: messageOf(error) }));
  };
}
