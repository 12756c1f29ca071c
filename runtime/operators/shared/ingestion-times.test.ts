import { describe, expect, it } from 'vitest';
import { batchOf } from '../../core/batch.ts';
import type { OperatorContext } from '../../core/operator.ts';
import { schema } from '../../testing/builders.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { IngestionTimes } from './ingestion-times.ts';

const SCHEMA = schema('n INT');

function start(at = 1000, hasProgress = true) {
  const clock = new FakeClock(at);
  const events: string[] = [];
  const context: Partial<OperatorContext> = {
    clock,
    hasProgress,
    setTimer: (time) => clock.setTimer(time),
    emitWatermark: (watermark) => events.push(`w${watermark}`),
  };
  const output = {
    isConnected: true,
    emit: (batch: { eventTimes: Float64Array | null }) => events.push(`[${batch.eventTimes!.join(' ')}]`),
  };
  const times = new IngestionTimes(context as OperatorContext, output);
  return { clock, events, times, advanceTo: (ms: number) => clock.advanceTo(ms, () => times.onTimer()) };
}

const rows = (count: number) =>
  batchOf(
    SCHEMA,
    Array.from({ length: count }, (_, n) => [n]),
  );

describe('ingestion times', () => {
  it('are the clock, with the watermark a millisecond behind', () => {
    const { events, times, advanceTo } = start();
    const split = times.addSplit();
    times.announce();
    times.emit(rows(2), split);
    advanceTo(1005);
    times.emit(rows(1), split);
    times.emit(rows(0), split);
    expect(events).toEqual(['[1000 1000]', 'w999', '[1005]', 'w1004']);
    expect(split.maxEventTime).toBe(1005);
  });

  it('go on without rows, until rows come again or all splits have ended', () => {
    const { clock, events, times, advanceTo } = start();
    const split = times.addSplit();
    times.foundNothing();
    advanceTo(1450);
    times.emit(rows(1), split);
    advanceTo(2000);
    expect(events).toEqual(['w1199', 'w1399', '[1450]', 'w1449']);
    times.foundNothing();
    times.removeSplit(split);
    advanceTo(9000);
    expect(clock.nextTimer).toBeNull();
    expect(events).toHaveLength(4);
  });

  it('never go back, also not behind those of a restored split', () => {
    const { events, times } = start(1000);
    const split = times.addSplit(5000);
    times.announce();
    times.emit(rows(1), split);
    expect(events).toEqual(['w4999', '[5000]', 'w4999']);
  });

  it('have no watermarks in batch mode', () => {
    const { clock, events, times } = start(1000, false);
    const split = times.addSplit();
    times.announce();
    times.emit(rows(1), split);
    times.foundNothing();
    expect(events).toEqual(['[1000]']);
    expect(clock.nextTimer).toBeNull();
  });
});
