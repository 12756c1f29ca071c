/** Finds the host that serves this page: a message port handed over by the desktop's preload, or a socket to the web host. */
import type { HostApi } from '../../runtime/protocol/host.ts';
import { connect, type Connection } from '../../runtime/protocol/remote.ts';
import { domPort, webSocket } from '../../runtime/protocol/transport.ts';

/** What the desktop's preload puts into the page. */
interface DesktopBridge {
  /** Asks for the port, which arrives as a message of type `millrace:port`. */
  connect(): void;
  /** Shows the dashboard of a document in a window of its own. */
  openDashboard(document: string): void;
}

declare global {
  interface Window {
    readonly millrace?: DesktopBridge;
  }
}

export async function connectToHost(): Promise<Connection<HostApi>> {
  const bridge = window.millrace;
  if (bridge !== undefined) return connect<HostApi>(domPort(await receivePort(bridge)));
  const url = `${location.origin.replace(/^http/, 'ws')}/host`;
  return connect<HostApi>(webSocket(new WebSocket(url)));
}

function receivePort(bridge: DesktopBridge): Promise<MessagePort> {
  return new Promise((resolve) => {
    const listener = (event: MessageEvent<{ readonly type?: unknown } | null>): void => {
      const [port] = event.ports;
      if (event.source !== window || event.data?.type !== 'millrace:port' || port === undefined) return;
      window.removeEventListener('message', listener);
      resolve(port);
    };
    window.addEventListener('message', listener);
    bridge.connect();
  });
}
