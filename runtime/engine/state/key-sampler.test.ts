import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import { BIGINT, STRING } from '../../core/types.ts';
import { batch } from '../../testing/builders.ts';
import { KeySampler } from './key-sampler.ts';

describe('KeySampler', () => {
  it('finds the keys with most rows, in about their share, among many that come once', () => {
    const fields = [
      { name: 'page', type: STRING, nullable: false },
      { name: 'n', type: BIGINT, nullable: false },
    ];
    const sampler = new KeySampler(fields);
    const random = seededRandom(7);
    let rare = 0;
    const schema = { fields };
    for (let i = 0; i < 200; i++) {
      const rows = Array.from({ length: 2000 }, () => {
        const at = random();
        return at < 0.3 ? ['/home', 1n] : at < 0.4 ? ['/cart', 2n] : [`/item/${rare++}`, 3n];
      });
      sampler.offer(batch(schema, rows).columns, 2000);
    }
    const [first, second, third] = sampler.top(3);
    expect([first!.values, second!.values]).toEqual([
      ['/home', 1],
      ['/cart', 2],
    ]);
    expect(first!.rows / sampler.sampled).toBeCloseTo(0.3, 1);
    expect(second!.rows / sampler.sampled).toBeCloseTo(0.1, 1);
    expect(third!.rows).toBeLessThan(second!.rows / 10);
    expect(sampler.sampled).toBeGreaterThan(400_000 / 80);
    expect(sampler.sampled).toBeLessThan(400_000 / 50);
  });
});
