import { describe, expect, it } from 'vitest';
import type { HttpAnswer } from '../../core/network-io.ts';
import { MemoryNetwork, type RequestToSend, type SentRequest } from '../../testing/memory-network.ts';
import {
  createHarness,
  inferOperator,
  type HarnessOptions,
  type OperatorHarness,
} from '../../testing/operator-harness.ts';
import { createSourceHttp } from './runtime.ts';
import { sourceHttpSpec, type SourceHttpConfig } from './spec.ts';

const SCHEMA = [
  { name: 'id', type: 'INT' },
  { name: 'ts', type: 'TIMESTAMP' },
];
const PORT = 8088;

function open(
  network: MemoryNetwork,
  config: Record<string, unknown> = {},
  options: Partial<HarnessOptions<SourceHttpConfig>> = {},
): Promise<OperatorHarness> {
  return createHarness({
    spec: sourceHttpSpec,
    create: createSourceHttp,
    config: { port: PORT, format: 'json', schema: SCHEMA, ...config },
    network,
    ...options,
  });
}

const ids = (source: OperatorHarness): unknown[] => source.rows().map((row) => row[0]);

function post(network: MemoryNetwork, body: string, request: RequestToSend = {}): SentRequest {
  const sent = network.send(PORT, { body, ...request });
  network.settle();
  return sent;
}

const bodyOf = (answer: HttpAnswer | null): unknown => JSON.parse(answer!.body);

describe('source.http', () => {
  it.each([
    ['an object', { format: 'json' }, '{"id":1,\n"other":{}}', [1]],
    ['an array', { format: 'json' }, '[{"id":1},\n {"id":2}]', [1, 2]],
    ['JSON Lines', { format: 'json' }, '{"id":1}\n\n{"id":2}\r\n', [1, 2]],
    ['CSV with a header', { format: 'csv' }, 'ts,id\n,1\n,2', [1, 2]],
    ['CSV without', { format: 'csv', header: false, delimiter: ';' }, '1;\n2;\n', [1, 2]],
    ['raw text', { format: 'raw', schema: [{ name: 'text', type: 'STRING' }] }, 'a\nb', ['a\nb']],
  ])('takes %s', async (_, config, body, expected) => {
    const network = new MemoryNetwork();
    const source = await open(network, config);
    const { answer } = post(network, body);
    expect(answer).toMatchObject({ status: 200, body: `{"accepted":${expected.length},"rejected":0}` });
    source.poll();
    expect(ids(source)).toEqual(expected);
  });

  it.each([
    [404, { path: '/other' }],
    [401, { headers: {} }],
    [401, { headers: { authorization: 'Bearer Secret' } }],
    [405, { method: 'GET' }],
    [415, { headers: { authorization: 'Bearer secret', 'content-encoding': 'gzip' } }],
    [413, { body: `{"id":1${' '.repeat(100)}}` }],
  ])('answers %d to %j', async (status, request) => {
    const network = new MemoryNetwork();
    const source = await open(network, { path: '/rows', token: 'secret', maxRequestBytes: 100 });
    const sent = post(network, '{"id":1}', { path: '/rows', headers: { authorization: 'Bearer secret' }, ...request });
    expect(sent.answer?.status).toBe(status);
    expect(source.poll()).toBe('waiting');
    expect(source.rows()).toEqual([]);
  });

  it('refuses a whole request for one bad row, naming it', async () => {
    const network = new MemoryNetwork();
    const source = await open(network, { eventTime: { field: 'ts' } });
    const answers = ['[{"id":1,"ts":1},{"id":"x","ts":1}]', '{"id":1,"ts":1}\n{"id":2}', 'nothing', ''].map(
      (body) => post(network, body).answer,
    );
    expect(answers.map((answer) => answer?.status)).toEqual([400, 400, 400, 200]);
    expect(answers.slice(0, 2).map(bodyOf)).toEqual([
      { error: 'line 2: "id" is not a INT: x', line: 2, accepted: 0, rejected: 1 },
      { error: 'line 2: "ts" is NULL', line: 2, accepted: 0, rejected: 1 },
    ]);
    source.poll();
    expect(source.rows()).toEqual([]);
  });

  it('names a column that a CSV header lacks', async () => {
    const network = new MemoryNetwork();
    await open(network, { format: 'csv' });
    expect(bodyOf(post(network, 'id,time\n1,1\n').answer)).toMatchObject({
      error: expect.stringContaining('the header has no column "ts"') as string,
    });
  });

  it('takes the good rows of a request, and sends the others to "rejected"', async () => {
    const network = new MemoryNetwork();
    const source = await open(network, { onError: 'reject' });
    expect(bodyOf(post(network, '[{"id":1},{"id":"x"},7]').answer)).toEqual({ accepted: 1, rejected: 2 });
    source.poll();
    expect(ids(source)).toEqual([1]);
    expect(source.rows('rejected')).toEqual([
      ['client:1', 2n, '"id" is not a INT: x', '{"id":"x"}'],
      ['client:1', 3n, 'is not a JSON object', '7'],
    ]);
  });

  it('puts requests off while much waits, and takes them again once it is emitted', async () => {
    const network = new MemoryNetwork();
    const source = await open(network, { format: 'raw', schema: [{ name: 'text', type: 'STRING' }] });
    const megabyte = 'x'.repeat(1024 * 1024);
    const statuses = [1, 2, 3, 4, 5].map(() => post(network, megabyte).answer);
    expect(statuses.map((answer) => answer?.status)).toEqual([200, 200, 200, 200, 429]);
    expect(statuses[4]?.headers).toEqual({ 'Retry-After': '1' });
    source.poll();
    expect(post(network, megabyte).answer?.status).toBe(200);
  });

  it('counts bodies that are still on their way, and forgets those that break off', async () => {
    const network = new MemoryNetwork();
    await open(network, { maxRequestBytes: 3_000_000 });
    const headers = { 'content-length': '3000000' };
    const first = network.send(PORT, { headers });
    const second = network.send(PORT, { headers });
    first.isGone = true;
    network.settle();
    expect([first.answer, second.answer?.status]).toEqual([null, 429]);
    expect(post(network, '{"id":1}', { headers }).answer?.status).toBe(200);
  });

  it('answers once a checkpoint holds the rows, emitted or not, when it is to', async () => {
    const network = new MemoryNetwork();
    const source = await open(network, { acknowledge: 'checkpoint' }, { batchRows: 1 });
    const early = post(network, '[{"id":1},{"id":2}]');
    source.pollOnce();
    source.snapshot(1);
    const late = post(network, '{"id":3}');
    source.snapshot(2);
    expect(early.answer).toBeNull();
    source.checkpointComplete(1);
    expect([early.answer?.status, late.answer]).toEqual([200, null]);
    source.checkpointComplete(3);
    expect(late.answer?.status).toBe(200);
    const last = post(network, '{"id":4}');
    source.close();
    expect(last.answer).toMatchObject({ status: 503, headers: { 'Retry-After': '1' } });
  });

  it('emits after a restore what was answered before', async () => {
    const network = new MemoryNetwork();
    const config = { onError: 'reject', eventTime: { field: 'ts' } };
    const first = await open(network, config, { batchRows: 2 });
    post(network, '{"id":1,"ts":100}\nno\n{"id":2,"ts":50}\n{"id":3,"ts":60}');
    post(network, '{"id":4,"ts":70}');
    first.pollOnce();
    expect(ids(first)).toEqual([1, 2]);
    const second = await open(network, config, { restoreFrom: [first.snapshot(1)] });
    second.poll();
    expect(ids(second)).toEqual([3, 4]);
    expect(second.rows('rejected')).toEqual([]);
    // Event time goes on from where it had come.
    expect(second.watermarks()).toEqual([100]);
  });

  it.each([
    [{ path: 'rows' }, 'MR1203', 'path'],
    [{ path: '/rows?x' }, 'MR1203', 'path'],
    [{ format: 'raw' }, 'MR1405', 'schema'],
  ])('%j is refused', (config, code, path) => {
    const raw = { port: PORT, format: 'json', schema: SCHEMA, ...config };
    expect(inferOperator(sourceHttpSpec, raw, []).diagnostics).toMatchObject([{ code, path }]);
  });
});
