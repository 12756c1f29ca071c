import { describe, expect, it } from 'vitest';
import { StreamError } from '../../core/errors.ts';
import type { Value } from '../../core/types.ts';
import { at, shape } from '../../testing/builders.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import {
  createHarness,
  inferOperator,
  type HarnessOptions,
  type OperatorHarness,
} from '../../testing/operator-harness.ts';
import { createProcessJs } from './runtime.ts';
import { processJsSpec, type ProcessJsConfig } from './spec.ts';

const EVENTS = shape('k STRING, v INT, ts TIMESTAMP', { eventTime: true });
const OUT = [{ name: 'text', type: 'STRING' }];

type Options = Partial<HarnessOptions<ProcessJsConfig>>;

function start(config: object, options: Options = {}): Promise<OperatorHarness> {
  return createHarness({
    spec: processJsSpec,
    create: createProcessJs,
    inputs: [EVENTS],
    ...options,
    config: { outputSchema: OUT, ...config },
  });
}

const second = (n: number): string => new Date(at('2026-01-01T00:00:00Z') + n * 1000).toISOString();
const ms = (n: number): number => at(second(n));

function push(
  harness: OperatorHarness,
  ...rows: readonly (readonly [k: string | null, v: number | null, s: number])[]
) {
  harness.push(
    0,
    rows.map(([k, v, s]) => [k, v, second(s)]),
  );
}

const texts = (harness: OperatorHarness, port = 'out'): unknown[] => harness.rows(port).map(([text]) => text);

/** A function that gives what is emitted as `text` for each row. */
const emitting = (expression: string): string =>
  `export function onRow(row, ctx) { ctx.emit({ text: String(${expression}) }); }`;

describe('rows', () => {
  it('are read as values of their types', async () => {
    const input = shape(
      'b BOOLEAN, i INT, l BIGINT, d DOUBLE, m DECIMAL(10, 2), s STRING, x BYTES, day DATE, ts TIMESTAMP, a ARRAY<DECIMAL(5, 1)>, o MAP<STRING, INT>, r ROW<p INT, q STRING>, `a name` INT',
    );
    const code = `export function onRow(row, ctx) {
      const read = [row.b, row.i, row.l, row.d, row.m, row.s, row.x && row.x[0], row.day, row.ts, row.a && row.a[0],
        row.o && row.o.get('k'), row.r && row.r.q, row['a name']];
      ctx.emit({ text: read.map((value) => typeof value + ' ' + value).join(', ') });
    }`;
    const harness = await start({ code }, { inputs: [input] });
    const cells = [true, 5, 7, 1.5, '12.5', 'é', 'AQ==', '2026-02-03', '2026-01-01T00:00:00Z', ['1.5'], { k: 3 }];
    harness.push(0, [[...cells, { p: 1, q: 'in' }, 9], input.schema.fields.map(() => null)]);
    expect(texts(harness)).toEqual([
      'boolean true, number 5, bigint 7, number 1.5, string 12.50, string é, number 1, string 2026-02-03, number 1767225600000, string 1.5, number 3, string in, number 9',
      input.schema.fields.map(() => 'object null').join(', '),
    ]);
  });

  it('are one object that can be copied by spreading', async () => {
    const code = `let first, copy, object;
      export function onRow(row, ctx) {
        if (first === undefined) [first, copy, object] = [row, { ...row }, row.toObject()];
        else ctx.emit({ text: [first === row, first.k, copy.k, object.k, Object.keys(row)].join(' ') });
      }`;
    const harness = await start({ code });
    push(harness, ['a', 1, 0], ['b', 2, 1]);
    expect(texts(harness)).toEqual(['true b a a k,v,ts']);
  });

  it('are written from values of their types', async () => {
    const code = `export function onRow(row, ctx) {
      ctx.emit({
        b: true, i: -0, l: 9007199254740993n, l2: 5, d: 2, m: 1.005, m2: '7', s: 'x', x: new Uint8Array([1]), day: '2026-02-03',
        t: new Date(5), t2: 6.9, a: [1, null], o: { k: 1 }, o2: new Map([['z', null]]), r: { p: 1 }, unknown: 'ignored', none: null,
      });
    }`;
    const outputSchema = Object.entries({
      ...{ b: 'BOOLEAN', i: 'INT', l: 'BIGINT', l2: 'BIGINT', d: 'DOUBLE', m: 'DECIMAL(10,2)', m2: 'DECIMAL(10,2)' },
      ...{ s: 'STRING', x: 'BYTES', day: 'DATE', t: 'TIMESTAMP', t2: 'TIMESTAMP', a: 'ARRAY<INT>' },
      ...{ o: 'MAP<STRING, INT>', o2: 'MAP<STRING, INT>', r: 'ROW<p INT, q STRING>', none: 'INT' },
    }).map(([name, type]) => ({ name, type }));
    const harness = await start({ code, outputSchema });
    push(harness, ['a', 1, 0]);
    expect(harness.rows()).toEqual([
      [
        ...[true, 0, 9007199254740993n, 5n, 2, 101n, 700n, 'x', Uint8Array.of(1), 20_487, 5, 6, [1, null]],
        ...[new Map([['k', 1]]), new Map([['z', null]]), [1, null], null],
      ] as Value[],
    ]);
  });

  it('go on in batches, in order, however many a row becomes', async () => {
    const code = 'export function onRow(row, ctx) { for (let i = 0; i < row.v; i++) ctx.emit({ text: row.k + i }); }';
    const harness = await start({ code });
    push(harness, ['a', 3000, 0], ['b', 2, 1], ['c', 2100, 2]);
    const names = (k: string, n: number): string[] => Array.from({ length: n }, (_, i) => k + i);
    expect(texts(harness)).toEqual([...names('a', 3000), ...names('b', 2), ...names('c', 2100)]);
    expect(harness.batches('out').every(({ length }) => length <= 2048)).toBe(true);
  });

  it('leave by side outputs', async () => {
    const code = "export function onRow(row, ctx) { ctx.emit('odd', { n: row.v }); ctx.emit('out', { text: row.k }); }";
    const harness = await start({ code, sideOutputs: [{ port: 'odd', schema: [{ name: 'n', type: 'INT' }] }] });
    push(harness, ['a', 1, 0]);
    expect([harness.rows('odd'), harness.rows('out')]).toEqual([[[1]], [['a']]]);
  });
});

describe('event time', () => {
  const times = (harness: OperatorHarness): unknown[] =>
    harness.output('out').map(({ values, eventTime }) => [values[0], (eventTime! - ms(0)) / 1000]);

  it('of a row is that of its row, or another that is not behind the watermark', async () => {
    const code = `export function onRow(row, ctx) {
      ctx.emit({ text: 'as it is' });
      ctx.emit({ text: 'earlier' }, { at: row.ts - 5000 });
      ctx.emit({ text: 'later' }, { at: new Date(row.ts + 5000) });
    }`;
    const harness = await start({ code });
    push(harness, ['a', 1, 3]);
    harness.watermark(ms(10));
    push(harness, ['a', 1, 12], ['late', 1, 4]);
    expect(times(harness)).toEqual([
      ...[
        ['as it is', 3],
        ['earlier', -2],
        ['later', 8],
      ],
      ...[
        ['as it is', 12],
        ['earlier', 10.001],
        ['later', 17],
      ],
      // A late row gives late rows.
      ...[
        ['as it is', 4],
        ['earlier', 4],
        ['later', 9],
      ],
    ]);
  });

  it('of a row made by a timer is that of the timer, or of the clock', async () => {
    const code = `export function onRow(row, ctx) { ctx.timers.event(row.ts + 1000); ctx.timers.processing(ctx.now() + 2000); }
      export function onTimer(at, ctx) { ctx.emit({ text: ctx.timeDomain + ' ' + ctx.eventTime }); }`;
    const clock = new FakeClock(ms(100));
    const harness = await start({ code, keys: ['k'] }, { clock });
    push(harness, ['a', 1, 3]);
    harness.watermark(ms(50));
    harness.advanceTo(ms(102));
    // Set for a time that has gone by: it comes with the next watermark, and does not leave behind the last.
    push(harness, ['a', 1, 4]);
    harness.watermark(ms(200));
    expect(times(harness)).toEqual([
      [`event ${ms(4)}`, 4],
      ['processing null', 102],
      [`event ${ms(5)}`, 50.001],
    ]);
  });

  it('is none where the input has none', async () => {
    const harness = await start(
      { code: emitting('ctx.eventTime') },
      { inputs: [shape('k STRING, v INT, ts TIMESTAMP')] },
    );
    push(harness, ['a', 1, 3]);
    expect(harness.output('out')).toEqual([{ values: ['null'], eventTime: null, kind: 0 }]);
  });
});

describe('state', () => {
  const state = (kind: string, type?: string, ttl?: string): object => ({
    keys: ['k'],
    state: [{ name: 's', kind, ...(type === undefined ? {} : { type }), ...(ttl === undefined ? {} : { ttl }) }],
  });

  it('is a value of each key', async () => {
    const code = `export function onRow(row, ctx) {
      const sum = ctx.state.value('s');
      sum.set((sum.get() ?? 0n) + BigInt(row.v));
      ctx.emit({ text: [ctx.key, sum.get()].join(' ') });
      if (sum.get() > 5n) sum.clear();
    }`;
    const harness = await start({ code, ...state('value', 'BIGINT') });
    push(harness, ['a', 1, 0], ['b', 4, 1], ['a', 2, 2], [null, 9, 3], ['b', 2, 4], ['b', 1, 5]);
    expect(texts(harness)).toEqual(['a 1', 'b 4', 'a 3', ' 9', 'b 6', 'b 1']);
  });

  it('is a list, and a map', async () => {
    const code = `export function onRow(row, ctx) {
      const list = ctx.state.list('l'), map = ctx.state.map('m');
      if (row.v === 0) { list.set(list.get().slice(1)); map.remove('1'); }
      else { list.add(row.v); map.set(String(row.v), { at: row.ts, n: 1n }); }
      ctx.emit({ text: [list.get(), map.keys(), map.has('1'), typeof map.get('2')?.n].join(' ') });
    }`;
    const harness = await start({
      code,
      keys: ['k'],
      state: [
        { name: 'l', kind: 'list', type: 'INT' },
        { name: 'm', kind: 'map' },
      ],
    });
    push(harness, ['a', 1, 0], ['a', 2, 1], ['a', 0, 2]);
    expect(texts(harness)).toEqual(['1 1 true undefined', '1,2 1,2 true bigint', '2 2 false bigint']);
  });

  it('of any data survives a restore as it was', async () => {
    const code = `const data = { n: 5n, list: [1, null, [NaN, -0]], bytes: new Uint8Array([1, 2]), map: new Map([['k', { x: true }]]), gone: undefined };
      const show = (d) => [typeof d.n, d.list[2][0], Object.is(d.list[2][1], -0), d.bytes[1], d.map.get('k').x, 'gone' in d].join(' ');
      export function onRow(row, ctx) {
        const s = ctx.state.value('s');
        if (row.v === 1) s.set(data);
        ctx.emit({ text: show(s.get()) });
      }`;
    const first = await start({ code, ...state('value') });
    push(first, ['a', 1, 0]);
    const second = await start({ code, ...state('value') }, { restoreFrom: [first.snapshot(1)] });
    push(second, ['a', 2, 1]);
    expect([...texts(first), ...texts(second)]).toEqual(Array(2).fill('bigint NaN true 2 true false'));
  });

  it('is what was set, whatever becomes of the object', async () => {
    const code = `export function onRow(row, ctx) {
      const s = ctx.state.value('s');
      const counts = s.get() ?? { n: 0 };
      counts.n++;
      if (row.v === 1) s.set(counts);
      counts.n = 100;
      ctx.emit({ text: String(s.get()?.n) });
    }`;
    const harness = await start({ code, ...state('value') });
    push(harness, ['a', 0, 0], ['a', 1, 1], ['a', 0, 2], ['a', 1, 3]);
    expect(texts(harness)).toEqual(['undefined', '1', '1', '2']);
  });

  it('is forgotten after its TTL', async () => {
    const code = `export function onRow(row, ctx) {
      const s = ctx.state.value('s');
      ctx.emit({ text: String(s.get()) });
      s.set(row.v);
    }`;
    const clock = new FakeClock();
    const harness = await start({ code, ...state('value', 'INT', '5 seconds') }, { clock });
    push(harness, ['a', 1, 0]);
    harness.advanceTo(clock.now() + 4000);
    push(harness, ['a', 2, 0]);
    harness.advanceTo(clock.now() + 6000);
    push(harness, ['a', 3, 0]);
    expect(texts(harness)).toEqual(['undefined', '1', 'undefined']);
  });

  it('has the key of several fields as an object', async () => {
    const harness = await start({ code: emitting('JSON.stringify(ctx.key)'), keys: ['v', 'k'] });
    push(harness, ['a', 1, 0]);
    expect(texts(harness)).toEqual(['{"v":1,"k":"a"}']);
  });
});

describe('timers', () => {
  const LOG =
    "export function onTimer(at, ctx) { ctx.emit({ text: ctx.key + ' ' + (at - START) / 1000 }); more(at, ctx); }";
  const timers = (onRow: string, more = ''): object => ({
    keys: ['k'],
    code: `const START = ${ms(0)};
      export function onRow(row, ctx) { ${onRow} }
      function more(at, ctx) { ${more} }
      ${LOG}`,
  });

  it('fire in the order of their times, each once, under their keys', async () => {
    const harness = await start(timers('ctx.timers.event(row.ts + row.v * 1000)'));
    push(harness, ['a', 9, 0], ['b', 1, 0], ['a', 5, 0], ['b', 0, 1], ['c', 50, 0]);
    harness.watermark(ms(9) - 1);
    expect(texts(harness)).toEqual(['b 1', 'a 5']);
    harness.watermark(ms(9));
    harness.end();
    expect(texts(harness)).toEqual(['b 1', 'a 5', 'a 9', 'c 50']);
  });

  it('see what the one before set and deleted, though all were due', async () => {
    const harness = await start(
      timers(
        'ctx.timers.event(row.ts)',
        `const second = (at - START) / 1000;
         if (ctx.key === 'a' && second === 1) { ctx.timers.event(at + 1000); ctx.timers.deleteEvent(at + 2000); ctx.timers.event(at + 3000); }`,
      ),
    );
    push(harness, ['a', 0, 1], ['a', 0, 3], ['a', 0, 4], ['b', 0, 1], ['b', 0, 2], ['b', 0, 5]);
    harness.end();
    expect(texts(harness).sort()).toEqual(['a 1', 'a 2', 'a 4', 'b 1', 'b 2', 'b 5']);
  });

  it('in processing time come with the clock, also after a restore', async () => {
    const clock = new FakeClock(ms(0));
    const config = timers('ctx.timers.processing(ctx.now() + row.v * 1000)');
    const first = await start(config, { clock });
    push(first, ['a', 1, 0], ['b', 5, 0], ['c', 9, 0]);
    first.advanceTo(ms(2));
    const second = await start(config, { clock, restoreFrom: [first.snapshot(1)] });
    second.advanceTo(ms(6));
    // The rest comes at the end: nothing is lost.
    second.end();
    expect([texts(first), texts(second)]).toEqual([['a 1'], ['b 5', 'c 9']]);
  });

  it('that set the next one end where the watermark says so', async () => {
    const harness = await start(
      timers('ctx.timers.event(row.ts)', 'if (ctx.watermark < Infinity) ctx.timers.event(at + 1000);'),
    );
    push(harness, ['a', 0, 0]);
    harness.watermark(ms(3));
    harness.end();
    expect(texts(harness)).toEqual(['a 0', 'a 1', 'a 2', 'a 3', 'a 4']);
  });

  it('in processing time that set the next one end with the input', async () => {
    const harness = await start(timers('ctx.timers.processing(ctx.now())', 'ctx.timers.processing(at + 1000);'));
    push(harness, ['a', 0, 0]);
    harness.end();
    expect(texts(harness)).toHaveLength(1);
  });
});

describe('the code', () => {
  it('is opened before the first row and ended after the last timer', async () => {
    const code = `let rows = 0;
      export function onOpen(ctx) { ctx.log('open', { at: ctx.watermark, n: 5n }, new Map([[1, 2]])); console.warn('w'); }
      export const onRow = (row, ctx) => { rows++; };
      function last({ emit, now }) { emit({ text: 'rows ' + rows }); }
      export { last as onEnd };`;
    const harness = await start({ code });
    push(harness, ['a', 1, 0], ['b', 1, 0]);
    harness.end();
    expect(texts(harness)).toEqual(['rows 2']);
    expect(harness.logs.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'info open {"at":null,"n":"5n"} [[1,2]]',
      'warn w',
    ]);
  });

  it('has the clock and the random numbers of the job, and nothing of Node', async () => {
    const code = `export function onRow(row, ctx) {
      const kinds = [typeof process, typeof require, typeof setTimeout, typeof fetch, typeof Promise, typeof WeakRef, typeof Buffer];
      const dates = [Date.now(), +new Date(), new Date(5).getTime(), new Date() instanceof Date];
      let evaluated = 'nothing';
      try { evaluated = eval('1'); } catch { /* refused */ }
      ctx.emit({ text: [...dates, ...new Set(kinds), evaluated].join(' ') });
    }`;
    const harness = await start({ code }, { clock: new FakeClock(77) });
    push(harness, ['a', 1, 0]);
    expect(texts(harness)).toEqual(['77 77 5 true undefined nothing']);
    const draw = async (): Promise<unknown> => {
      const one = await start({ code: emitting('Math.random()') }, { seed: 5 });
      push(one, ['a', 1, 0]);
      return texts(one)[0];
    };
    expect(await draw()).toBe(await draw());
  });
});

describe('what goes wrong', () => {
  const KEYED = { keys: ['k'], state: [{ name: 's', kind: 'value', type: 'INT' }] };
  const row = (body: string): string => `// a line\nexport function onRow(row, ctx) {\n  ${body}\n}`;

  it.each<[what: string, config: object, code: string, message: string]>([
    [
      'an error',
      { code: row('row.k.nosuch.thing;') },
      'MR2301',
      "onRow threw TypeError: Cannot read properties of undefined (reading 'thing') (line 3, column 16)",
    ],
    [
      'an error of its own',
      { code: row("throw new Error('no!');") },
      'MR2301',
      'onRow threw Error: no! (line 3, column 9)',
    ],
    ['a text thrown', { code: row("throw 'no!';") }, 'MR2301', 'onRow threw no!'],
    [
      'an error in a function',
      { code: `${row('help(row);')}\nfunction help(row) {\n\n    null.x;\n}` },
      'MR2301',
      "onRow threw TypeError: Cannot read properties of null (reading 'x') (line 7, column 10)",
    ],
    [
      'a name that is not there',
      { code: row('setTimeout(1);') },
      'MR2301',
      'onRow threw ReferenceError: setTimeout is not defined (line 3, column 3)',
    ],
    [
      'no end of calls',
      { code: row('onRow(row, ctx);') },
      'MR2301',
      'onRow threw RangeError: Maximum call stack size exceeded (line 3, column 3)',
    ],
    [
      'a row that is none',
      { code: row('ctx.emit(5);') },
      'MR2302',
      'onRow: a row for "out" must be an object, and is the number 5 (line 3, column 7)',
    ],
    [
      'a value of another type',
      { code: row('ctx.emit({ text: 1.5 });') },
      'MR2302',
      'onRow: field "text" of a row for "out" is the number 1.5, where STRING is expected (line 3, column 7)',
    ],
    [
      'a value that is missing',
      { code: row('ctx.emit({});'), outputSchema: [{ name: 'n', type: 'INT', nullable: false }] },
      'MR2302',
      'onRow: field "n" of a row for "out" is missing, where INT NOT NULL is expected (line 3, column 7)',
    ],
    [
      'a misspelt field',
      { code: row("ctx.emit({ txt: '' });") },
      'MR2302',
      'onRow: a row for "out" has "txt", which its schema has not: its fields are text (line 3, column 7)',
    ],
    [
      'an output that is not there',
      { code: row("const port = 'nosuch'; ctx.emit(port, {});") },
      'MR2303',
      'onRow: there is no output "nosuch"; outputs are out (line 3, column 30)',
    ],
    [
      'no time',
      { code: row("ctx.emit({ text: '' }, { at: 'noon' });") },
      'MR2302',
      'onRow: a row was emitted at the text "noon", which is no time (line 3, column 7)',
    ],
    [
      'state without keys',
      { code: row('const { state } = ctx;') },
      'MR2303',
      'onRow: ctx.state belongs to a key: choose "keys" (line 3, column 11)',
    ],
    [
      'timers without keys',
      { code: row('ctx.timers.event(5);') },
      'MR2303',
      'onRow: ctx.timers belongs to a key: choose "keys" (line 3, column 14)',
    ],
    [
      'a timer that nobody takes',
      { ...KEYED, code: row('ctx.timers.event(5);') },
      'MR2303',
      'onRow: there is no onTimer to be called: export one (line 3, column 14)',
    ],
    [
      'a timer at no time',
      { ...KEYED, code: row("ctx.timers.event('x');") },
      'MR2303',
      'onRow: a timer is set at a time in ms, not at the text "x" (line 3, column 14)',
    ],
    [
      'a state that is not there',
      { ...KEYED, code: row("const name = 't'; ctx.state.value(name);") },
      'MR2303',
      'onRow: there is no value state the text "t": declared are "s" (line 3, column 31)',
    ],
    [
      'a value that its state cannot hold',
      { ...KEYED, code: row("ctx.state.value('s').set('x');") },
      'MR2302',
      'onRow: state "s" was given the text "x", where INT is expected (line 3, column 24)',
    ],
    [
      'a function in a state',
      { ...KEYED, state: [{ name: 's', kind: 'value' }], code: row("ctx.state.value('s').set({ f: onRow });") },
      'MR2302',
      'onRow: state "s" was given an object, where data (see the docs on state) is expected (line 3, column 24)',
    ],
    [
      'a change of the row',
      { code: row('row.k = 1;') },
      'MR2301',
      'onRow threw TypeError: Cannot set property k of [object Object] which has only a getter (line 3, column 9)',
    ],
  ])('%s', async (_what, config, code, message) => {
    const harness = await start(config);
    const error = thrownBy(() => push(harness, ['a', 1, 0]));
    expect({ code: error.code, message: error.message }).toEqual({ code, message });
    expect([error.domain, error.retryable]).toEqual(['user', false]);
  });

  it('at the top of the code, in onOpen, onTimer and onEnd', async () => {
    const NONE = 'export function onRow() {}';
    await expect(start({ code: `${NONE}\nnosuch();` })).rejects.toThrow(
      'the code threw ReferenceError: nosuch is not defined (line 2, column 1)',
    );
    await expect(start({ code: `${NONE}\nexport function onOpen(ctx) { ctx.emit({}); }` })).rejects.toThrow(
      'onOpen: ctx.emit is for onRow, onTimer and onEnd (line 2, column 35)',
    );
    const end = await start({ code: `${NONE}\nexport function onEnd(ctx) { ctx.key; }`, keys: ['k'] });
    expect(thrownBy(() => end.end()).message).toBe(
      'onEnd: ctx.key belongs to a key, and there is none here (line 2, column 34)',
    );
    const timer = await start({
      code: 'export function onRow(row, ctx) { ctx.timers.event(1); }\nexport function onTimer() { throw new RangeError("r"); }',
      keys: ['k'],
    });
    push(timer, ['a', 1, 0]);
    expect(thrownBy(() => timer.end()).message).toBe('onTimer threw RangeError: r (line 2, column 35)');
  });

  it('nothing of a row that is refused is written, though the code goes on', async () => {
    const code = row("try { ctx.emit({ a: 1, b: 'x' }); } catch { ctx.emit({ a: 2, b: 2 }); }");
    const outputSchema = ['a', 'b'].map((name) => ({ name, type: 'INT' }));
    const harness = await start({ code, outputSchema });
    push(harness, ['a', 1, 0]);
    expect(harness.rows()).toEqual([[2, 2]]);
  });
});

function thrownBy(call: () => void): StreamError {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(StreamError);
    return error as StreamError;
  }
  throw new Error('nothing was thrown');
}

describe('the check before the run', () => {
  const NONE = 'export function onRow() {}';
  const check = (config: object) =>
    inferOperator(processJsSpec, { code: NONE, outputSchema: OUT, ...config }, [EVENTS]).diagnostics.map(
      ({ code, message, path, range }) => ({
        code,
        message,
        path,
        ...(range === undefined ? {} : { at: range.start }),
      }),
    );

  it.each<[config: object, code: string, message: string, path: string, at?: number]>([
    [{ code: 'export function onRow( {' }, 'MR1701', 'Unexpected token', 'code', 23],
    [{ code: '' }, 'MR1702', 'the code exports no onRow: write "export function onRow(row, ctx) { … }"', 'code', 0],
    [
      { code: `import x from 'x';\n${NONE}` },
      'MR1702',
      'the code cannot import: it sees JavaScript itself, the row and the context',
      'code',
      0,
    ],
    [{ code: `${NONE}\nimport('x');` }, 'MR1702', 'the code cannot import', 'code', 27],
    [
      { code: `export default 5;\n${NONE}` },
      'MR1702',
      'export handlers by name: onOpen, onRow, onTimer, onEnd',
      'code',
      0,
    ],
    [
      { code: `export const onrow = 1;\n${NONE}` },
      'MR1702',
      '"onrow" is no handler; handlers are onOpen, onRow, onTimer, onEnd',
      'code',
      0,
    ],
    [
      { code: 'export async function onRow() {}' },
      'MR1702',
      'the code cannot wait: rows are handled one after the other',
      'code',
      7,
    ],
    [
      { code: 'export function* onRow() {}' },
      'MR1702',
      'onRow cannot be a generator: it emits through ctx.emit',
      'code',
      7,
    ],
    [
      { code: `${NONE}\nexport function onTimer() {}` },
      'MR1702',
      'timers belong to keys: choose "keys", or take onTimer away',
      'keys',
    ],
    [{ state: [{ name: 's', kind: 'value' }] }, 'MR1702', 'state belongs to keys, and there are none', 'state'],
    [
      { code: `${NONE}\nconst f = (ctx) => ctx.state.list('s');`, keys: ['k'], state: [{ name: 's', kind: 'value' }] },
      'MR1702',
      'state "s" is declared as a value, not a list',
      'code',
      61,
    ],
    [
      { code: `${NONE}\nconst f = (ctx) => ctx.state.list('s');`, keys: ['k'] },
      'MR1702',
      'there is no state "s": declare it under "state"',
      'code',
      61,
    ],
    [
      { code: "export function onRow(row, ctx) { ctx.emit('x', {}); }" },
      'MR1702',
      'there is no output "x"; outputs are out',
      'code',
      43,
    ],
    [{ keys: ['nosuch'] }, 'MR1403', 'the input has no field "nosuch"', 'keys[0]'],
    [{ outputSchema: [...OUT, ...OUT] }, 'MR1402', 'there are two fields "text"', 'outputSchema[1].name'],
    [{ sideOutputs: [{ port: 'out', schema: OUT }] }, 'MR1203', 'there is another output "out"', 'sideOutputs[0].port'],
  ])('%j', (config, code, message, path, at) => {
    expect(check(config)).toEqual([{ code, message, path, ...(at === undefined ? {} : { at }) }]);
  });

  it('leaves statements apart that exports stood between', async () => {
    const code = `let n = 0\nfunction row(row, ctx) { ctx.emit({ text: String(n) }) }\nn = 5\nexport { row as onRow }\n(() => { n++ })()`;
    const harness = await start({ code });
    push(harness, ['a', 1, 0]);
    expect(texts(harness)).toEqual(['6']);
  });
});
