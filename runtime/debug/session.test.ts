import { afterEach, describe, expect, it } from 'vitest';
import type { DebugSession } from './index.ts';
import { asNode, brief, named, startSession, type StartedSession } from '../testing/debug-sessions.ts';
import { generator, simulatedNode } from '../testing/simulated-job.ts';
import type { BreakpointRequest } from '../protocol/debug.ts';
import type { AnyOperatorSpec } from '../core/operator.ts';
import { findSpec } from '../operators/catalog.ts';

const open: DebugSession[] = [];
afterEach(async () => {
  for (const session of open.splice(0)) await session.close();
});

async function start(...args: Parameters<typeof startSession>): Promise<StartedSession> {
  const started = await startSession(...args);
  open.push(started.session);
  return started;
}

/** 12 rows of 3 keys, a second apart, of which the even ones are counted in windows of 4 seconds. */
const COUNTED = {
  nodes: [
    generator(
      'in',
      [
        ['k', 'STRING', "CONCAT('k', CAST(n % 3 AS STRING))"],
        ['v', 'BIGINT', 'n'],
        ['ts', 'TIMESTAMP', "TIMESTAMP '1970-01-01 00:00:00' + n * INTERVAL '1' SECOND"],
      ],
      { rows: 12, eventTime: { field: 'ts', maxOutOfOrdernessMs: 0, perRow: true } },
    ),
    simulatedNode('even', 'filter', { condition: 'v % 2 = 0' }),
    simulatedNode('count', 'aggregate.window', {
      groupBy: ['k'],
      window: { type: 'tumbling', size: '4 seconds' },
      aggregates: [
        { as: 'n', fn: 'COUNT', expr: '*' },
        { as: 'total', fn: 'SUM', expr: 'v' },
      ],
    }),
    simulatedNode('out', 'sink.file', { path: 'out', format: 'jsonl' }),
  ],
  edges: [
    { from: 'in', to: 'even' },
    { from: 'even', to: 'count' },
    { from: 'count', to: 'out' },
  ],
};

const stopAt = (place: BreakpointRequest['place'], more: Partial<BreakpointRequest> = {}): BreakpointRequest => ({
  id: 'b',
  place,
  mode: 'enabled',
  ...more,
});

describe('stepping', () => {
  it('follows a row from operator to operator, and says what each does with it', async () => {
    const { session, start: at } = await start(COUNTED);
    expect(brief(at.stop)).toBe('in source  → 1');
    const seen: string[] = [];
    for (let i = 0; i < 6; i++) seen.push(brief(await session.step({ to: 'into' })));
    expect(seen).toEqual([
      'even row ["k0",0,"1970-01-01T00:00:00.000Z"] → 1',
      'count row ["k0",0,"1970-01-01T00:00:00.000Z"] → 0',
      'even watermark 0 → 0',
      'count watermark 0 → 0',
      'out watermark 0 → 0',
      'in source  → 1',
    ]);
  });

  it('goes over, out, and to the next of a kind', async () => {
    const { session } = await start(COUNTED);
    expect(brief(await session.step({ to: 'into' }))).toContain('even row ["k0",0');
    expect(brief(await session.step({ to: 'over' }))).toBe('even watermark 0 → 0');
    expect(brief(await session.step({ to: 'row', nodeId: asNode('count') }))).toContain('count row ["k2",2');
    const stop = await session.step({ to: 'firing' });
    expect(brief(stop)).toMatch(/^count watermark \d+ → [12]$/);
    expect(brief(await session.step({ to: 'row', nodeId: asNode('out') }))).toBe(
      'out row ["k0","1970-01-01T00:00:00.000Z","1970-01-01T00:00:04.000Z",1,0] → 0',
    );
    expect(brief(await session.step({ to: 'out' }))).toContain('out row ["k2"');
    expect(brief(await session.step({ to: 'row' }, 3))).toContain('row');
    await expect(session.step({ to: 'firing', nodeId: asNode('cuont') })).rejects.toThrow('no node "cuont"');
    await expect(session.state(asNode('cuont'))).rejects.toThrow('no node "cuont"');
  });

  it('goes back, and forwards again to the same place', async () => {
    const { session } = await start(COUNTED, { checkpointEvery: 30 });
    const fired = await session.step({ to: 'firing' }, 3);
    const queues = await session.queues();
    const state = await session.state(asNode('count'));
    const back = await session.stepBack(4);
    expect(back.moment).toBeLessThan(fired.moment);
    expect(await session.step({ to: 'into' }, 4)).toMatchObject({ moment: fired.moment, next: fired.next });
    expect(await session.queues()).toEqual(queues);
    expect(await session.state(asNode('count'))).toEqual(state);
    await session.jump(0);
    expect(await session.jump(fired.moment)).toMatchObject({ next: fired.next, last: fired.last });
    expect(await session.queues()).toEqual(queues);
  });

  it('comes to the end, with every row that a real run writes, and writes nothing', async () => {
    const { session, files } = await start(COUNTED);
    const end = await session.resume();
    expect(end).toMatchObject({ reason: 'end', isFinished: true, next: null });
    const plan = await session.plan();
    const rows = (await session.rowsInto(asNode('out'), 100)).map((row) => {
      const { k, window_start, n, total } = named(plan, row);
      return `${String(k)} ${String(window_start).slice(17, 19)} ${String(n)} ${String(total)}`;
    });
    expect(rows.sort()).toEqual(['k0 00 1 0', 'k0 04 1 6', 'k1 04 1 4', 'k1 08 1 10', 'k2 00 1 2', 'k2 08 1 8']);
    expect(files.paths()).toEqual([]);
    expect(await session.writeSink(asNode('out'))).toEqual({ rows: 6 });
    const [path] = files.paths().filter((one) => one.endsWith('.jsonl'));
    expect(files.text(path!).trim().split('\n')).toHaveLength(6);
    await expect(session.writeSink(asNode('even'))).rejects.toThrow('no sink');
  });
});

describe('breakpoints', () => {
  it('stop in front of rows that fit, and count hits', async () => {
    const { session } = await start(COUNTED);
    const hits = { type: 'every', n: 2 } as const;
    await session.setBreakpoints([stopAt({ type: 'node', nodeId: asNode('count') }, { condition: 'v > 2', hits })]);
    expect(brief(await session.resume())).toContain('count row ["k0",6');
    expect(brief(await session.resume())).toContain('count row ["k1",10');
    expect((await session.resume()).reason).toBe('end');
    expect(
      await session.setBreakpoints([stopAt({ type: 'node', nodeId: asNode('count') }, { condition: 'w > 2' })]),
    ).toEqual([{ id: 'b', problem: expect.stringContaining('w'), hits: 0 }]);
  });

  it('stop at timers of event time, and at one hit only', async () => {
    const code = `
export function onRow(row, ctx) { ctx.timers.event(ctx.eventTime + 2000); }
export function onTimer(at, ctx) { if (at < 4000) ctx.emit({ k: ctx.key }); }`;
    const config = { code, keys: ['k'], outputSchema: [{ name: 'k', type: 'STRING' }] };
    const nodes = [COUNTED.nodes[0]!, simulatedNode('later', 'process.js', config), COUNTED.nodes[3]!];
    const edges = [
      { from: 'in', to: 'later' },
      { from: 'later', to: 'out' },
    ];
    const { session } = await start({ nodes, edges });
    await session.setBreakpoints([stopAt({ type: 'timer', nodeId: asNode('later') }, { hits: { type: 'at', n: 3 } })]);
    // The third of them makes no row: it is due all the same.
    expect(brief(await session.resume())).toBe('later watermark 4000 → 0');
    expect(brief(await session.step({ to: 'timer' }))).toBe('later watermark 5000 → 0');
    expect((await session.timeline(0, 1000, 1)).parts[0]?.timers).toBe(4);
    expect((await session.resume()).reason).toBe('end');
  });

  it('stop behind rows that leave a port, and where rows are in its queue', async () => {
    const { session } = await start(COUNTED);
    await session.setBreakpoints([
      stopAt({ type: 'output', nodeId: asNode('even'), port: 'out' }, { condition: 'v = 4' }),
    ]);
    const stop = await session.resume();
    expect(stop).toMatchObject({ reason: 'breakpoint', breakpoints: ['b'] });
    expect(stop.last?.emitted.map(({ values }) => values[1])).toEqual([4]);
    const waiting = (await session.queues()).flatMap(({ elements }) => elements);
    expect(waiting).toContainEqual({
      type: 'row',
      row: expect.objectContaining({ values: ['k1', 4, expect.anything()] }),
    });
  });

  it('stop at firings, watermarks, changes of state, and go back from one to the one before', async () => {
    const { session } = await start(COUNTED, { checkpointEvery: 25 });
    await session.setBreakpoints([stopAt({ type: 'firing', nodeId: null }, { condition: 'total > 3' })]);
    const first = await session.resume();
    expect(first.next?.emitted[0]?.values).toContain(4);
    const second = await session.resume();
    expect(second.next?.emitted.map(({ values }) => values[4])).toEqual([8, 10]);
    expect(await session.reverse()).toMatchObject({ moment: first.moment, reason: 'breakpoint', next: first.next });
    expect(await session.reverse()).toMatchObject({ moment: 0 });
    await session.setBreakpoints([stopAt({ type: 'watermark', nodeId: asNode('count'), atLeast: 5500 })]);
    expect(brief(await session.resume())).toBe('count watermark 6000 → 0');
    await session.jump(0);
    await session.setBreakpoints([stopAt({ type: 'state', nodeId: asNode('count'), key: ['k1'] })]);
    expect(brief(await session.resume())).toContain('count row ["k1",4');
  });

  it('only log, with values', async () => {
    const { session, events } = await start(COUNTED);
    await session.setBreakpoints([
      stopAt(
        { type: 'node', nodeId: asNode('even') },
        { mode: 'log', condition: 'v = 3', message: 'saw {k} with {v * 2}' },
      ),
    ]);
    expect((await session.resume()).reason).toBe('end');
    expect(events.filter(({ type }) => type === 'log')).toMatchObject([{ breakpoint: 'b', message: 'saw k0 with 6' }]);
  });

  it('stop in front of a step that fails; the row can be mended, and the run goes on', async () => {
    const nodes = [
      COUNTED.nodes[0]!,
      simulatedNode('part', 'project', { fields: [{ as: 'q', expr: '100 / (v - 5)' }] }),
      simulatedNode('out', 'sink.print', {}),
    ];
    const edges = [
      { from: 'in', to: 'part' },
      { from: 'part', to: 'out' },
    ];
    const { session } = await start({ nodes, edges });
    const failed = await session.resume();
    expect(failed).toMatchObject({ reason: 'error', next: { nodeId: 'part', error: { code: 'MR2104' } } });
    expect((await session.resume()).moment).toBe(failed.moment);
    expect((await session.explain())?.expressions[0]?.parts).toContainEqual(
      expect.objectContaining({ text: '(v - 5)', value: 0 }),
    );
    const place = { link: 0, fromSubtask: 0, toSubtask: 0, index: 0 };
    await session.editRow(place, { values: ['k2', 6, '1970-01-01T00:00:05Z'] });
    expect((await session.resume()).reason).toBe('end');
    expect(await session.rowsInto(asNode('out'), 100)).toHaveLength(12);
  });
});

describe('looking', () => {
  it('shows queues, state by key, watermarks, and why a row goes no further', async () => {
    const { session } = await start(COUNTED);
    await session.setBreakpoints([stopAt({ type: 'node', nodeId: asNode('even') }, { condition: 'v = 5' })]);
    const stop = await session.resume();
    expect(stop.path.map(({ nodeId }) => nodeId)).toEqual(['in']);
    expect(await session.explain()).toMatchObject({
      outcome: 'dropped',
      expressions: [
        {
          path: 'condition',
          parts: [
            { text: 'v % 2 = 0', value: false },
            { text: 'v % 2', value: 1 },
            { text: 'v', value: 5 },
          ],
        },
      ],
      changes: [],
    });
    expect(await session.evaluate({ expression: 'v * 10' })).toMatchObject([
      { value: 50, type: 'BIGINT' },
      { text: 'v' },
    ]);
    const { tables } = await session.state(asNode('count'));
    expect(tables.flatMap(({ shown }) => shown.map(({ key }) => key[0]))).toEqual(['k1']);
    expect(await session.state(asNode('in'))).toMatchObject({ bytes: 0, tables: [], lists: [] });
    const [watermark] = (await session.watermarks()).filter(({ nodeId }) => nodeId === 'count');
    expect(watermark).toMatchObject({ watermark: 4000, inputs: [{ from: 'even', holdsBack: true }] });
    await session.step({ to: 'row', nodeId: asNode('count') });
    expect(await session.explain()).toMatchObject({ outcome: 'kept', changes: [{ key: ['k0'], before: null }] });
    expect((await session.timeline(0, 1000, 1)).parts[0]).toMatchObject({ errors: 0, late: 0 });
  });

  it('knows a row that goes two ways by what it is on each, also where one hands it on as it came', async () => {
    const nodes = [
      COUNTED.nodes[0]!,
      simulatedNode('all', 'filter', { condition: 'v >= 0' }),
      simulatedNode('passed', 'sink.print', {}),
      simulatedNode('direct', 'sink.print', {}),
    ];
    const edges = [
      { from: 'in', to: 'all' },
      { from: 'all', to: 'passed' },
      { from: 'in', to: 'direct' },
    ];
    for (const schedule of ['downstream-first', 'seeded'] as const) {
      const { session } = await start({ nodes, edges }, { schedule });
      await session.resume();
      const makers = async (sink: string): Promise<string[]> =>
        (await session.rowsInto(asNode(sink), 100)).map(({ nodeId }) => nodeId);
      expect(await makers('direct')).toEqual(Array.from({ length: 12 }, () => 'in'));
      expect(await makers('passed')).toEqual(Array.from({ length: 12 }, () => 'all'));
    }
  });
});

describe('changes by hand', () => {
  it('drop, put in and change rows, and forget what would have come after', async () => {
    const { session } = await start(COUNTED);
    await session.setBreakpoints([stopAt({ type: 'node', nodeId: asNode('count') }, { condition: 'v = 2' })]);
    const stop = await session.resume();
    await session.setBreakpoints([]);
    await session.resume();
    await session.jump(stop.moment);
    const place = { link: 1, fromSubtask: 0, toSubtask: 0, index: 0 };
    expect((await session.dropElement(place)).frontier).toBeLessThan(stop.moment + 3);
    await session.injectRow(1, { values: ['new', 7, null], eventTime: 2000 });
    await session.resume();
    const keys = (await session.rowsInto(asNode('out'), 100)).map(({ values }) => values[0]);
    expect(keys).toContain('new');
    expect(keys.filter((key) => key === 'k2')).toHaveLength(1);
    await expect(session.editRow({ ...place, index: 9 }, { values: [] })).rejects.toThrow('No row waits');
    await session.jump(stop.moment);
    await expect(session.injectRow(1, { values: ['x'], eventTime: 1 })).rejects.toThrow('3 fields');
    await expect(session.injectRow(1, { values: ['x', 'y', null], eventTime: 1 })).rejects.toThrow('no BIGINT');
  });

  it('take a watermark out, and put one in that makes a window fire', async () => {
    const { session } = await start(COUNTED);
    await session.setBreakpoints([stopAt({ type: 'watermark', nodeId: asNode('count'), atLeast: 4000 })]);
    const stop = await session.resume();
    expect(brief(stop)).toBe('count watermark 4000 → 2');
    // Where it still waits.
    await session.jump(stop.moment - 1);
    const place = { link: 1, fromSubtask: 0, toSubtask: 0, index: 0 };
    await session.dropElement(place);
    await expect(session.dropElement(place)).rejects.toThrow('Nothing waits');
    await session.setBreakpoints([stopAt({ type: 'firing', nodeId: null })]);
    // It fires with the next watermark only.
    expect(brief(await session.resume())).toBe('count watermark 5000 → 2');
    await session.jump(0);
    await session.setBreakpoints([stopAt({ type: 'watermark', nodeId: asNode('even'), atLeast: 4000 })]);
    expect(brief(await session.resume())).toBe('even watermark 4000 → 0');
    await expect(session.injectWatermark(1, 3000)).rejects.toThrow('give a later time');
    await session.injectWatermark(1, 4500);
    expect((await session.timeline(0, 1, 1)).changes).toHaveLength(1);
    expect(brief(await session.step({ to: 'firing' }))).toBe('count watermark 4500 → 2');
    await session.setBreakpoints([]);
    expect((await session.resume()).reason).toBe('end');
    await expect(session.injectWatermark(1, 1e15)).rejects.toThrow('at its end');
    await expect(session.injectRow(1, { values: ['x', 1, null], eventTime: 1 })).rejects.toThrow('has ended');
    await expect(session.injectWatermark(9, 1)).rejects.toThrow('no edge 9');
  });

  it('put a row into every subtask of an edge that broadcasts', async () => {
    const findSpecOf = (type: string) =>
      type === 'filter'
        ? ({ ...findSpec(type)!, distribution: () => ({ type: 'broadcast' }) } as AnyOperatorSpec)
        : findSpec(type);
    const { session } = await start({ ...COUNTED, settings: { parallelism: 2 } }, {}, { findSpec: findSpecOf });
    expect((await session.plan()).links[0]).toMatchObject({ to: 'even', exchange: 'broadcast' });
    await session.injectRow(0, { values: ['new', 8, null], eventTime: 1000 });
    const waiting = (await session.queues()).filter(({ link, elements }) => link === 0 && elements.length > 0);
    expect(waiting.map(({ toSubtask }) => toSubtask)).toEqual([0, 1]);
    // One row: it has one id wherever it waits.
    const ids = waiting.map(({ elements: [first] }) => (first?.type === 'row' ? first.row.id : 0));
    expect(ids[0]).toBe(ids[1]);
    await session.resume();
    const rows = await session.rowsInto(asNode('count'), 100);
    expect(rows.filter(({ values }) => values[0] === 'new')).toHaveLength(2);
  });

  it('replays the same input at another parallelism, and with a changed node from the last checkpoint', async () => {
    const { session } = await start(COUNTED, { checkpointEvery: 40 });
    await session.resume();
    const rows = async (): Promise<string[]> =>
      (await session.rowsInto(asNode('out'), 100)).map(({ values }) => JSON.stringify(values)).sort();
    const before = await rows();
    for (const parallelism of [4, 2]) {
      await session.restart({ parallelism, schedule: 'seeded', seed: parallelism });
      expect((await session.plan()).operators.map(({ subtasks }) => subtasks)).toEqual([
        1,
        parallelism,
        parallelism,
        parallelism,
      ]);
      await session.resume();
      expect(await rows()).toEqual(before);
    }
    await session.restart({ parallelism: 1, schedule: 'downstream-first' });
    await session.setBreakpoints([stopAt({ type: 'node', nodeId: asNode('even') }, { condition: 'v = 4' })]);
    await session.resume();
    expect((await session.checkpoint()).next?.kind).toBe('checkpoint');
    await session.setBreakpoints([stopAt({ type: 'node', nodeId: asNode('even') }, { condition: 'v = 6' })]);
    await session.resume();
    await session.setBreakpoints([]);
    const nodes = COUNTED.nodes.map((node) =>
      node.id === 'even' ? { ...node, config: { condition: 'v % 2 = 1' } } : node,
    );
    const text = JSON.stringify({ format: 'millrace/pipeline', version: 1, name: 'changed', ...COUNTED, nodes });
    expect(await session.replaceDocument(text)).toMatchObject({ reason: 'change' });
    await session.resume();
    const totals = (await session.rowsInto(asNode('out'), 100)).map(({ values }) => values[4]);
    // The window from 4 s on has the 4 of before, and of what came after it 5 and 7.
    expect(totals).toEqual([11, 5, 9, 11]);
    await expect(session.replaceDocument('{}')).rejects.toThrow();
  });
});
