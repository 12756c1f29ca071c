import { describe, expect, it } from 'vitest';
import { shape } from '../../testing/builders.ts';
import { createHarness, inferOperator, type OperatorHarness } from '../../testing/operator-harness.ts';
import { createRoute } from './runtime.ts';
import { routeSpec } from './spec.ts';

const NUMBERS = shape('n INT, d INT');

function route(cases: readonly { port: string; condition: string }[], connected?: readonly string[]) {
  return createHarness({
    spec: routeSpec,
    create: createRoute,
    config: { cases },
    inputs: [NUMBERS],
    ...(connected === undefined ? {} : { connected }),
  });
}

function push(harness: OperatorHarness, ...numbers: readonly (readonly [number | null, number | null])[]): void {
  harness.push(0, numbers);
}

function numbersByPort(harness: OperatorHarness): Record<string, readonly unknown[]> {
  return Object.fromEntries(
    Object.keys(harness.plan.outputs).map((port) => [port, harness.rows(port).map(([n]) => n)]),
  );
}

describe('route', () => {
  it('sends every row to the port of the first case that fits', async () => {
    const harness = await route([
      { port: 'small', condition: 'n < 10' },
      { port: 'even', condition: 'n % 2 = 0' },
    ]);
    push(harness, [2, 0], [20, 0], [21, 0], [null, 0], [3, 0]);
    expect(numbersByPort(harness)).toEqual({ small: [2, 3], even: [20], otherwise: [21, null] });
  });

  it('lets cases share a port, the default one among them, in the order of the rows', async () => {
    const harness = await route([
      { port: 'ends', condition: 'n < 10' },
      { port: 'otherwise', condition: 'n < 20' },
      { port: 'ends', condition: 'n < 40' },
    ]);
    push(harness, [30, 0], [5, 0], [15, 0], [50, 0], [39, 0], [1, 0]);
    expect(numbersByPort(harness)).toEqual({ ends: [30, 5, 39, 1], otherwise: [15, 50] });
  });

  it('lets a case guard those after it', async () => {
    const harness = await route([
      { port: 'undefined', condition: 'd = 0' },
      { port: 'large', condition: 'n / d > 5' },
      { port: 'rest', condition: 'n / d >= 0' },
    ]);
    push(harness, [100, 10], [1, 0], [4, 2], [null, 1], [0, 0], [60, 5]);
    expect(numbersByPort(harness)).toEqual({ undefined: [1, 0], large: [100, 60], rest: [4], otherwise: [null] });
  });

  it('fails when nothing guards a condition that cannot be computed', async () => {
    const harness = await route([{ port: 'large', condition: 'n / d > 5' }]);
    expect(() => push(harness, [1, 0])).toThrow();
  });

  it('leaves out ports that nobody reads', async () => {
    const harness = await route([{ port: 'small', condition: 'n < 10' }], ['small']);
    push(harness, [1, 0], [11, 0]);
    expect(numbersByPort(harness)).toEqual({ small: [1], otherwise: [] });
  });

  it.each([
    [undefined, ['otherwise']],
    ['no list', ['otherwise']],
    [
      [null, {}, { port: '' }, { port: 7 }, { port: 'a' }],
      ['a', 'otherwise'],
    ],
    [
      [{ port: 'b' }, { port: 'a' }, { port: 'b' }, { port: 'otherwise' }],
      ['b', 'a', 'otherwise'],
    ],
  ])('has ports under the half-edited cases %j', (cases, ports) => {
    expect(routeSpec.ports({ cases }).outputs.map((port) => port.name)).toEqual(ports);
  });

  it('reports a wrong condition at its case', () => {
    const cases = [
      { port: 'a', condition: 'n > 1' },
      { port: 'b', condition: 'n' },
    ];
    const { diagnostics, outputs } = inferOperator(routeSpec, { cases }, [NUMBERS]);
    expect(diagnostics).toEqual([expect.objectContaining({ code: 'MR1306', path: 'cases[1].condition' })]);
    expect(Object.keys(outputs)).toEqual(['a', 'b', 'otherwise']);
  });
});
