/** Servers and clients around the operator of a docs example: how they are written, and what they got. */
import { z } from 'zod';
import { assert } from '../core/errors.ts';
import type { Json } from '../core/state.ts';
import { bodyText, MemoryNetwork, response, type MemoryPeer, type SentRequest } from './memory-network.ts';

const serverSchema = z.strictObject({
  /** `tcp://`, `ws://`: what it sends to its first client. */
  sends: z.array(z.string()).default([]),
  /** `http://`: how it answers, request after request, the last for all further ones. */
  answers: z
    .array(
      z.strictObject({
        status: z.int(),
        headers: z.record(z.string(), z.string()).default({}),
        body: z.string().default(''),
      }),
    )
    .default([]),
});

const clientSchema = z.strictObject({
  /** Where the operator listens. */
  url: z.string(),
  /** `tcp://`. */
  sends: z.array(z.string()).default([]),
  /** `http://`: one request. */
  method: z.string().default('POST'),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(''),
});

export const networkSchema = z.strictObject({
  servers: z.record(z.string(), serverSchema).default({}),
  clients: z.array(clientSchema).default([]),
});

/** By URL, in the order of the document: texts of connections, requests of HTTP servers, answers of HTTP clients. */
export type NetworkOutput = Readonly<Record<string, readonly Json[]>>;

export class ExampleNetwork {
  readonly network = new MemoryNetwork();
  readonly #got = new Map<string, (() => readonly Json[])[]>();

  constructor({ servers, clients }: z.output<typeof networkSchema>) {
    for (const [url, server] of Object.entries(servers)) this.#serve(url, server);
    for (const client of clients) {
      const { port } = addressOf(client.url);
      this.network.whenListening(port, () => this.#connect(client));
    }
  }

  get output(): NetworkOutput {
    const entries = [...this.#got].map(([url, got]) => [url, got.flatMap((read) => read())] as const);
    return Object.fromEntries(entries.filter(([, got]) => got.length > 0));
  }

  #serve(url: string, { sends, answers }: z.output<typeof serverSchema>): void {
    if (url.startsWith('http')) {
      this.#serveHttp(url, answers);
      return;
    }
    let isFirst = true;
    this.network.serve(url, (peer) => {
      if (isFirst) for (const text of sends) peer.send(text);
      isFirst = false;
      this.#keep(url, () => peer.received);
    });
  }

  #serveHttp(url: string, answers: z.output<typeof serverSchema>['answers']): void {
    const requests: Json[] = [];
    this.network.serveHttp(url, (request, answer) => {
      const { status, headers, body } = answers[Math.min(requests.length, answers.length - 1)]!;
      requests.push({ method: request.method, headers: request.headers, body: bodyText(request) });
      answer(response(status, body, headers));
    });
    this.#keep(url, () => requests);
  }

  #connect({ url, sends, ...request }: z.output<typeof clientSchema>): void {
    const { port, path } = addressOf(url);
    if (url.startsWith('http')) {
      const sent = this.network.send(port, { ...request, path });
      this.#keep(url, () => answersOf(sent));
      return;
    }
    const peer: MemoryPeer = this.network.dial(port, url.startsWith('tcp') ? '' : path);
    for (const text of sends) peer.send(text);
    this.#keep(url, () => peer.received);
  }

  #keep(url: string, read: () => readonly Json[]): void {
    this.#got.set(url, [...(this.#got.get(url) ?? []), read]);
  }
}

function answersOf({ answer }: SentRequest): readonly Json[] {
  return answer === null ? [] : [{ status: answer.status, body: JSON.parse(answer.body) as Json }];
}

function addressOf(url: string): { readonly port: number; readonly path: string } {
  const [, port, path = ''] = /^\w+:\/\/[^/:]+:(\d+)(\/.*)?$/.exec(url) ?? [];
  assert(port !== undefined, `${url} names no port`);
  return { port: Number(port), path: path === '' ? '/' : path };
}
