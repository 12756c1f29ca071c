import { describe, expect, it } from 'vitest';
import { shape } from '../../testing/builders.ts';
import { FAKE_EPOCH_MS } from '../../testing/fake-clock.ts';
import { createHarness, inferOperator, type HarnessOptions } from '../../testing/operator-harness.ts';
import { createFaultInjector } from './runtime.ts';
import { faultInjectorSpec, type FaultInjectorConfig } from './spec.ts';
import { say } from '../../core/say.ts';

const INPUT = shape('s STRING, n INT');
const at = (row: number) => ({ type: 'row', row });
const often = (probability: number) => ({ type: 'probability', probability });

function open(faults: readonly unknown[], options: Partial<HarnessOptions<FaultInjectorConfig>> = {}) {
  return createHarness({
    spec: faultInjectorSpec,
    create: createFaultInjector,
    config: { faults },
    inputs: [INPUT],
    ...options,
  });
}

const rows = (from: number, count: number) => Array.from({ length: count }, (_, i) => [`row ${from + i}`, from + i]);
const numbersOf = (operator: Awaited<ReturnType<typeof open>>) => operator.rows().map(([, n]) => n);

describe('rows by their number', () => {
  it('are dropped and doubled, over batches, and named in the log', async () => {
    const operator = await open([
      { type: 'drop', when: at(2) },
      { type: 'duplicate', when: at(5) },
    ]);
    operator.push(0, rows(1, 3));
    operator.push(0, rows(4, 3));
    expect(numbersOf(operator)).toEqual([1, 3, 4, 5, 5, 6]);
    expect(operator.logs.map(({ message }) => message)).toEqual([
      'fault injected: drop: row 2',
      'fault injected: duplicate: row 5',
    ]);
  });

  it('are numbered on after a restore', async () => {
    const faults = [{ type: 'drop', when: at(5) }];
    const before = await open(faults);
    before.push(0, rows(1, 3));
    const after = await open(faults, { restoreFrom: [before.snapshot(1)] });
    after.push(0, rows(4, 3));
    expect(numbersOf(after)).toEqual([4, 6]);
  });

  it('hold up those behind them', async () => {
    const operator = await open([
      { type: 'delay', when: at(2), by: '10 seconds' },
      { type: 'delay', when: at(4), by: '1 second' },
      { type: 'drop', when: at(3) },
    ]);
    operator.push(0, rows(1, 5));
    expect(operator.pending).toBe('full');
    expect(numbersOf(operator)).toEqual([1]);
    operator.advanceTo(FAKE_EPOCH_MS + 9_999);
    await operator.turn();
    expect(numbersOf(operator)).toEqual([1]);
    operator.advanceTo(FAKE_EPOCH_MS + 10_000);
    await operator.turn();
    expect(numbersOf(operator)).toEqual([1, 2]);
    await operator.settle();
    expect(operator.clock.now()).toBe(FAKE_EPOCH_MS + 11_000);
    expect(numbersOf(operator)).toEqual([1, 2, 4, 5]);
  });
});

describe('rows by probability', () => {
  it('are about so many, and the same in every run', async () => {
    const run = async (probability: number) => {
      const operator = await open([{ type: 'drop', when: often(probability) }]);
      operator.push(0, rows(0, 2000));
      return numbersOf(operator);
    };
    expect(await run(0)).toHaveLength(2000);
    expect(await run(1)).toEqual([]);
    const half = await run(0.5);
    expect(Math.abs(half.length - 1000)).toBeLessThan(100);
    expect(await run(0.5)).toEqual(half);
  });

  it('are others for each fault', async () => {
    const operator = await open([
      { type: 'drop', when: often(0.5) },
      { type: 'corrupt', when: often(0.5), field: 'n', into: 'null' },
    ]);
    operator.push(0, rows(0, 2000));
    const nulls = numbersOf(operator).filter((n) => n === null).length;
    expect(Math.abs(nulls - 500)).toBeLessThan(100);
    expect(operator.logs.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^fault injected: drop: rows (\d+, ){9}\d+ and \d+ more$/),
      expect.stringMatching(/^fault injected: corrupt: rows /),
    ]);
  });
});

it('replaces a value by another of its type, and by none', async () => {
  const types = 'BOOLEAN, INT, BIGINT, DOUBLE, DECIMAL(4, 2), STRING, BYTES, DATE, TIMESTAMP'.split(/, (?=[A-Z])/);
  const fields = types.map((type, i) => `f${i} ${type}`).join(', ');
  const given = [true, 7, 7, 0, '9.50', 'abc', null, '2026-01-02', '2026-01-02T00:00:00Z'];
  const input = shape(fields);
  const corrupt = (into: string) => types.map((_, i) => ({ type: 'corrupt', when: often(1), field: `f${i}`, into }));
  const other = await open(corrupt('value'), { inputs: [input] });
  other.push(0, [given]);
  const century = 36_525 * 86_400_000;
  expect(other.rows()).toEqual([
    [false, -8, -8n, NaN, -950n, 'cba\uFFFD', null, 20_455 - 36_525, Date.UTC(2026, 0, 2) - century],
  ]);
  const none = await open(corrupt('null'), { inputs: [input] });
  none.push(0, [given]);
  expect(none.rows()).toEqual([types.map(() => null)]);
});

describe('errors', () => {
  const expected = expect.objectContaining({ code: 'MR2130', retryable: true }) as unknown;

  it('are thrown at a row, counted anew after a restore', async () => {
    const faults = [{ type: 'error', when: at(5) }];
    const operator = await open(faults);
    operator.push(0, rows(1, 4));
    const snapshot = operator.snapshot(1);
    expect(() => operator.push(0, rows(5, 1))).toThrow(expected);
    expect(operator.logs).toEqual([{ level: 'warn', message: 'fault injected: error: row 5 since the start' }]);
    const after = await open(faults, { restoreFrom: [snapshot] });
    after.push(0, rows(5, 4));
    expect(() => after.push(0, rows(9, 1))).toThrow(expected);
  });

  it('are thrown with a probability', async () => {
    const operator = await open([{ type: 'error', when: often(0.01) }]);
    expect(() => operator.push(0, rows(0, 2000))).toThrow(expected);
  });

  it('are thrown after a time, rows or not', async () => {
    const operator = await open([{ type: 'error', when: { type: 'time', after: '30 seconds' } }]);
    operator.push(0, rows(0, 10));
    operator.advanceTo(FAKE_EPOCH_MS + 29_999);
    expect(() => operator.advanceTo(FAKE_EPOCH_MS + 30_000)).toThrow(expected);
  });
});

describe('inference', () => {
  const infer = (faults: readonly unknown[], input = INPUT) => inferOperator(faultInjectorSpec, { faults }, [input]);

  it.each([
    ['an error, by a warning', [{ type: 'error', when: at(1) }], INPUT, ['warning MR1530 faults[0]']],
    ['an unknown field', [{ type: 'corrupt', when: at(1), field: 'x' }], INPUT, ['error MR1403 faults[0].field']],
    [
      'NULL where none may be',
      [{ type: 'corrupt', when: at(1), field: 's', into: 'null' }],
      shape('s STRING NOT NULL'),
      ['error MR1203 faults[0].into'],
    ],
    [
      'a field without plain values',
      [{ type: 'corrupt', when: at(1), field: 'a' }],
      shape('a ARRAY<INT>'),
      ['error MR1405 faults[0].field'],
    ],
    [
      'a drop after a time',
      [{ type: 'drop', when: { type: 'time', after: '1 second' } }],
      INPUT,
      ['error MR1201 faults[0].when.type'],
    ],
  ])('reports %s', (_what, faults, input, problems) => {
    const { diagnostics } = infer(faults, input);
    expect(diagnostics.map(({ severity, code, path }) => `${severity} ${code} ${path}`)).toEqual(problems);
  });

  it('numbers rows in one place, and only where their numbers count', () => {
    const traitsOf = (faults: readonly unknown[]) => faultInjectorSpec.traits(infer(faults).config!);
    expect(traitsOf([{ type: 'drop', when: at(1) }])).toMatchObject({ isStateful: true, maxParallelism: 1 });
    expect(traitsOf([{ type: 'drop', when: often(0.5) }])).toMatchObject({ isStateful: false, maxParallelism: null });
    expect(traitsOf([{ type: 'error', when: at(1) }])).toMatchObject({ isStateful: false, maxParallelism: null });
    expect(faultInjectorSpec.describe(infer([{ type: 'drop', when: at(1) }]).config!, say)).toBe('drop');
  });
});
