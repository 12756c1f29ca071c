import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { StreamError } from '../core/errors.ts';
import { nodeId } from '../core/ids.ts';
import { connect, release, serve, type Connection } from './remote.ts';
import { nodePort } from './transport.ts';
import { codedError, type RemoteError } from './wire.ts';

/** Both ends of one connection, closed after `use`. */
async function connected<Api extends object>(
  api: Api,
  use: (client: Connection<Api>, server: Connection<Api>) => Promise<void>,
): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  const server = serve(nodePort(port1), api);
  const client = connect<Api>(nodePort(port2));
  try {
    await use(client, server);
  } finally {
    client.dispose();
    server.dispose();
  }
}

describe('a remote interface', () => {
  it('answers calls, also many at once', async () => {
    const api = { add: async (a: number, b: number) => a + b };
    await connected(api, async ({ api: remote }) => {
      const sums = await Promise.all(Array.from({ length: 200 }, (_, i) => remote.add(i, i)));
      expect(sums).toEqual(Array.from({ length: 200 }, (_, i) => 2 * i));
    });
  });

  it('calls callbacks in order, and lets them go when released', async () => {
    const api = {
      async count(to: number, onStep: (n: number) => unknown): Promise<void> {
        for (let n = 1; n <= to; n++) await onStep(n);
        release(onStep);
      },
    };
    await connected(api, async (client, server) => {
      const steps: number[] = [];
      await client.api.count(5, (n) => steps.push(n));
      expect(steps).toEqual([1, 2, 3, 4, 5]);
      await client.api.count(0, () => {});
      // Releases travel on the same connection: once a later call is answered, the earlier one's is through.
      expect([client.openPorts, server.openPorts].every((ports) => ports <= 2)).toBe(true);
    });
  });

  it('passes a callback on through a second connection', async () => {
    const inner = { run: async (onEvent: (text: string) => unknown): Promise<unknown> => onEvent('deep') };
    await connected(inner, async ({ api: innerRemote }) => {
      const outer = { run: async (onEvent: (text: string) => unknown): Promise<unknown> => innerRemote.run(onEvent) };
      await connected(outer, async ({ api: remote }) => {
        expect(await remote.run((text) => `${text} enough`)).toBe('deep enough');
      });
    });
  });

  it('keeps code, remedy, node and diagnostics of an error', async () => {
    const failure = new StreamError('MR2103', 'row 7 is not JSON', { remedy: 'Mend it.' });
    failure.nodeId = nodeId('clicks');
    const diagnostics = [{ severity: 'error', code: 'MR1105', message: 'a cycle' }] as const;
    const api = {
      async run(): Promise<void> {
        throw failure;
      },
      async refuse(): Promise<void> {
        throw codedError('MR1105', 'not valid', { diagnostics });
      },
    };
    await connected(api, async ({ api: remote }) => {
      const run = (await remote.run().catch((error: unknown) => error)) as RemoteError;
      expect(run).toBeInstanceOf(Error);
      expect(run).toMatchObject({ code: 'MR2103', message: 'row 7 is not JSON', remedy: 'Mend it.', nodeId: 'clicks' });
      expect(run.stack).toBe(failure.stack);
      await expect(remote.refuse()).rejects.toMatchObject({ code: 'MR1105', diagnostics });
    });
  });

  it('rejects calls in flight, and later ones, when the other end goes', async () => {
    const api = { wait: () => new Promise<void>(() => {}) };
    await connected(api, async (client, server) => {
      const inFlight = client.api.wait();
      server.dispose();
      await expect(inFlight).rejects.toMatchObject({ code: 'MR2006' });
      await expect(client.api.wait()).rejects.toMatchObject({ code: 'MR2006' });
      await client.closed;
    });
  });

  it('refuses everything but the methods it serves', async () => {
    class Base {
      async inherited(): Promise<string> {
        return 'secret';
      }
    }
    const api = Object.assign(new Base(), {
      async open(): Promise<string> {
        return 'yes';
      },
      value: 1,
    });
    await connected(api, async ({ api: remote }) => {
      const anything = remote as unknown as Record<string, Record<string, (...args: unknown[]) => Promise<unknown>>>;
      expect(await remote.open()).toBe('yes');
      for (const attempt of [
        () => remote.inherited(),
        () => anything['constructor']!['constructor']!('return 1'),
        () => anything['open']!['call']!(null),
        () => anything['value'] as unknown as Promise<unknown>,
        () => new (anything['open'] as unknown as new () => Promise<unknown>)(),
      ]) {
        await expect(Promise.resolve(attempt())).rejects.toMatchObject({ code: 'MR2005' });
      }
    });
  });

  it('is not upset by messages that are none', async () => {
    const { port1, port2 } = new MessageChannel();
    const server = serve(nodePort(port1), { ping: async () => 'pong' });
    const wrong = [
      null,
      7,
      [],
      ['root'],
      ['root', {}],
      ['root', { type: 'APPLY', argumentList: [null] }],
      ['root', { type: 'APPLY', id: 'x', path: 'ping' }],
    ];
    for (const message of wrong) port2.postMessage(message);
    port2.postMessage([
      'root',
      { type: 'APPLY', id: 'y', path: ['ping'], argumentList: [{ type: 'HANDLER', name: 'throw', value: {} }] },
    ]);
    const client = connect<{ ping(): Promise<string> }>(nodePort(port2));
    expect(await client.api.ping()).toBe('pong');
    client.dispose();
    server.dispose();
  });
});
