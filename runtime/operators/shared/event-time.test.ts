import { describe, expect, it } from 'vitest';
import { batchOf } from '../../core/batch.ts';
import type { OperatorContext } from '../../core/operator.ts';
import { schema } from '../../testing/builders.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import type { EventTimeConfig } from './event-time-config.ts';
import { WatermarkGenerator } from './event-time.ts';

const SCHEMA = schema('ts TIMESTAMP');

function start(config: Partial<EventTimeConfig>, hasProgress = true) {
  const clock = new FakeClock(0);
  const events: (number | string)[] = [];
  const context: Partial<OperatorContext> = {
    clock,
    hasProgress,
    setTimer: (at) => clock.setTimer(at),
    emitWatermark: (watermark) => events.push(`w${watermark}`),
    emitIdle: () => events.push('idle'),
  };
  const output = {
    isConnected: true,
    emit: (batch: { eventTimes: Float64Array | null }) => events.push(batch.eventTimes![0]!),
  };
  const full = { field: 'ts', maxOutOfOrdernessMs: 0, idleTimeoutMs: 0, perRow: false, ...config };
  const generator = new WatermarkGenerator(full, SCHEMA, context as OperatorContext, output);
  return { clock, events, generator, advanceTo: (ms: number) => clock.advanceTo(ms, () => generator.onTimer()) };
}

const at = (...times: number[]) =>
  batchOf(
    SCHEMA,
    times.map((time) => [time]),
  );

describe('WatermarkGenerator', () => {
  it('waits for every split, and for none that has ended', () => {
    const { events, generator } = start({ maxOutOfOrdernessMs: 1 });
    const [a, b] = [generator.addSplit(), generator.addSplit()];
    generator.emit(at(100), a);
    generator.emit(at(50), b);
    generator.emit(at(70), b);
    generator.removeSplit(b);
    generator.removeSplit(a);
    expect(events).toEqual([100, 50, 'w49', 70, 'w69', 'w99']);
  });

  it('does not wait for an idle split, and does not go back when it wakes', () => {
    const { events, generator, advanceTo } = start({ idleTimeoutMs: 10 });
    const [a, b] = [generator.addSplit(), generator.addSplit()];
    generator.foundNothing(b);
    generator.emit(at(100), a);
    advanceTo(9);
    expect(events).toEqual([100]);
    advanceTo(10);
    generator.emit(at(20), b);
    generator.emit(at(120), a);
    generator.emit(at(110), b);
    expect(events.slice(1)).toEqual(['w100', 20, 120, 110, 'w110']);
  });

  it('puts times on rows and says nothing in batch mode', () => {
    const { events, generator, advanceTo } = start({ idleTimeoutMs: 10, perRow: true }, false);
    const split = generator.addSplit(5);
    generator.announce();
    generator.emit(at(10, 20, 30), split);
    generator.foundNothing(split);
    advanceTo(1000);
    generator.removeSplit(split);
    expect(events).toEqual([10]);
  });

  it('says once that all are idle', () => {
    const { events, generator, advanceTo } = start({ idleTimeoutMs: 10 });
    const [a, b] = [generator.addSplit(5), generator.addSplit(7)];
    generator.announce();
    generator.foundNothing(a);
    advanceTo(4);
    generator.foundNothing(b);
    advanceTo(30);
    expect(events).toEqual(['w5', 'w7', 'idle']);
  });

  it('only looks at a split that was asked: a source held up by its consumers is not idle', () => {
    const { events, generator, advanceTo } = start({ idleTimeoutMs: 10 });
    const split = generator.addSplit();
    generator.foundNothing(split);
    generator.emit(at(1), split);
    advanceTo(1000);
    expect(events).toEqual([1, 'w1']);
  });

  it('moves row by row over several splits', () => {
    const { events, generator } = start({ perRow: true });
    const [a, b] = [generator.addSplit(), generator.addSplit()];
    generator.emit(at(10, 20), a);
    generator.emit(at(5, 4, 30, 40), b);
    // From 30 on split a holds the watermark back, so the last two rows stay together.
    expect(events).toEqual([10, 5, 'w5', 4, 'w20', 40]);
  });
});
