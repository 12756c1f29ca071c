/** A conversation with the debug adapter, led by the public client for tests of such adapters. */
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import { DebugClient } from '@vscode/debugadapter-testsupport';
import { afterEach, describe, expect, it } from 'vitest';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { DebugSession, nodeOutside } from '../../debug/index.ts';
import { parseDocument } from '../../graph/index.ts';
import { TestFolder } from '../../testing/whole-job.ts';
import { MillraceDebugAdapter } from './adapter.ts';

const folder = new TestFolder();
let server: Server | null = null;
let client: DebugClient | null = null;

afterEach(async () => {
  await client?.stop();
  server?.close();
  client = null;
  server = null;
});

const DOCUMENT = `{
  "format": "millrace/pipeline",
  "version": 1,
  "name": "counts",
  "nodes": [
    {
      "id": "in",
      "type": "source.file",
      "config": {
        "path": "in.csv",
        "format": "csv",
        "schema": [{ "name": "k", "type": "STRING" }, { "name": "v", "type": "BIGINT" }]
      }
    },
    {
      "id": "big",
      "type": "filter",
      "config": { "condition": "v > 1" }
    },
    {
      "id": "total",
      "type": "aggregate.running",
      "config": { "groupBy": ["k"], "aggregates": [{ "as": "sum", "fn": "SUM", "expr": "v" }] }
    },
    { "id": "out", "type": "sink.print", "config": {} }
  ],
  "edges": [
    { "from": "in", "to": "big" },
    { "from": "big", "to": "total" },
    { "from": "total", "to": "out" }
  ],
  "notes": [],
  "groups": []
}
`;
const [IN_LINE, BIG_LINE, TOTAL_LINE] = [6, 15, 20];

function writeDocument(): string {
  const file = folder.within('counts.pipeline.json');
  writeFileSync(file, DOCUMENT);
  writeFileSync(folder.within('in.csv'), 'k,v\na,1\na,2\nb,3\na,4\n');
  return file;
}

/** An adapter behind a port of this process: what the client would start as another process is the same code. */
async function connect(): Promise<{ readonly client: DebugClient; readonly file: string }> {
  const file = writeDocument();
  server = createServer((socket) => {
    const adapter = new MillraceDebugAdapter(async (_, options, onEvent) => {
      const { document } = parseDocument(DOCUMENT);
      const started = await DebugSession.start({
        document: document!,
        folder: folder.path,
        options,
        outside: nodeOutside(),
        onEvent,
      });
      return { ...started, text: DOCUMENT };
    }, file);
    adapter.setRunAsServer(true);
    adapter.start(socket, socket);
  });
  const listening = server;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const connected = new DebugClient('node', '', 'millrace');
  client = connected;
  await connected.start((listening.address() as { port: number }).port);
  return { client: connected, file };
}

/** The built command line, spoken to over its standard input and output as an editor does: the launch names the document. */
async function spawnAdapter(): Promise<{ client: DebugClient; file: string }> {
  const file = writeDocument();
  const launcher = folder.within('launch.cjs');
  const program = path.resolve(import.meta.dirname, '../../../dist/cli/millrace.cjs');
  // The client gives its adapter no arguments.
  const args = JSON.stringify([program, 'debug']);
  writeFileSync(launcher, `process.argv.splice(1, 1, ...${args});\nrequire(process.argv[1]);\n`);
  const spawned = new DebugClient(process.execPath, launcher, 'millrace');
  client = spawned;
  await spawned.start();
  return { client: spawned, file };
}

async function stopped(on: DebugClient, request: Promise<unknown>): Promise<DebugProtocol.StoppedEvent['body']> {
  const [event] = await Promise.all([on.waitForEvent('stopped'), request]);
  return (event as DebugProtocol.StoppedEvent).body;
}

async function top(on: DebugClient, threadId: number): Promise<DebugProtocol.StackFrame> {
  const { body } = await on.stackTraceRequest({ threadId });
  return body.stackFrames[0]!;
}

async function scope(on: DebugClient, frameId: number, name: string): Promise<Readonly<Record<string, string>>> {
  const { body } = await on.scopesRequest({ frameId });
  const { variablesReference } = body.scopes.find((one) => one.name === name)!;
  const { variables } = (await on.variablesRequest({ variablesReference })).body;
  return Object.fromEntries(variables.map((one) => [one.name, one.value]));
}

describe('the debug adapter', () => {
  it('stops at lines, shows rows and state, steps both ways, evaluates, and changes a row', async () => {
    const { client: dc, file } = await connect();
    expect((await dc.initializeRequest()).body).toMatchObject({ supportsStepBack: true, supportsLogPoints: true });
    await Promise.all([dc.waitForEvent('initialized'), dc.launchRequest({} as DebugProtocol.LaunchRequestArguments)]);
    const { body } = await dc.setBreakpointsRequest({
      source: { path: file },
      breakpoints: [{ line: TOTAL_LINE + 2, condition: "k = 'a'" }, { line: 1 }],
    });
    expect(body.breakpoints).toMatchObject([{ verified: true, line: TOTAL_LINE }, { verified: false }]);
    expect(await stopped(dc, dc.configurationDoneRequest())).toMatchObject({ reason: 'entry' });
    const { threads } = (await dc.threadsRequest()).body;
    expect(threads.map(({ name }) => name)).toEqual(['in #0', 'big #0', 'total #0', 'out #0']);

    const at = await stopped(dc, dc.continueRequest({ threadId: 1 }));
    expect(at).toMatchObject({ reason: 'breakpoint', threadId: 3, hitBreakpointIds: [1] });
    const { stackFrames } = (await dc.stackTraceRequest({ threadId: 3 })).body;
    expect(stackFrames.map(({ line }) => line)).toEqual([TOTAL_LINE, BIG_LINE, IN_LINE]);
    expect(await scope(dc, stackFrames[0]!.id, 'Row')).toMatchObject({ k: '"a"', v: '2', '(change)': '+I' });
    expect(await scope(dc, stackFrames[0]!.id, 'Next step')).toMatchObject({ outcome: 'emitted' });
    expect((await dc.evaluateRequest({ expression: 'v * 10' })).body).toMatchObject({ result: '20', type: 'BIGINT' });
    await expect(dc.evaluateRequest({ expression: 'w' })).rejects.toThrow('w');
    const typed = { text: 'v', column: 2, frameId: stackFrames[0]!.id };
    const { targets } = ((await dc.customRequest('completions', typed)) as DebugProtocol.CompletionsResponse).body;
    expect(targets[0]).toMatchObject({ label: 'v', detail: 'BIGINT', start: 0, length: 1 });

    const { body: again } = await dc.scopesRequest({ frameId: stackFrames[0]!.id });
    const row = again.scopes.find(({ name }) => name === 'Row')!;
    await dc.setVariableRequest({ variablesReference: row.variablesReference, name: 'v', value: '40' });
    await stopped(dc, dc.stepInRequest({ threadId: 3 }));
    expect((await top(dc, 4)).name).toContain('["a",40]');
    expect(await stopped(dc, dc.stepBackRequest({ threadId: 4 }))).toMatchObject({ threadId: 3 });
    expect(await stopped(dc, dc.continueRequest({ threadId: 3 }))).toMatchObject({ reason: 'breakpoint' });
    const { body: states } = await dc.scopesRequest({ frameId: 1 });
    const { variablesReference } = states.scopes.find(({ name }) => name === 'State')!;
    const [table] = (await dc.variablesRequest({ variablesReference })).body.variables;
    const entries = (await dc.variablesRequest({ variablesReference: table!.variablesReference })).body.variables;
    expect(entries.map(({ name }) => name)).toEqual(['a', 'b']);
    const info = await dc.dataBreakpointInfoRequest({ variablesReference: table!.variablesReference, name: 'b' });
    expect(info.body.dataId).toContain('"total"');

    expect(await stopped(dc, dc.reverseContinueRequest({ threadId: 3 }))).toMatchObject({ reason: 'breakpoint' });
    expect((await top(dc, 3)).name).toContain('["a",40]');
    await dc.setBreakpointsRequest({ source: { path: file }, breakpoints: [] });
    expect(await stopped(dc, dc.continueRequest({ threadId: 3 }))).toMatchObject({
      description: 'The input has ended',
    });
    await dc.disconnectRequest();
  });

  it('holds a whole conversation over standard input and output', async () => {
    const { client: dc, file } = await spawnAdapter();
    await dc.initializeRequest();
    await Promise.all([
      dc.waitForEvent('initialized'),
      dc.launchRequest({ program: file, stopOnEntry: false } as never),
    ]);
    const { body } = await dc.setBreakpointsRequest({ source: { path: file }, breakpoints: [{ line: TOTAL_LINE }] });
    expect(body.breakpoints).toMatchObject([{ verified: true }]);
    expect(await stopped(dc, dc.configurationDoneRequest())).toMatchObject({ reason: 'breakpoint', threadId: 3 });
    const frame = await top(dc, 3);
    expect(frame).toMatchObject({ line: TOTAL_LINE, source: { path: file } });
    expect(await scope(dc, frame.id, 'Row')).toMatchObject({ k: '"a"', v: '2' });
    expect((await dc.evaluateRequest({ expression: 'v + 1', frameId: frame.id })).body.result).toBe('3');
    expect(await stopped(dc, dc.stepBackRequest({ threadId: 3 }))).toMatchObject({ reason: 'step', threadId: 2 });
    expect(await stopped(dc, dc.continueRequest({ threadId: 2 }))).toMatchObject({ reason: 'breakpoint' });
    expect(await stopped(dc, dc.reverseContinueRequest({ threadId: 3 }))).toMatchObject({ reason: 'entry' });
    await Promise.all([dc.waitForEvent('terminated'), dc.terminateRequest()]);
    await dc.disconnectRequest();
  });

  it('logs at lines, stops at events and at failures, and says what it cannot do', async () => {
    const { client: dc, file } = await connect();
    await dc.initializeRequest();
    await Promise.all([dc.waitForEvent('initialized'), dc.launchRequest({ stopOnEntry: false } as never)]);
    await dc.setBreakpointsRequest({
      source: { path: file },
      breakpoints: [{ line: BIG_LINE, logMessage: 'saw {k}', hitCondition: '>= 4' }],
    });
    const { body } = await dc.setFunctionBreakpointsRequest({
      breakpoints: [{ name: 'out', hitCondition: '== 3' }, { name: 'state' }, { name: 'big', hitCondition: 'often' }],
    });
    expect(body.breakpoints).toMatchObject([{ verified: true }, { verified: false }, { verified: false }]);
    expect(body.breakpoints[2]!.message).toContain('no hit count');
    // Breakpoints of other files are none of this run's, and leave its own alone.
    const elsewhere = { source: { path: `${file}.other` }, breakpoints: [{ line: 1 }] };
    expect((await dc.setBreakpointsRequest(elsewhere)).body.breakpoints).toMatchObject([{ verified: false }]);
    const [output, at] = await Promise.all([dc.waitForEvent('output'), stopped(dc, dc.configurationDoneRequest())]);
    expect((output as DebugProtocol.OutputEvent).body.output).toBe('saw a\n');
    expect(at.hitBreakpointIds).toEqual([body.breakpoints[0]!.id]);

    // In the console: what the protocol has no words for. It moves the run as the client would.
    const say = async (expression: string): Promise<string> =>
      (await dc.evaluateRequest({ expression, context: 'repl' })).body.result;
    expect(await say(':lineage 5')).toContain('in.out');
    expect(await say(':break total')).toContain('node total');
    expect(await stopped(dc, say(':jump 0'))).toMatchObject({ reason: 'goto', threadId: 1 });
    expect(await stopped(dc, dc.continueRequest({ threadId: 1 }))).toMatchObject({ reason: 'breakpoint', threadId: 3 });
    expect(await say(':quit')).toContain('Stop');
    const names = { text: ':lin', column: 5 };
    const { targets } = ((await dc.customRequest('completions', names)) as DebugProtocol.CompletionsResponse).body;
    expect(targets).toMatchObject([{ label: ':lineage' }]);

    // From the start again, in the way of the launch: it does not stop there.
    const again = dc.customRequest('restart', { arguments: { parallelism: 2 } });
    expect(await stopped(dc, again)).toMatchObject({ reason: 'breakpoint' });
    expect((await dc.threadsRequest()).body.threads.map(({ name }) => name)).toContain('total #1');
    await dc.disconnectRequest();
  });
});
