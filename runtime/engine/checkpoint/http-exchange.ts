/** One request and its answer over HTTP, both whole in memory. Redirects are answers like others. */
import { request } from 'node:http';
import { say } from '../../core/say.ts';

export interface HttpAnswer {
  readonly status: number;
  /** Where to ask instead. */
  readonly location: string | null;
  readonly body: Buffer;
}

/** Rejects when there is no connection, when it breaks, or when nothing moves on it for `idleMs`. */
export function exchange(method: string, url: URL, body: Uint8Array | null, idleMs: number): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const headers = {
      'Content-Length': body?.length ?? 0,
      // HttpFS takes no other.
      'Content-Type': 'application/octet-stream',
    };
    const sent = request(url, { method, headers, timeout: idleMs }, (answer) => {
      const parts: Buffer[] = [];
      answer
        .on('data', (part: Buffer) => parts.push(part))
        .on('error', reject)
        .on('end', () => {
          const { statusCode = 0, headers } = answer;
          resolve({ status: statusCode, location: headers.location ?? null, body: Buffer.concat(parts) });
        });
    });
    sent.on('error', reject).on('timeout', () => {
      const silence = new Error(say`no answer for ${idleMs / 1000} s`);
      reject(silence);
      sent.destroy(silence);
    });
    sent.end(body ?? undefined);
  });
}
