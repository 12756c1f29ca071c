/** HTTP requests of core/network-io.ts over node:http and node:https, on connections that are kept. Redirects are answers like others. */
import * as http from 'node:http';
import * as https from 'node:https';
import type { StreamError } from '../../../core/errors.ts';
import type { HttpRequest, HttpResponse } from '../../../core/network-io.ts';
import { say } from '../../../core/say.ts';
import { networkError } from './network-errors.ts';

const MAX_ANSWER_BYTES = 64 * 1024;

const plainAgent = new http.Agent({ keepAlive: true });
const secureAgent = new https.Agent({ keepAlive: true });

export function sendRequest(
  { method, url, headers, body, timeoutMs }: HttpRequest,
  onDone: (outcome: HttpResponse | StreamError) => void,
): { cancel(): void } {
  let isOver = false;
  const finish = (outcome: HttpResponse | StreamError): void => {
    if (isOver) return;
    isOver = true;
    onDone(outcome);
  };
  const fail = (error: unknown): void => finish(networkError('MR2111', say`${method} ${url} got no answer`, error));
  let sent: http.ClientRequest;
  try {
    const options = { method, headers: { ...headers, 'Content-Length': body.length }, timeout: timeoutMs };
    sent = url.startsWith('https:')
      ? https.request(url, { ...options, agent: secureAgent })
      : http.request(url, { ...options, agent: plainAgent });
  } catch (error) {
    // A URL or a header that cannot be. Never before the caller has its handle.
    setImmediate(() => fail(error));
    return { cancel: () => (isOver = true) };
  }
  sent
    .on('response', (answer) => collect(answer, finish, fail))
    .on('error', fail)
    .on('timeout', () => {
      sent.destroy(Object.assign(new Error(say`no answer for ${timeoutMs / 1000} s`), { code: 'ETIMEDOUT' }));
    })
    .end(body);
  return {
    cancel() {
      isOver = true;
      sent.destroy();
    },
  };
}

function collect(
  answer: http.IncomingMessage,
  finish: (response: HttpResponse) => void,
  fail: (error: unknown) => void,
): void {
  const parts: Buffer[] = [];
  let bytes = 0;
  answer
    .on('data', (part: Buffer) => {
      if (bytes < MAX_ANSWER_BYTES) parts.push(part.subarray(0, MAX_ANSWER_BYTES - bytes));
      bytes += part.length;
    })
    .on('error', fail)
    .on('end', () => {
      const headers = Object.entries(answer.headers).map(
        ([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value] as const,
      );
      finish({
        status: answer.statusCode ?? 0,
        headers: Object.fromEntries(headers),
        body: Buffer.concat(parts).toString('utf8'),
      });
    });
}
