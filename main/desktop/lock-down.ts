import { app, session, type WebContents } from 'electron';
import { PAGE_URL } from './app-page.ts';

/** What the page itself may ask for; whatever else, and whoever else, may not. */
const PAGE_PERMISSIONS = new Set(['clipboard-read', 'clipboard-sanitized-write', 'fullscreen']);

/** No page leaves, opens windows, embeds others or asks for permissions. For every page there ever is. */
export function lockDown(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
  const isAllowed = (contents: WebContents | null, permission: string) =>
    PAGE_PERMISSIONS.has(permission) && contents?.getURL().startsWith(PAGE_URL) === true;
  session.defaultSession.setPermissionRequestHandler((contents, permission, decide) =>
    decide(isAllowed(contents, permission)),
  );
  session.defaultSession.setPermissionCheckHandler((contents, permission) => isAllowed(contents, permission));
  session.defaultSession.setDevicePermissionHandler(() => false);
}
