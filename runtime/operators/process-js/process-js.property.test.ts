/** State and timers against a naive interpreter: rows say what to do with the state of their key, restores happen anywhere. */
import fc, { type Arbitrary } from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { hashRows, keyGroupOf, subtaskOfKeyGroup } from '../../core/hash.ts';
import { RocksDbFixture } from '../../engine/state/rocksdb/rocksdb-fixture.ts';
import { batch, shape } from '../../testing/builders.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import {
  createHarness,
  type HarnessBackend,
  type HarnessSnapshot,
  type OperatorHarness,
} from '../../testing/operator-harness.ts';
import { propertyRuns } from '../../testing/property-runs.ts';
import { createProcessJs } from './runtime.ts';
import { processJsSpec } from './spec.ts';

const INPUT = shape('k STRING, op STRING, n INT', { eventTime: true });

const CODE = `
function act(op, n, ctx) {
  const { value, list, map } = { value: ctx.state.value('v'), list: ctx.state.list('l'), map: ctx.state.map('m') };
  switch (op) {
    case 'add': { const v = value.get() ?? { sum: 0 }; v.sum += n; value.set(v); break; }
    case 'clear': value.clear(); list.clear(); break;
    case 'push': list.add(BigInt(n)); break;
    case 'shift': list.set(list.get().slice(1)); break;
    case 'put': map.set('m' + n % 3, n); break;
    case 'remove': map.remove('m' + n % 3); break;
    case 'event': ctx.timers.event(n); break;
    case 'processing': ctx.timers.processing(n); break;
    case 'deleteEvent': ctx.timers.deleteEvent(n); break;
    case 'deleteProcessing': ctx.timers.deleteProcessing(n); break;
  }
}
function report(what, ctx) {
  const entries = ctx.state.map('m').keys().sort().map((key) => key + '=' + ctx.state.map('m').get(key));
  const sum = ctx.state.value('v').get()?.sum ?? 'none';
  ctx.emit({ text: [ctx.key, what, sum, ctx.state.list('l').get(), entries].join(' ') });
}
export function onRow(row, ctx) {
  act(row.op, row.n, ctx);
  report(row.op + row.n, ctx);
}
export function onTimer(at, ctx) {
  report(ctx.timeDomain + at, ctx);
  ctx.state.list('l').add(BigInt(at));
  if (at % 2 === 0) ctx.timers.event(at + 3);
  if (at % 5 === 0) ctx.timers.deleteEvent(at + 1);
  if (at % 7 === 0) ctx.timers.processing(at + 2);
}`;
const CONFIG = {
  code: CODE,
  keys: ['k'],
  outputSchema: [{ name: 'text', type: 'STRING' }],
  state: [
    { name: 'v', kind: 'value' },
    { name: 'l', kind: 'list', type: 'BIGINT' },
    { name: 'm', kind: 'map', type: 'INT' },
  ],
};

interface Row {
  readonly k: string;
  readonly op: string;
  readonly n: number;
}

type Step =
  | { readonly rows: readonly Row[] }
  | { readonly watermark: number }
  | { readonly clock: number }
  | { readonly restoreAt: number; readonly backend: HarnessBackend };

type Timers = Map<number, number>;

/** One key: all that is kept for it, and timers with when they were set. */
class KeyModel {
  sum: number | null = null;
  list: number[] = [];
  readonly map = new Map<string, number>();
  readonly timers: Readonly<Record<'event' | 'processing', Timers>> = { event: new Map(), processing: new Map() };
}

class Model {
  readonly #keys = new Map<string, KeyModel>();
  #hasEnded = false;

  row({ k, op, n }: Row): string {
    const key = this.#keys.get(k) ?? new KeyModel();
    this.#keys.set(k, key);
    this.#act(key, op, n);
    return this.#report(k, `${op}${n}`);
  }

  /** Of all keys, as a key's own timers fire by time. */
  fire(domain: 'event' | 'processing', time: number): string[] {
    this.#hasEnded ||= time === Infinity;
    return [...this.#keys].flatMap(([k, key]) => {
      const fired: string[] = [];
      for (;;) {
        const due = [...key.timers[domain].keys()].filter((at) => at <= time).sort((a, b) => a - b);
        if (due.length === 0) return fired;
        const at = due[0]!;
        key.timers[domain].delete(at);
        fired.push(this.#report(k, `${domain}${at}`));
        key.list.push(at);
        if (at % 2 === 0) key.timers.event.set(at + 3, 0);
        if (at % 5 === 0) key.timers.event.delete(at + 1);
        if (at % 7 === 0 && !this.#hasEnded) key.timers.processing.set(at + 2, 0);
      }
    });
  }

  get hasEventTimers(): boolean {
    return [...this.#keys.values()].some(({ timers }) => timers.event.size > 0);
  }

  #act(key: KeyModel, op: string, n: number): void {
    switch (op) {
      case 'add':
        key.sum = (key.sum ?? 0) + n;
        break;
      case 'clear':
        key.sum = null;
        key.list = [];
        break;
      case 'push':
        key.list.push(n);
        break;
      case 'shift':
        key.list.shift();
        break;
      case 'put':
        key.map.set(`m${n % 3}`, n);
        break;
      case 'remove':
        key.map.delete(`m${n % 3}`);
        break;
      case 'event':
      case 'processing':
        key.timers[op].set(n, 0);
        break;
      case 'deleteEvent':
        key.timers.event.delete(n);
        break;
      case 'deleteProcessing':
        key.timers.processing.delete(n);
    }
  }

  #report(k: string, what: string): string {
    const { sum, list, map } = this.#keys.get(k)!;
    const entries = [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, n]) => `${name}=${n}`);
    return [k, what, sum ?? 'none', list, entries].join(' ');
  }
}

const OPS = [
  ...['add', 'clear', 'push', 'shift', 'put', 'remove'],
  ...['event', 'event', 'processing', 'processing', 'deleteEvent', 'deleteProcessing'],
];

function anySteps(backend: Arbitrary<HarnessBackend>): Arbitrary<readonly Step[]> {
  const row = fc.record({
    k: fc.constantFrom('a', 'b', 'c', 'd'),
    op: fc.constantFrom(...OPS),
    n: fc.integer({ min: 1, max: 40 }),
  });
  const step: Arbitrary<Step> = fc.oneof(
    { weight: 6, arbitrary: fc.record({ rows: fc.array(row, { minLength: 1, maxLength: 12 }) }) },
    { weight: 2, arbitrary: fc.record({ watermark: fc.integer({ min: 1, max: 40 }) }) },
    { weight: 2, arbitrary: fc.record({ clock: fc.integer({ min: 1, max: 40 }) }) },
    { weight: 2, arbitrary: fc.record({ restoreAt: fc.integer({ min: 1, max: 3 }), backend }) },
  );
  return fc.array(step, { maxLength: 16 });
}

/** By step, the lines of each key in order. */
type Seen = readonly Readonly<Record<string, readonly string[]>>[];

async function runOperator(steps: readonly Step[], backend: HarnessBackend): Promise<Seen> {
  const clock = new FakeClock(0);
  const start = (parallelism: number, on: HarnessBackend, restoreFrom: readonly HarnessSnapshot[]) =>
    Promise.all(
      Array.from({ length: parallelism }, (_, subtask) =>
        createHarness({
          ...{ spec: processJsSpec, create: createProcessJs, config: CONFIG, inputs: [INPUT] },
          // Each has its own: a clock fires the timers of one.
          ...{ subtask, parallelism, backend: on, restoreFrom, clock: new FakeClock(clock.now()) },
        }),
      ),
    );
  let subtasks = await start(1, backend, []);
  let watermark = -Infinity;
  const seen: Record<string, string[]>[] = [];
  for (const step of steps) {
    const before = subtasks.map((harness) => harness.output().length);
    if ('restoreAt' in step) {
      const snapshots = subtasks.map((harness) => harness.snapshot(1));
      for (const harness of subtasks) harness.close();
      subtasks = await start(step.restoreAt, step.backend, snapshots);
      // A source sends them again, and timers that were set for a time gone by come due.
      if (watermark > -Infinity) for (const harness of subtasks) harness.watermark(watermark);
      seen.push(linesSince(subtasks, []));
      continue;
    }
    if ('rows' in step) {
      subtasks.forEach((harness, i) => {
        const rows = step.rows.filter(({ k }) => subtaskOf(k, subtasks.length) === i);
        if (rows.length > 0) push(harness, rows);
      });
    } else if ('clock' in step) {
      clock.advanceTo(Math.max(step.clock, clock.now()), () => {});
      for (const harness of subtasks) harness.advanceTo(clock.now());
    } else {
      watermark = Math.max(watermark, step.watermark);
      for (const harness of subtasks) harness.watermark(step.watermark);
    }
    seen.push(linesSince(subtasks, before));
  }
  const before = subtasks.map((harness) => harness.output().length);
  for (const harness of subtasks) harness.end();
  seen.push(linesSince(subtasks, before));
  for (const harness of subtasks) harness.close();
  return seen;
}

function runModel(steps: readonly Step[]): Seen {
  const model = new Model();
  let watermark = -Infinity;
  let clock = 0;
  const seen: Record<string, string[]>[] = [];
  for (const step of steps) {
    if ('restoreAt' in step) seen.push(byKey(watermark > -Infinity ? model.fire('event', watermark) : []));
    else if ('rows' in step) seen.push(byKey(step.rows.map((row) => model.row(row))));
    else if ('clock' in step) {
      clock = Math.max(clock, step.clock);
      seen.push(byKey(model.fire('processing', clock)));
    } else {
      const isRisen = step.watermark > watermark;
      watermark = Math.max(watermark, step.watermark);
      seen.push(byKey(isRisen ? model.fire('event', watermark) : []));
    }
  }
  const last: string[] = [];
  do last.push(...model.fire('event', Infinity), ...model.fire('processing', Infinity));
  while (model.hasEventTimers);
  return [...seen, byKey(last)];
}

function linesSince(subtasks: readonly OperatorHarness[], before: readonly number[]): Record<string, string[]> {
  return byKey(
    subtasks.flatMap((harness, i) =>
      harness
        .rows()
        .slice(before[i])
        .map(([text]) => text as string),
    ),
  );
}

function byKey(lines: readonly string[]): Record<string, string[]> {
  const keys: Record<string, string[]> = {};
  for (const line of lines) (keys[line[0]!] ??= []).push(line);
  return keys;
}

function push(harness: OperatorHarness, rows: readonly Row[]): void {
  const cells = rows.map(({ k, op, n }) => [k, op, n]);
  harness.push(
    0,
    batch(
      INPUT.schema,
      cells,
      rows.map(({ n }) => n),
    ),
  );
}

function subtaskOf(k: string, parallelism: number): number {
  const hash = new Int32Array(1);
  hashRows([batch('k STRING', [[k]]).columns[0]!], 1, hash);
  return subtaskOfKeyGroup(keyGroupOf(hash[0]!), parallelism);
}

async function check(steps: readonly Step[], backend: HarnessBackend): Promise<void> {
  expect(await runOperator(steps, backend)).toEqual(runModel(steps));
}

describe('state and timers are those of a naive interpreter', () => {
  it('in memory, and where entries move', async () => {
    const backend = fc.constantFrom<HarnessBackend>('memory', 'moving');
    await fc.assert(fc.asyncProperty(anySteps(backend), backend, check), propertyRuns(150));
  });

  describe('in RocksDB', () => {
    const rocksdb = new RocksDbFixture(0);
    afterAll(() => rocksdb.close());

    it('and from there to memory and back', async () => {
      const onDisk: HarnessBackend = (options) => rocksdb.backend(options);
      const backend = fc.constantFrom<HarnessBackend>(onDisk, onDisk, 'memory');
      await fc.assert(
        fc.asyncProperty(anySteps(backend), backend, check).afterEach(() => rocksdb.closeBackends()),
        propertyRuns(25),
      );
    });
  });
});
