import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { isDashboardAddress } from '../../runtime/protocol/dashboard-address.ts';
import { printJobMetrics } from '../../runtime/protocol/flink-metrics.ts';
import { PROMETHEUS_CONTENT_TYPE } from '../../runtime/protocol/prometheus.ts';
import { webSocket, type WebSocketLike } from '../../runtime/protocol/transport.ts';
import type { HostService } from '../services/host-service.ts';
import { findPageFile, pageHeaders } from '../services/page-files.ts';
import { Access } from './access.ts';

const ADDRESS = '127.0.0.1';
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

export interface WebHost {
  /** With the token: whoever has it is let in. */
  readonly link: string;
  close(): Promise<void>;
}

/** Serves the page in `pageFolder`, the metrics of running jobs, and, on a socket, `service`. `port` 0 = any free one. */
export async function startWebHost(port: number, pageFolder: string, service: HostService): Promise<WebHost> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new Error(`Port ${port} is in use. Choose another with --port.`) : error);
    });
    server.listen(port, ADDRESS, resolve);
  });
  const actualPort = (server.address() as AddressInfo).port;
  const access = new Access(actualPort);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });

  server.on('request', (request, response) => {
    answer(request, response, access, pageFolder, service).catch((error: unknown) => {
      console.error(error);
      response.writeHead(500).end();
    });
  });
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    if (request.url !== '/host' || !access.isOwnOrigin(request) || !access.hasCookie(request)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      // A socket that breaks closes, which is all that matters.
      client.on('error', () => {});
      service.serve(webSocket(client as WebSocketLike));
    });
  });

  return {
    link: `http://${ADDRESS}:${actualPort}${access.entryPath}`,
    async close() {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  access: Access,
  pageFolder: string,
  service: HostService,
): Promise<void> {
  if (!access.isOwnHost(request)) return refuse(response, 403, 'This is not a name of this server.');
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return refuse(response, 405, 'Only GET and HEAD are answered.');
  const host = request.headers.host!;
  const url = new URL(request.url ?? '/', `http://${host}`);
  if ((url.pathname === '/' || isDashboardAddress(url.pathname)) && access.hasToken(url)) {
    // On to the plain address: the token stays out of the history and of what the page sees.
    response
      .writeHead(303, { Location: url.pathname, 'Set-Cookie': access.cookieHeader, 'Cache-Control': 'no-store' })
      .end();
    return;
  }
  if (url.pathname === '/metrics' && (access.hasBearer(request) || access.hasToken(url) || access.hasCookie(request)))
    return sendMetrics(request, response, service);
  if (!access.hasCookie(request))
    return refuse(response, 403, 'Open the link that Millrace printed: it carries the token that lets you in.');
  // Browsers ask for it unasked; the page names its icon itself.
  if (url.pathname === '/favicon.ico') return void response.writeHead(204).end();
  const file = await findPageFile(pageFolder, url.pathname);
  if (file === null) return refuse(response, 404, 'There is no such file.');
  response.writeHead(200, {
    // Some browsers do not count the socket as the same origin.
    ...pageHeaders(`ws://${host}`),
    'Content-Type': file.contentType,
    'Content-Length': file.content.length,
    'Cache-Control': file.isImmutable ? 'private, max-age=31536000, immutable' : 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : file.content);
}

function sendMetrics({ method }: IncomingMessage, response: ServerResponse, service: HostService): void {
  response
    .writeHead(200, { 'Content-Type': PROMETHEUS_CONTENT_TYPE, 'Cache-Control': 'no-store' })
    .end(method === 'HEAD' ? undefined : printJobMetrics(service.parts.engine.runningJobs()));
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  response
    .writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' })
    .end(`${reason}\n`);
}
