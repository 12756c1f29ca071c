import { describe, expect, it } from 'vitest';
import { DELETE, INSERT, UPDATE_AFTER, UPDATE_BEFORE, type ChangeKind } from '../../core/batch.ts';
import { batch, shape } from '../../testing/builders.ts';
import { createHarness, inferOperator, type HarnessSnapshot } from '../../testing/operator-harness.ts';
import { createSinkDashboard } from './runtime.ts';
import { sinkDashboardSpec } from './spec.ts';

const FIELDS = 'name STRING, value INT';

function tile(view: Record<string, unknown>, options: { history?: number; restoreFrom?: HarnessSnapshot[] } = {}) {
  const { history, ...rest } = options;
  return createHarness({
    spec: sinkDashboardSpec,
    create: createSinkDashboard,
    config: { view, ...(history === undefined ? {} : { history }) },
    inputs: [shape(FIELDS, { changelog: 'update' })],
    ...rest,
  });
}

type Tile = Awaited<ReturnType<typeof tile>>;

function shown({ view }: Tile): unknown[][] {
  const rows = view!.rows();
  return Array.from({ length: rows.length }, (_, i) => rows.row(i));
}

/** `+I A 10`, … */
function changes(...rows: [ChangeKind, string, number][]) {
  return batch(
    FIELDS,
    rows.map(([, name, value]) => [name, value]),
    undefined,
    rows.map(([kind]) => kind),
  );
}

const BARS = { kind: 'bar', category: 'name', value: 'value' };
const NUMBER = { kind: 'number', value: 'value' };

describe('sink.dashboard', () => {
  it('keeps the latest row of each key, and what is taken back goes', async () => {
    const bars = await tile(BARS);
    bars.push(0, changes([INSERT, 'A', 1], [INSERT, 'B', 2], [UPDATE_BEFORE, 'A', 1], [UPDATE_AFTER, 'A', 3]));
    expect(shown(bars)).toEqual([
      ['B', 2],
      ['A', 3],
    ]);
    bars.push(0, changes([DELETE, 'B', 2], [DELETE, 'C', 9]));
    expect(shown(bars)).toEqual([['A', 3]]);
  });

  it('keeps a key whose new place in a ranking comes before its old one is taken back', async () => {
    const bars = await tile(BARS);
    bars.push(0, changes([INSERT, 'A', 10], [INSERT, 'B', 9]));
    bars.push(
      0,
      changes([UPDATE_BEFORE, 'A', 10], [UPDATE_AFTER, 'B', 11], [UPDATE_BEFORE, 'B', 9], [UPDATE_AFTER, 'A', 10]),
    );
    expect(shown(bars)).toEqual([
      ['B', 11],
      ['A', 10],
    ]);
  });

  it('keeps the last rows of a number, not those that updates take back', async () => {
    const number = await tile(NUMBER, { history: 3 });
    number.push(0, changes([INSERT, '', 1], [UPDATE_BEFORE, '', 1], [UPDATE_AFTER, '', 2]));
    number.push(0, changes([INSERT, '', 3], [INSERT, '', 4]));
    expect(shown(number).map(([, value]) => value)).toEqual([2, 3, 4]);
    number.push(0, changes(...[5, 6, 7, 8, 9].map((n): [ChangeKind, string, number] => [INSERT, '', n])));
    expect(shown(number).map(([, value]) => value)).toEqual([7, 8, 9]);
  });

  it('lets the oldest keys go beyond its history', async () => {
    const bars = await tile(BARS, { history: 2 });
    for (let i = 0; i < 9; i++) bars.push(0, changes([INSERT, `k${i}`, i]));
    expect(shown(bars)).toEqual([
      ['k7', 7],
      ['k8', 8],
    ]);
  });

  it.each([BARS, NUMBER])('shows after a restore what it showed before, and goes on: $kind', async (view) => {
    const before = await tile(view, { history: 3 });
    before.push(0, changes([INSERT, 'A', 1], [INSERT, 'B', 2]));
    const restored = await tile(view, { history: 3, restoreFrom: [before.snapshot(1)] });
    expect(shown(restored)).toEqual(shown(before));
    restored.push(0, changes([INSERT, 'C', 3], [INSERT, 'D', 4]));
    expect(shown(restored).map(([name]) => name)).toEqual(['B', 'C', 'D']);
  });

  it('says that something changed', async () => {
    const number = await tile(NUMBER);
    const { version } = number.view!;
    number.push(0, changes([INSERT, '', 1]));
    expect(number.view!.version).toBeGreaterThan(version);
  });

  it.each([
    [{ kind: 'bar', category: 'nome', value: 'value' }, ['MR1403 view.category']],
    [{ kind: 'bar', category: 'name', value: 'name' }, ['MR1405 view.value']],
    [{ kind: 'line', values: ['value'] }, ['MR1501 view.time']],
    [{ kind: 'line', time: 'value', values: ['value'] }, ['MR1405 view.time']],
    [{ kind: 'line', time: 'ts', values: ['value', 'value'], series: 'name' }, ['MR1203 view.values']],
    [{ kind: 'gauge', value: 'value', min: 5, max: 5 }, ['MR1203 view.max']],
    [{ kind: 'table', columns: ['name', 'x'] }, ['MR1403 view.columns[1]']],
    [{ kind: 'world', longitude: 'value', latitude: 'name' }, ['MR1405 view.latitude']],
    [{ kind: 'line', time: 'ts', values: ['value'], series: 'name' }, []],
  ])('checks its fields: %j', (view, expected) => {
    const { diagnostics } = inferOperator(sinkDashboardSpec, { view }, [shape(`${FIELDS}, ts TIMESTAMP`)]);
    expect(diagnostics.map(({ code, path }) => `${code} ${path}`)).toEqual(expected);
  });
});
