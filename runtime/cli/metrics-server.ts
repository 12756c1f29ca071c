/** The metrics of a running job for a Prometheus server on this machine. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PROMETHEUS_CONTENT_TYPE } from '../protocol/prometheus.ts';

const ADDRESS = '127.0.0.1';
const PATH = '/metrics';

export interface MetricsServer {
  readonly url: string;
  close(): Promise<void>;
}

/** `port` 0 = any free one. Rejects with Node's error, such as EADDRINUSE. `read` is asked at each scrape. */
export async function startMetricsServer(port: number, read: () => string): Promise<MetricsServer> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, ADDRESS, resolve);
  });
  const { port: actualPort } = server.address() as AddressInfo;
  // Loopback alone does not keep out a page in the user's browser that gives this address a name of its own.
  const hosts = new Set([`${ADDRESS}:${actualPort}`, `localhost:${actualPort}`]);
  server.on('request', (request, response) => answer(request, response, hosts, read));
  return {
    url: `http://${ADDRESS}:${actualPort}${PATH}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(
  { method, headers, url }: IncomingMessage,
  response: ServerResponse,
  hosts: ReadonlySet<string>,
  read: () => string,
): void {
  if (!hosts.has(headers.host ?? '')) return refuse(response, 403, 'This is not a name of this server.');
  if (method !== 'GET' && method !== 'HEAD') return refuse(response, 405, 'Only GET and HEAD are answered.');
  if (url?.replace(/\?.*$/s, '') !== PATH) return refuse(response, 404, `There is only ${PATH}.`);
  response
    .writeHead(200, { 'Content-Type': PROMETHEUS_CONTENT_TYPE, 'Cache-Control': 'no-store' })
    .end(method === 'HEAD' ? undefined : read());
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${reason}\n`);
}
