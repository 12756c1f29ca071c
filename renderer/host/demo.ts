/** The page without a host: sample pipelines whose jobs are made up. For looking at the app while it is built (`?fake`). */
import { isTerminal, type JobEvent } from '../../runtime/protocol/job.ts';
import { parseDocument } from '../../runtime/graph/index.ts';
import { jobId } from '../../runtime/core/ids.ts';
import type { HostApi } from '../../runtime/protocol/host.ts';
import type { Watch } from '../../runtime/protocol/job.ts';
import { demoFiles } from './demo-documents.ts';
import { createDemoJob, demoRestorePoints } from './demo-job.ts';
import { createFakeHost } from './fake.ts';

const TICK_MS = 500;

export function createDemoHost(): HostApi {
  const fake = createFakeHost({
    files: demoFiles,
    restorePoints: demoRestorePoints(Date.now()),
    recent: Object.keys(demoFiles).slice(0, 2),
    templates: [
      {
        name: 'quakes',
        title: 'Earthquakes',
        description: 'Magnitudes per region in event-time windows; strong quakes to an alert file.',
        operatorTypes: [],
        text: demoFiles['attack-alerts.pipeline.json'] ?? '',
      },
      {
        name: 'clicks',
        title: 'Click stream',
        description: 'Sessions per user from a generated stream that is out of order.',
        operatorTypes: [],
        text: demoFiles['clicks.pipeline.json'] ?? '',
      },
    ],
  });
  let stopRunning: () => void = () => undefined;
  let takeDemoSavepoint: () => void = () => undefined;
  let watches: readonly Watch[] = [];
  return {
    ...fake,
    takeSavepoint: async () => {
      const path = await fake.takeSavepoint(jobId('demo'));
      takeDemoSavepoint();
      return path;
    },
    startJob: async (request, onEvent) => {
      const { document } = parseDocument(request.text);
      if (document === null) throw new Error('the document cannot be read');
      const job = createDemoJob(document, () => watches);
      const send = (events: readonly JobEvent[]): void => {
        onEvent(events);
        if (events.some((event) => event.type === 'state' && isTerminal(event.state))) clearInterval(timer);
      };
      send(job.start(Date.now()));
      const timer = setInterval(() => send(job.tick(Date.now())), TICK_MS);
      stopRunning = () => send(job.stop(Date.now()));
      takeDemoSavepoint = () => send(job.savepoint(Date.now()));
      return { jobId: jobId('demo'), name: document.name };
    },
    stopJob: async (id, withSavepoint) => {
      const path = withSavepoint ? await fake.takeSavepoint(id) : null;
      stopRunning();
      return path;
    },
    cancelJob: async () => stopRunning(),
    watchRows: async (_jobId, wanted) => {
      watches = wanted;
    },
  };
}
