/** The page's own scheme: unlike file://, it has an origin, headers, and nothing beyond the page's folder. */
import { protocol, type WebFrameMain } from 'electron';
import { findPageFile, pageHeaders } from '../services/page-files.ts';

const SCHEME = 'app';
const HOST = 'millrace';
export const PAGE_URL = `${SCHEME}://${HOST}/`;

/** Before the app is ready. */
export function registerAppScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true };
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges }]);
}

/** Once the app is ready. */
export function servePage(folder: string): void {
  protocol.handle(SCHEME, async (request) => {
    const url = new URL(request.url);
    const file = url.host === HOST && request.method === 'GET' ? await findPageFile(folder, url.pathname) : null;
    if (file === null) return new Response('There is no such file.\n', { status: 404 });
    return new Response(file.content, { headers: { ...pageHeaders(''), 'Content-Type': file.contentType } });
  });
}

/** Whether a message came from the page itself: not from a frame in it, nor from what was navigated to. */
export function isOwnPage(frame: WebFrameMain | null): boolean {
  return frame !== null && frame.parent === null && frame.url.startsWith(PAGE_URL);
}
