/** What can be done from a dashboard's page: arrange it, run its pipeline. */
import { parseDocument, printDocument, type PipelineDocument } from '../../../runtime/graph/index.ts';
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

/** Runs the pipeline as its file has it. */
export async function startJob(): Promise<void> {
  const { path } = useWallStore.getState();
  try {
    const { text } = await host().openDocument(path!);
    const options = { resume: false, fromSavepoint: null, allowNonRestoredState: false };
    // What it tells comes to whoever follows it, which this page does.
    await host().startJob({ path: path!, text, options }, () => undefined);
    useWallStore.setState({ problem: null });
  } catch (error) {
    useWallStore.setState({ problem: messageOf(error) });
  }
}

/** Stops the pipeline's job, whoever started it. */
export async function stopJob(): Promise<void> {
  const { path } = useWallStore.getState();
  try {
    const running = await host().runningJob(path!);
    if (running !== null) await host().stopJob(running.jobId, false);
  } catch (error) {
    useWallStore.setState({ problem: messageOf(error) });
  }
}
