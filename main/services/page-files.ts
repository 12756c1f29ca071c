/** The files of the built page, and the headers that fence it in; the same in both hosts. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isDashboardAddress } from '../../runtime/protocol/dashboard-address.ts';
import { isMissing } from './file-errors.ts';
import { resolveInside } from './inside.ts';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

export interface PageFile {
  readonly content: Buffer<ArrayBuffer>;
  readonly contentType: string;
  /** Its name changes with its content. */
  readonly isImmutable: boolean;
}

/** The file that a URL's path names, `/` being the page itself and all below `/dashboard/` the dashboards'; null when there is none, or it is not the page's to have. */
export async function findPageFile(folder: string, urlPath: string): Promise<PageFile | null> {
  try {
    const relative = pageOf(urlPath) ?? decodeURIComponent(urlPath.slice(1));
    const contentType = CONTENT_TYPES[path.extname(relative)];
    if (contentType === undefined) return null;
    const content = await readFile(await resolveInside(folder, relative));
    return { content, contentType, isImmutable: relative.startsWith('assets/') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof URIError || isMissing(error) || code === 'MR2101' || code === 'EISDIR' || code === 'ENOTDIR')
      return null;
    throw error;
  }
}

function pageOf(urlPath: string): string | null {
  if (urlPath === '/') return 'index.html';
  return isDashboardAddress(urlPath) ? 'dashboard.html' : null;
}

/** `socket`: where the page may connect to beside its own origin. */
export function pageHeaders(socket: string): Record<string, string> {
  const policy = {
    'default-src': "'none'",
    'script-src': "'self'",
    'worker-src': "'self' blob:",
    // React Flow and Monaco place things by inline styles.
    'style-src': "'self' 'unsafe-inline'",
    'img-src': "'self' data: blob:",
    'font-src': "'self' data:",
    'connect-src': `'self' ${socket}`.trim(),
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
  };
  return {
    'Content-Security-Policy': Object.entries(policy)
      .map(([name, value]) => `${name} ${value}`)
      .join('; '),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  };
}
