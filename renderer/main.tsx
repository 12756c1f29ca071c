/** Entry of the page: connects to the host, then shows the frame. */
import { connectToHost } from './host/connect.ts';
import { showFailure, startApp } from './app/start.tsx';

/** `?fake` while the page is developed: made-up pipelines and jobs instead of a host. */
const USES_DEMO_HOST = import.meta.env.DEV && new URLSearchParams(location.search).has('fake');

async function start(): Promise<void> {
  if (USES_DEMO_HOST) {
    const { createDemoHost } = await import('./host/demo.ts');
    await startApp({ host: createDemoHost(), closed: new Promise(() => undefined) });
    return;
  }
  const { api, closed } = await connectToHost();
  await startApp({ host: api, closed });
}

start().catch(showFailure);
