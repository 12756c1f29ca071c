/** All that the page gets of the desktop: a way to ask for its port to the host. */
import { contextBridge, ipcRenderer } from 'electron';

/** The page's own window: this file's types know Node and Electron only. */
declare const window: {
  readonly location: { readonly origin: string };
  postMessage(message: unknown, targetOrigin: string, transfer?: readonly unknown[]): void;
};

contextBridge.exposeInMainWorld('millrace', {
  connect: () => ipcRenderer.send('millrace:connect'),
  openDashboard: (document: string) => ipcRenderer.send('millrace:dashboard', document),
});
ipcRenderer.on('millrace:port', (event) => {
  window.postMessage({ type: 'millrace:port' }, window.location.origin, event.ports);
});
ipcRenderer.on('millrace:command', (_event, command: unknown) => {
  window.postMessage({ type: 'millrace:command', command }, window.location.origin);
});
