/** What a real HDFS does only on its bad days. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebHdfsClient } from './webhdfs-client.ts';
import { WebHdfsStore } from './webhdfs-store.ts';

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: string;
}
type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const json = (status: number, value: unknown): Answer => {
  return (response) => response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
};
const remote = (status: number, exception: string, message = 'of the server'): Answer =>
  json(status, { RemoteException: { exception, javaClassName: `org.example.${exception}`, message } });
const redirect = (host: string): Answer => {
  return (response) => response.writeHead(307, { Location: `http://${host}/dn` }).end();
};
const created: Answer = (response) => response.writeHead(201).end();
const hangUp: Answer = (response) => response.destroy();

interface Server {
  readonly host: string;
  readonly asked: readonly Asked[];
}

/** A server that gives these answers, one after the other, and then the last of them again and again. */
async function withServer<T>(answers: readonly Answer[], use: (server: Server) => Promise<T>): Promise<T> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request
      .setEncoding('utf8')
      .on('data', (part: string) => (body += part))
      .on('end', () => {
        const { pathname, searchParams } = new URL(request.url!, 'http://x');
        const answer = answers[Math.min(asked.length, answers.length - 1)]!;
        asked.push({ method: request.method!, path: pathname, parameters: Object.fromEntries(searchParams), body });
        answer(response, request);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use({ host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** A port at which nobody listens. */
const deadHost = (): Promise<string> => withServer([created], async ({ host }) => host);

/** A store whose client pauses for no time, and notes for how long it would have. */
function storeOf(nameNodes: readonly string[], idleMs = 5000): { files: WebHdfsStore; pauses: number[] } {
  const pauses: number[] = [];
  const timers = {
    after(ms: number, action: () => void) {
      pauses.push(ms);
      setImmediate(action);
      return () => {};
    },
    every: () => () => {},
  };
  const location = { nameNodes, folder: '/state', user: 'me' };
  return { files: new WebHdfsStore(location, new WebHdfsClient(location, timers, idleMs)), pauses };
}

const bytes = new TextEncoder().encode('bytes');
const failureOf = (operation: Promise<unknown>): Promise<unknown> => operation.catch((error: unknown) => error);
const matching = (pattern: RegExp): string => expect.stringMatching(pattern) as string;

describe('WebHDFS', () => {
  it('gives the bytes to the DataNode alone, with the user and the type that gateways ask for', () =>
    withServer([created], (dataNode) =>
      withServer([redirect(dataNode.host)], async (nameNode) => {
        await storeOf([nameNode.host]).files.write('a b/%41', bytes);
        const parameters = { op: 'CREATE', 'user.name': 'me', overwrite: 'true' };
        expect(nameNode.asked).toEqual([
          { method: 'PUT', path: '/webhdfs/v1/state/a%20b/%2541', parameters, body: '' },
        ]);
        expect(dataNode.asked).toEqual([{ method: 'PUT', path: '/dn', parameters: {}, body: 'bytes' }]);
      }),
    ));

  it('tries again what may pass, after pauses that double', () =>
    withServer(
      [
        remote(403, 'SafeModeException'),
        remote(403, 'EOFException', 'of a DataNode whose NameNode was started again'),
        remote(403, 'IOException', 'could only be written to 0 of the 1 minReplication nodes'),
        hangUp,
        (response) => response.writeHead(503).end(),
        (response) => response.writeHead(200, { 'Content-Length': 100 }).write('half', () => response.destroy()),
        json(200, { boolean: true }),
      ],
      async ({ host }) => {
        const { files, pauses } = storeOf([host]);
        await files.remove('chk-1');
        expect(pauses).toEqual([100, 200, 400, 800, 1600, 3200]);
      },
    ));

  it('gives up in the end, with the last reason and what to do', () =>
    withServer([remote(403, 'SafeModeException', 'Name node is in safe mode.\nMore.')], async ({ host, asked }) => {
      expect(await failureOf(storeOf([host]).files.remove('chk-1'))).toMatchObject({
        message: `DELETE at http://${host}/webhdfs/v1/state/chk-1: HTTP 403 SafeModeException: Name node is in safe mode.`,
        remedy: matching(/has left safe mode/),
      });
      expect(asked).toHaveLength(8);
    }));

  it.each([
    ['AccessControlException', remote(403, 'AccessControlException'), /AccessControlException: of the/, /user\.name=/],
    ['a quota', remote(403, 'DSQuotaExceededException'), /DSQuota/, /retain fewer/],
    ['a login page', (response: ServerResponse) => response.writeHead(401).end('<html>'), /HTTP 401$/, /Kerberos/],
    [
      'another server',
      (response: ServerResponse) => response.writeHead(404).end('<html>'),
      /HTTP 404$/,
      /host and port/,
    ],
  ])('does not try again after %s', async (_, answer, message, remedy) =>
    withServer([answer], async ({ host, asked }) => {
      expect(await failureOf(storeOf([host]).files.list(''))).toMatchObject({
        message: matching(message),
        remedy: matching(remedy),
      });
      expect(asked).toHaveLength(1);
    }),
  );

  it('finds the active NameNode, and stays with it', async () =>
    withServer([remote(403, 'StandbyException')], (standby) =>
      withServer([json(200, { FileStatus: {} })], async (active) => {
        const { files } = storeOf([await deadHost(), standby.host, active.host]);
        for (let i = 0; i < 3; i++) expect(await files.exists('a')).toBe(true);
        expect([standby.asked.length, active.asked.length]).toEqual([1, 3]);
      }),
    ));

  it('says where nobody answers', async () => {
    const host = await deadHost();
    expect(await failureOf(storeOf([host]).files.list(''))).toMatchObject({
      message: matching(new RegExp(`^LISTSTATUS at http://${host}/webhdfs/v1/state: connect ECONNREFUSED`)),
      remedy: `Check that a NameNode runs at ${host} and can be reached from here.`,
    });
  });

  it('does not try a name again that nobody knows', async () => {
    const { files, pauses } = storeOf(['namenode.invalid:9870']);
    expect(await failureOf(files.list(''))).toMatchObject({ message: matching(/namenode\.invalid/) });
    expect(pauses).toEqual([]);
  });

  it('waits for an answer only so long', () =>
    withServer([() => {}], async ({ host }) => {
      expect(await failureOf(storeOf([host], 20).files.list(''))).toMatchObject({
        message: matching(/no answer for 0.02 s$/),
      });
    }));

  it('asks for another DataNode when one cannot be reached', async () => {
    const gone = await deadHost();
    await withServer([created], (dataNode) =>
      withServer([redirect(gone), redirect(dataNode.host)], async (nameNode) => {
        await storeOf([nameNode.host]).files.write('a', bytes);
        expect(nameNode.asked.map((one) => one.parameters.excludedatanodes)).toEqual([undefined, gone]);
        expect(dataNode.asked).toHaveLength(1);
      }),
    );
    await withServer([redirect(gone)], async ({ host }) => {
      expect(await failureOf(storeOf([host]).files.write('a', bytes))).toMatchObject({
        message: matching(new RegExp(`ECONNREFUSED.*\\(DataNode ${gone}\\)$`)),
        remedy: matching(/has to know that name and reach that port/),
      });
    });
  });

  it('takes a rename for done when only its answer was lost', () =>
    withServer(
      [hangUp, remote(404, 'FileNotFoundException'), json(200, { FileStatus: {} })],
      async ({ host, asked }) => {
        await storeOf([host]).files.rename('a.part', 'a');
        const { parameters } = asked[0]!;
        expect(parameters).toMatchObject({ destination: '/state/a', renameoptions: 'OVERWRITE' });
        expect(asked.map((one) => one.parameters.op)).toEqual(['RENAME', 'RENAME', 'GETFILESTATUS']);
      },
    ));

  it.each([
    ['the file was never there', [remote(404, 'FileNotFoundException')], /FileNotFoundException/],
    [
      'neither file is there after a lost answer',
      [hangUp, remote(404, 'FileNotFoundException')],
      /RENAME .* FileNotFoundException/,
    ],
    ['a gateway refuses to replace', [json(200, { boolean: false })], /answered with \{"boolean":false\}/],
  ])('does not take a rename for done when %s', (_, answers, message) =>
    withServer(answers, async ({ host }) => {
      expect(await failureOf(storeOf([host]).files.rename('a.part', 'a'))).toMatchObject({
        message: matching(message),
      });
    }),
  );

  it('says so when the answer is that of something else', () =>
    withServer([(response) => response.end('<html>Hello</html>')], async ({ host }) => {
      expect(await failureOf(storeOf([host]).files.list(''))).toMatchObject({
        message: 'LISTSTATUS was answered with <html>Hello</html>',
        remedy: matching(/NameNode/),
      });
    }));
});
