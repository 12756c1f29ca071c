import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../core/config.ts';
import { at, shape } from '../../testing/builders.ts';
import { FAKE_EPOCH_MS } from '../../testing/fake-clock.ts';
import { createHarness, inferOperator, type HarnessSnapshot } from '../../testing/operator-harness.ts';
import { createWatermark } from './runtime.ts';
import { watermarkSpec } from './spec.ts';

const input = shape('id INT, ts TIMESTAMP');

function open(eventTime: Record<string, unknown>, restoreFrom?: readonly HarnessSnapshot[]) {
  return createHarness({
    spec: watermarkSpec,
    create: createWatermark,
    config: { eventTime: { field: 'ts', ...eventTime } },
    inputs: [input],
    ...(restoreFrom === undefined ? {} : { restoreFrom }),
  });
}

describe('watermark', () => {
  it('follows the latest row, less the out-of-orderness, after each batch', async () => {
    const operator = await open({ maxOutOfOrdernessMs: 10 });
    operator.push(0, [
      [1, 100],
      [2, 300],
      [3, 200],
    ]);
    operator.push(0, [[4, 50]]);
    operator.push(0, [[5, 301]]);
    expect(operator.watermarks()).toEqual([290, 291]);
    expect(operator.output().map((row) => row.eventTime)).toEqual([100, 300, 200, 50, 301]);
  });

  it('moves behind every row when told so', async () => {
    const operator = await open({ perRow: true });
    operator.push(0, [
      [1, 100],
      [2, 90],
      [3, 300],
      [4, 200],
    ]);
    const seen = operator.events.map((event) =>
      event.type === 'row' ? event.row.values[0] : event.type === 'watermark' ? `w${event.watermark}` : 'idle',
    );
    expect(seen).toEqual([1, 'w100', 2, 3, 'w300', 4]);
  });

  it('swallows the watermarks of its input but the last', async () => {
    const operator = await open({});
    operator.watermark(at('2030-01-01T00:00:00Z'));
    operator.push(0, [[1, 100]]);
    operator.end();
    expect(operator.watermarks()).toEqual([100, Infinity]);
  });

  it('is idle after its time-out, from the start and between rows', async () => {
    const operator = await open({ idleTimeoutMs: 1000 });
    operator.advanceTo(FAKE_EPOCH_MS + 999);
    expect(operator.events).toEqual([]);
    operator.advanceTo(FAKE_EPOCH_MS + 1000);
    operator.push(0, [[1, 100]]);
    operator.advanceTo(FAKE_EPOCH_MS + 5000);
    expect(operator.events.map((event) => event.type)).toEqual(['idle', 'row', 'watermark', 'idle']);
  });

  it('says again after a restore how far it had come', async () => {
    const first = await open({});
    first.push(0, [[1, 500]]);
    const second = await open({}, [first.snapshot(1)]);
    expect(second.watermarks()).toEqual([500]);
  });

  it('stops at a row without event time, and shows it', async () => {
    const operator = await open({});
    expect(() => operator.push(0, [[7, null]])).toThrow(
      expect.objectContaining({
        code: 'MR2103',
        message: 'the event-time field "ts" is NULL in the row id = 7, ts = null',
      }),
    );
  });

  it.each([{ alignment: { group: 'g', maxDriftMs: 1 } }, { time: 'ingestion' }])(
    'refuses what only a source can do: %o',
    (eventTime) => {
      const raw = { eventTime: { field: 'ts', ...eventTime } };
      expect(checkConfig(watermarkSpec.config, raw).problems).toMatchObject([
        { code: 'MR1202', path: `eventTime.${Object.keys(eventTime)[0]}` },
      ]);
    },
  );

  it.each([
    ['id', 'MR1502'],
    ['none', 'MR1403'],
  ])('reports %s as event time', (field, code) => {
    const { diagnostics } = inferOperator(watermarkSpec, { eventTime: { field } }, [input]);
    expect(diagnostics).toMatchObject([{ code, path: 'eventTime.field' }]);
  });
});
