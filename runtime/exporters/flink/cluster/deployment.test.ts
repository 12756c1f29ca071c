import { describe, expect, it } from 'vitest';
import { FlinkDeployment } from './deployment.ts';
import { reasonOf, SqlGateway, type Fetch } from './gateway.ts';
import { FlinkRest } from './rest.ts';

/** Answers by `METHOD path`, each in turn, the last one again and again; a string is an error of Flink. */
function server(answers: Readonly<Record<string, readonly unknown[]>>): { fetch: Fetch; requests: string[] } {
  const requests: string[] = [];
  const turns = new Map<string, number>();
  const respond = (url: string, { method = 'GET', body }: RequestInit = {}): Response => {
    const key = `${method} ${new URL(url).pathname}`;
    requests.push(`${key}${typeof body === 'string' ? ` ${body}` : ''}`);
    const turn = turns.get(key) ?? 0;
    turns.set(key, turn + 1);
    const answer = answers[key]?.[Math.min(turn, answers[key].length - 1)];
    if (answer === undefined) return new Response('{"errors":["not here"]}', { status: 404 });
    if (typeof answer === 'string')
      return new Response(JSON.stringify({ errors: ['Internal', answer] }), { status: 500 });
    return new Response(JSON.stringify(answer));
  };
  return { fetch: (url, init) => Promise.resolve(respond(url as string, init)), requests };
}

const delay = (): Promise<void> => Promise.resolve();
const SESSION = { 'POST /v3/sessions': [{ sessionHandle: 's' }], 'DELETE /v3/sessions/s': [{}] };
const OPERATION = '/v3/sessions/s/operations/o';
const STATEMENT = {
  ...SESSION,
  'POST /v3/sessions/s/statements': [{ operationHandle: 'o' }],
  [`GET ${OPERATION}/status`]: [{ status: 'RUNNING' }, { status: 'FINISHED' }],
};

describe('submitting to an SQL Gateway', () => {
  it('runs the statements one after the other, gives the id of the job, and closes the session', async () => {
    const { fetch, requests } = server({
      ...STATEMENT,
      [`GET ${OPERATION}/result/0`]: [
        { resultType: 'NOT_READY', nextResultUri: `${OPERATION}/result/0?rowFormat=JSON` },
        { resultType: 'PAYLOAD', jobID: 'j7', results: { columns: [{ name: 'job id' }], data: [{ fields: ['j7'] }] }, nextResultUri: `${OPERATION}/result/1?rowFormat=JSON` }, // prettier-ignore
      ],
      [`GET ${OPERATION}/result/1`]: [{ resultType: 'EOS' }],
    });
    const deployment = new FlinkDeployment(new SqlGateway('http://flink:8083/', { delay, fetch }), delay);
    const statements = [{ comment: [], sql: 'EXECUTE STATEMENT SET …' }];
    expect(await deployment.submit(statements, { fromSavepoint: 'file:/sp' })).toBe('j7');
    expect(requests[0]).toBe('POST /v3/sessions {"properties":{"execution.state-recovery.path":"file:/sp"}}');
    expect(requests).toContain('POST /v3/sessions/s/statements {"statement":"EXECUTE STATEMENT SET …"}');
    expect(requests.at(-1)).toBe('DELETE /v3/sessions/s');
  });

  it('tells the innermost reason of a refusal, and closes the session all the same', async () => {
    const trace =
      "org.apache.flink.table.gateway.SqlGatewayException: Failed\n\tat a.b(C.java:1)\nCaused by: org.apache.calcite.runtime.CalciteContextException: From line 1: Column 'x' not found\n\tat d.e(F.java:2)\n\t... 5 more\n";
    const { fetch, requests } = server({ ...STATEMENT, [`GET ${OPERATION}/result/0`]: [trace] });
    const deployment = new FlinkDeployment(new SqlGateway('http://flink:8083', { delay, fetch }), delay);
    await expect(deployment.submit([{ comment: [], sql: 'SELECT x' }])).rejects.toMatchObject({
      code: 'MR2111',
      message: "Flink: From line 1: Column 'x' not found",
    });
    expect(requests.at(-1)).toBe('DELETE /v3/sessions/s');
  });

  it('says so when nobody answers', async () => {
    const gateway = new SqlGateway('http://nobody:1', { delay, fetch: () => Promise.reject(new TypeError('refused')) });
    await expect(gateway.open()).rejects.toMatchObject({ code: 'MR2111', remedy: expect.stringContaining('sql-gateway.sh') as string }); // prettier-ignore
  });
});

describe('a job of a cluster', () => {
  it('is waited for, and its failure told', async () => {
    const { fetch } = server({
      'GET /jobs/j': [{ state: 'RUNNING' }, { state: 'FAILED' }],
      'GET /jobs/j/exceptions': [{ exceptionHistory: { entries: [{ stacktrace: 'java.lang.ArithmeticException: / by zero\n\tat a.b(C.java:1)' }] } }], // prettier-ignore
    });
    await expect(new FlinkRest('http://flink:8081', { delay, fetch }).ended('j')).rejects.toMatchObject({ code: 'MR2001', message: 'Flink: / by zero' }); // prettier-ignore
  });

  it('gives its savepoint once that is complete, or why there is none', async () => {
    const status = 'GET /jobs/j/savepoints/r';
    const begun = { 'POST /jobs/j/savepoints': [{ 'request-id': 'r' }], 'POST /jobs/j/stop': [{ 'request-id': 'r' }] };
    const { fetch } = server({
      ...begun,
      [status]: [
        { status: { id: 'IN_PROGRESS' } },
        { status: { id: 'COMPLETED' }, operation: { location: 'file:/sp' } },
      ],
    });
    expect(await new FlinkRest('http://flink:8081', { delay, fetch }).savepoint('j', '/sp')).toBe('file:/sp');
    const failing = server({ ...begun, [status]: [{ status: { id: 'COMPLETED' }, operation: { 'failure-cause': { 'stack-trace': 'java.io.IOException: no space\n\tat a' } } }] }); // prettier-ignore
    const rest = new FlinkRest('http://flink:8081', { delay, fetch: failing.fetch });
    await expect(rest.savepoint('j', '/sp', { stop: true })).rejects.toMatchObject({ code: 'MR2208', message: 'Flink: no space' }); // prettier-ignore
  });

  it('is told in other words where the answer is no JSON', () => expect(reasonOf('<html>gone')).toBe('<html>gone'));
});
