/** HTTP listeners of core/network-io.ts over node:http. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { HttpAnswer, HttpHead, HttpListenOptions, HttpReceiver, Listener } from '../../../core/network-io.ts';
import { say } from '../../../core/say.ts';
import { printAddress, startListening } from './tcp.ts';

type Accept = (head: HttpHead) => HttpAnswer | HttpReceiver;

export async function listenHttp(options: HttpListenOptions, accept: Accept): Promise<Listener> {
  const server = createServer((request, response) => receive(request, response, options.maxBodyBytes, accept));
  // Without a listener Node would ask for the body before anybody has seen the head.
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    receive(request, response, options.maxBodyBytes, accept, () => response.writeContinue());
  });
  const port = await startListening(server, options);
  return {
    port,
    close() {
      server.close();
      // Answers that were just given leave first.
      setImmediate(() => server.closeAllConnections());
    },
  };
}

function receive(
  request: IncomingMessage,
  response: ServerResponse,
  maxBodyBytes: number,
  accept: Accept,
  askForBody: () => void = () => undefined,
): void {
  const receiver = accept(headOf(request));
  if (!('onBody' in receiver)) {
    send(response, receiver);
    return;
  }
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) {
    receiver.onAbort();
    send(response, tooLong(maxBodyBytes));
    return;
  }
  const parts: Buffer[] = [];
  let bytes = 0;
  let isOver = false;
  const abort = (): void => {
    if (isOver) return;
    isOver = true;
    parts.length = 0;
    receiver.onAbort();
  };
  askForBody();
  request
    .on('data', (part: Buffer) => {
      if (isOver) return;
      bytes += part.length;
      parts.push(part);
      if (bytes <= maxBodyBytes) return;
      abort();
      send(response, tooLong(maxBodyBytes));
    })
    .on('end', () => {
      if (isOver) return;
      isOver = true;
      receiver.onBody(Buffer.concat(parts), (answer) => send(response, answer));
    })
    .on('error', abort)
    .on('close', abort);
}

function headOf(request: IncomingMessage): HttpHead {
  const { method = 'GET', url = '/', headers, socket } = request;
  return {
    method,
    path: url.replace(/[?#].*$/s, ''),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
    ),
    peer: printAddress(socket.remoteAddress ?? '', socket.remotePort ?? 0),
  };
}

function send(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  // The client may have gone meanwhile.
  if (response.headersSent || response.destroyed) return;
  response.on('error', () => undefined);
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(body);
}

function tooLong(maxBodyBytes: number): HttpAnswer {
  return { status: 413, body: JSON.stringify({ error: say`the body is longer than ${maxBodyBytes} bytes` }) };
}
