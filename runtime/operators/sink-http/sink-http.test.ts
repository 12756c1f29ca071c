import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UPDATE_AFTER } from '../../core/batch.ts';
import { StreamError } from '../../core/errors.ts';
import { nodeId } from '../../core/ids.ts';
import type { HttpRequest, HttpResponse } from '../../core/network-io.ts';
import { batch, shape } from '../../testing/builders.ts';
import { FAKE_EPOCH_MS } from '../../testing/fake-clock.ts';
import { bodyText, MemoryNetwork, response } from '../../testing/memory-network.ts';
import {
  createHarness,
  inferOperator,
  type HarnessOptions,
  type OperatorHarness,
} from '../../testing/operator-harness.ts';
import { propertyRuns } from '../../testing/property-runs.ts';
import { createSinkHttp } from './runtime.ts';
import { sinkHttpSpec, type SinkHttpConfig } from './spec.ts';

const URL = 'http://api.example/rows';
const KEY = 'Idempotency-Key';

type Answer = HttpResponse | StreamError;

/** A server that answers by `decide`, or holds its answer back when that says null. */
class Server {
  readonly network = new MemoryNetwork();
  readonly requests: HttpRequest[] = [];
  readonly held: ((answer: Answer) => void)[] = [];
  decide: (request: HttpRequest) => Answer | null = () => response(200);

  constructor() {
    this.network.serveHttp(URL, (request, answer) => {
      this.requests.push(request);
      const decided = this.decide(request);
      if (decided === null) this.held.push(answer);
      else answer(decided);
    });
  }

  get bodies(): string[] {
    return this.requests.map(bodyText);
  }

  get keys(): (string | undefined)[] {
    return this.requests.map(({ headers }) => headers[KEY]);
  }
}

function open(
  { network }: Server,
  config: Record<string, unknown> = {},
  options: Partial<HarnessOptions<SinkHttpConfig>> = {},
): Promise<OperatorHarness> {
  return createHarness({
    spec: sinkHttpSpec,
    create: createSinkHttp,
    config: { url: URL, ...config },
    inputs: [shape('id INT')],
    network,
    ...options,
  });
}

const rows = (...ids: number[]): number[][] => ids.map((id) => [id]);

describe('sink.http', () => {
  it.each([
    ['json', ['[{"id":1},{"id":2}]', '[{"id":3}]'], 'application/json'],
    ['jsonl', ['{"id":1}\n{"id":2}\n', '{"id":3}\n'], 'application/x-ndjson'],
    ['object', ['{"id":1}', '{"id":2}', '{"id":3}'], 'application/json'],
  ])('sends %s, across batches', async (format, bodies, type) => {
    const server = new Server();
    const sink = await open(server, { format, batchRows: 2, method: 'PUT' });
    sink.push(0, rows(1));
    sink.push(0, rows(2, 3));
    await sink.settle();
    expect(server.bodies).toEqual(bodies);
    expect(server.requests.map(({ method, headers }) => [method, headers['content-type']])).toEqual(
      bodies.map(() => ['PUT', type]),
    );
  });

  it('waits for rows no longer than it may', async () => {
    const server = new Server();
    const sink = await open(server, { linger: '2 seconds' });
    sink.push(0, rows(1));
    sink.advanceTo(FAKE_EPOCH_MS + 1999);
    expect([server.bodies, sink.pending]).toEqual([[], 'some']);
    sink.advanceTo(FAKE_EPOCH_MS + 2000);
    expect(server.bodies).toEqual(['[{"id":1}]']);
  });

  it('has no more under way than it may, and takes no more rows then', async () => {
    const server = new Server();
    server.decide = () => null;
    const sink = await open(server, { format: 'object', concurrency: 2 });
    sink.push(0, rows(1, 2, 3));
    expect([server.bodies.length, sink.pending]).toEqual([2, 'full']);
    server.held[0]!(response(200));
    await sink.turn();
    expect([server.bodies.length, sink.pending]).toEqual([3, 'full']);
    for (const answer of server.held.slice(1)) answer(response(200));
    await sink.turn();
    expect(sink.pending).toBe('none');
  });

  it.each([
    ['no answer', new StreamError('MR2111', 'broken')],
    ['503', response(503)],
    ['429', response(429)],
  ])('sends the same again after %s, with the same key', async (_, answer) => {
    const server = new Server();
    server.decide = () => (server.requests.length < 3 ? answer : response(200));
    const sink = await open(server);
    sink.push(0, rows(1));
    await sink.settle();
    expect(server.bodies).toEqual(['[{"id":1}]', '[{"id":1}]', '[{"id":1}]']);
    expect(new Set(server.keys).size).toBe(1);
    expect(sink.clock.now() - FAKE_EPOCH_MS).toBeGreaterThanOrEqual(250 + 500);
  });

  it.each([
    ['60', 60_000],
    [new Date(FAKE_EPOCH_MS + 90_000).toUTCString(), 90_000],
  ])('comes again no sooner than Retry-After says (%s)', async (text, ms) => {
    const server = new Server();
    server.decide = () => (server.requests.length === 1 ? response(429, '', { 'retry-after': text }) : response(200));
    const sink = await open(server);
    sink.push(0, rows(1));
    await sink.settle();
    expect(sink.clock.now() - FAKE_EPOCH_MS).toBe(ms);
  });

  it('gives up after as many failures as it may, or at once where no attempt can help', async () => {
    const server = new Server();
    server.decide = () => response(500, 'out of order');
    const sink = await open(server, { retry: { maxAttempts: 3 } });
    sink.push(0, rows(1));
    await expect(sink.settle()).rejects.toMatchObject({
      code: 'MR2111',
      message: `POST ${URL} was answered with 500: out of order`,
    });
    expect(server.requests).toHaveLength(3);
    server.decide = () => new StreamError('MR2111', 'bad certificate', { domain: 'user' });
    const other = await open(server);
    other.push(0, rows(1));
    await expect(other.settle()).rejects.toThrow('bad certificate');
  });

  it('fails when rows are refused, or sends them to "rejected" with the status', async () => {
    const server = new Server();
    server.decide = (request) => (bodyText(request).includes('2') ? response(422, 'not 2') : response(200));
    const failing = await open(server);
    failing.push(0, rows(1, 2));
    await expect(failing.settle()).rejects.toMatchObject({
      code: 'MR2113',
      message: `POST ${URL} refused 2 rows with 422: not 2`,
      retryable: false,
    });
    const inputs = [shape('id INT, ts TIMESTAMP', { eventTime: true, changelog: 'update' })];
    const rejecting = await open(server, { format: 'object', onError: 'reject' }, { inputs });
    rejecting.push(
      0,
      batch(
        'id INT, ts TIMESTAMP',
        [
          [1, 10],
          [2, 20],
        ],
        [10, 20],
        [UPDATE_AFTER, UPDATE_AFTER],
      ),
    );
    await rejecting.settle();
    expect(rejecting.output('rejected')).toEqual([
      { values: [2, 20, 422, 'not 2'], eventTime: 20, kind: UPDATE_AFTER },
    ]);
    expect(server.bodies.at(-1)).toContain('"__op":"+U"');
  });

  it('keeps refused rows until they are mended, over a restore as well, and sends what is in the mended text', async () => {
    const server = new Server();
    server.decide = (request) => (/[23]/.test(bodyText(request)) ? response(422, 'no') : response(200));
    const config = { format: 'object', onError: 'reject' };
    const first = await open(server, config);
    first.push(0, rows(1, 2, 3));
    await first.settle();
    expect(first.deadLetters.kept).toMatchObject([
      { origin: `POST ${URL}`, line: 0, reason: 'answered with 422: no', raw: '{"id":2}' },
      { raw: '{"id":3}' },
    ]);
    const sink = await open(server, config, { restoreFrom: [first.snapshot(1)] });
    await mend(
      sink,
      ['{"id":2}', '{"id":20}'],
      ['{"id":20}', '{"id":2}'],
      ['{"id":3}', '[{"id":4},{"id":5},{"id":"x"}]'],
    );
    expect(server.bodies.slice(3)).toEqual(['{"id":20}', '{"id":4}', '{"id":5}']);
    expect(sink.deadLetters.kept.map(({ raw }) => raw)).toEqual(['{"id":"x"}', '{"id":20}']);
    expect(sink.rows('rejected'), 'what is refused again').toEqual([[20, 422, 'no']]);
    await mend(sink, ['{"id":2}', '{"id":6}'], ['{"id":20}', '{"id":6}']);
    sink.push(0, rows(2));
    await sink.settle();
    expect(server.bodies.slice(6), 'where a mend stands it is not rejected').toEqual([
      '{"id":6}',
      '{"id":2}',
      '{"id":6}',
    ]);
    expect(sink.rows('rejected')).toHaveLength(1);
    expect(sink.deadLetters.kept.map(({ raw }) => raw)).toEqual(['{"id":"x"}']);
  });

  it('replays refused rows as they are, each in a request of its own, as often as was asked for', async () => {
    const server = new Server();
    server.decide = (request) => (bodyText(request).includes('2') ? response(422, 'no 2') : response(200));
    const sink = await open(server, { batchRows: 3, onError: 'reject' });
    sink.push(0, rows(1, 2, 3));
    await sink.settle();
    const replayed = (n: number) => [1, 2, 3].map((id) => [`{"id":${id}}`, `{"id":${id}}`, n] as const);
    await mend(sink, ...replayed(1));
    expect(server.bodies.slice(1)).toEqual(['[{"id":1}]', '[{"id":2}]', '[{"id":3}]']);
    expect(sink.deadLetters.kept).toMatchObject([{ raw: '{"id":2}', again: 1 }]);
    server.decide = () => response(200);
    await mend(sink, ...replayed(1));
    expect(server.bodies).toHaveLength(4);
    await mend(sink, ...replayed(2));
    expect([server.bodies.slice(4), sink.deadLetters.kept]).toEqual([['[{"id":2}]'], []]);
  });

  async function mend(
    sink: OperatorHarness,
    ...texts: readonly (readonly [raw: string, text: string, again?: number])[]
  ): Promise<void> {
    const place = { nodeId: nodeId('node'), origin: `POST ${URL}`, line: 0 };
    sink.deadLetters.mend(texts.map(([raw, text, again = 0]) => ({ ...place, raw, text, again })));
    // As the worker does.
    sink.isAwake = true;
    await sink.turn();
    await sink.settle();
  }

  it('forgets what is under way when it is closed', async () => {
    const server = new Server();
    server.decide = () => null;
    const sink = await open(server);
    sink.push(0, rows(1));
    sink.advanceTo(FAKE_EPOCH_MS + 1000);
    sink.close();
    server.held[0]!(response(400));
    expect(await sink.turn()).toBe(false);
  });

  it.each([
    [{ url: 'ftp://x' }, 'MR1203', 'url'],
    [{ headers: [{ name: 'x', value: 'ü\n' }] }, 'MR1203', 'headers[0].value'],
    [{ idempotencyHeader: 'a b' }, 'MR1203', 'idempotencyHeader'],
  ])('%j is refused', (config, code, path) => {
    const { diagnostics } = inferOperator(sinkHttpSpec, { url: URL, ...config }, [shape('id INT')]);
    expect(diagnostics).toMatchObject([{ code, path }]);
  });

  it('wants the names of its own fields for itself', () => {
    const { diagnostics } = inferOperator(sinkHttpSpec, { url: URL }, [shape('http_status INT')]);
    expect(diagnostics).toMatchObject([{ code: 'MR1402' }]);
  });
});

describe('sink.http, over a failure', () => {
  const anyCase = fc.record({
    batches: fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 8 }),
    /** Batches before the checkpoint, and after it until the failure. */
    before: fc.nat(8),
    lost: fc.nat(8),
    batchRows: fc.integer({ min: 1, max: 5 }),
    concurrency: fc.integer({ min: 1, max: 3 }),
    /** Whether time cuts requests, which it does in other places after the failure. */
    lingers: fc.boolean(),
    /** Which requests the server fails to answer, by turns. */
    failing: fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
  });

  it('delivers each row, and once each to a server that looks at keys', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, async ({ batches, before, lost, batchRows, concurrency, lingers, failing }) => {
        const server = new Server();
        const kept = new Map<string, string>();
        server.decide = (request) => {
          kept.set(request.headers[KEY]!, bodyText(request));
          return failing[server.requests.length % failing.length] === true && server.requests.length % 7 !== 0
            ? response(503)
            : response(200);
        };
        let id = 0;
        const all = batches.map((size) => rows(...Array.from({ length: size }, () => id++)));
        const config = { batchRows, concurrency, linger: lingers ? '1 second' : '1 day' };
        const first = await open(server, config);
        await feed(first, all.slice(0, before));
        await first.settle();
        const snapshot = first.snapshot(1);
        await feed(first, all.slice(before, before + lost));
        const second = await open(server, config, { restoreFrom: [snapshot], seed: 2 });
        await feed(second, all.slice(before));
        await second.settle();
        const delivered = [...kept.values()].flatMap((body) => JSON.parse(body) as { id: number }[]);
        const ids = delivered.map((row) => row.id).sort((a, b) => a - b);
        expect(lingers ? [...new Set(ids)] : ids).toEqual(Array.from({ length: id }, (_, i) => i));
      }),
      propertyRuns(100),
    );
  });

  async function feed(sink: OperatorHarness, batches: readonly number[][][]): Promise<void> {
    for (const one of batches) {
      // As a task does: no more rows while it is full, and nothing else hurries it.
      while (sink.pending === 'full') if (!(await sink.turn())) sink.advanceToNext();
      sink.push(0, one);
    }
  }
});
