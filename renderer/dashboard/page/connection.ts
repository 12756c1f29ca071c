/** The page's connection to its host: made again whenever it is lost, so that a wall needs nobody to look after it. */
import { parseDocument } from '../../../runtime/graph/index.ts';
import type { HostApi } from '../../../runtime/protocol/host.ts';
import type { JobEvent } from '../../../runtime/protocol/job.ts';
import { followLanguage } from '../../app/i18n/index.ts';
import { connectToHost } from '../../host/connect.ts';
import { setHost } from '../../host/host.ts';
import { liveBuffer } from '../../stores/live-buffer.ts';
import { loadSettings } from '../../stores/settings-store.ts';
import { documentTiles, tileWatches } from '../document-tiles.ts';
import { messageOf, useWallStore } from './wall-store.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

export async function stayConnected(path: string): Promise<never> {
  useWallStore.setState({ path });
  let unfollowLanguage: () => void = () => undefined;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
    try {
      const { api, closed } = await connectToHost();
      setHost(api);
      await loadSettings();
      unfollowLanguage();
      unfollowLanguage = followLanguage();
      await follow(api, path);
      useWallStore.setState({ isConnected: true, problem: null });
      pause = FIRST_PAUSE_MS;
      await closed;
      useWallStore.setState({ isConnected: false });
    } catch (error) {
      useWallStore.setState({ isConnected: false, problem: messageOf(error) });
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

async function follow(api: HostApi, path: string): Promise<void> {
  await read(api, path);
  await api.onFilesChanged((paths) => {
    if (!paths.includes(path)) return;
    read(api, path).catch((error: unknown) => useWallStore.setState({ problem: messageOf(error) }));
  });
}

/** The document as its file has it now, and the rows of its tiles. */
async function read(api: HostApi, path: string): Promise<void> {
  const file = await api.openDocument(path);
  const { document, diagnostics } = parseDocument(file.text);
  if (document === null) throw new Error(diagnostics[0]?.message ?? path);
  useWallStore.setState({ document, revision: file.revision, problem: null });
  await api.followJobs(path, tileWatches(documentTiles(document)), receive);
}

function receive(events: readonly JobEvent[]): void {
  liveBuffer.push(events);
  const job = events.findLast((event) => event.type === 'state');
  const hasRows = events.some((event) => event.type === 'rows');
  if (job === undefined && !hasRows) return;
  useWallStore.setState({ ...(job === undefined ? {} : { job }), ...(hasRows ? { lastRowsAt: Date.now() } : {}) });
}
