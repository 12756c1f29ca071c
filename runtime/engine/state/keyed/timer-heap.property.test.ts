import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../core/random.ts';
import { propertyRuns } from '../../../testing/property-runs.ts';
import { TimerHeap } from './timer-heap.ts';

interface Timer {
  readonly key: number;
  readonly at: number;
}

/** Many steps from one seed: a heap shows its mistakes when it is deep. */
function run(seed: number, keys: number, times: number): void {
  const random = seededRandom(seed);
  const heap = new TimerHeap();
  let model: Timer[] = [];
  for (let step = 0; step < 600; step++) {
    const key = Math.floor(random() * keys);
    const at = Math.floor(random() * times) - 5;
    const known = model.findIndex((timer) => timer.key === key && timer.at === at);
    const chance = random();
    if (chance < 0.7) {
      expect(heap.add(key, at)).toBe(known < 0);
      if (known < 0) model.push({ key, at });
    } else if (chance < 0.95) {
      expect(heap.remove(key, at)).toBe(known >= 0);
      if (known >= 0) model.splice(known, 1);
    } else {
      const room = 1 + Math.floor(random() * 20);
      const due = model.filter((timer) => timer.at <= at).sort((a, b) => a.at - b.at);
      const [ats, slots] = [new Float64Array(room), new Int32Array(room)];
      const count = heap.take(at, ats, slots);
      const expected = due.slice(0, room);
      expect(Array.from({ length: count }, (_, i) => ({ key: slots[i]!, at: ats[i]! }))).toEqual(expected);
      model = model.filter((timer) => !expected.includes(timer));
    }
    expect(heap.size).toBe(model.length);
    expect(heap.nextAt).toBe(model.reduce((first, timer) => Math.min(first, timer.at), Infinity));
  }
}

describe('a heap of timers', () => {
  it('gives them by time, then by making, each key and time once', () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(1, 20, 1000), fc.constantFrom(3, 40, 100_000), run),
      propertyRuns(60),
    );
  });

  it('holds 0 and -0 for the same time, and times without end', () => {
    const heap = new TimerHeap();
    expect([heap.add(1, 0), heap.add(1, -0), heap.add(1, Infinity), heap.add(2, Infinity)]).toEqual([
      true,
      false,
      true,
      true,
    ]);
    const [ats, slots] = [new Float64Array(9), new Int32Array(9)];
    expect(heap.take(0, ats, slots)).toBe(1);
    expect(heap.take(Infinity, ats, slots)).toBe(2);
    expect([...slots.subarray(0, 2)]).toEqual([1, 2]);
    expect(heap.take(Infinity, ats, slots)).toBe(0);
  });
});
