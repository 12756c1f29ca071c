import { expect, it } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import { changed, eventPlace, removed, toggled, withCondition, withHits } from './breakpoints.ts';

const at = (id: string) => ({ type: 'node', nodeId: nodeId(id) }) as const;

it('sets one at a place, and takes it away again', () => {
  const two = toggled(toggled([], at('a')), eventPlace('watermark', nodeId('a')));
  expect(two.map(({ id, place, mode }) => [id, place.type, mode])).toEqual([
    ['1', 'node', 'enabled'],
    ['2', 'watermark', 'enabled'],
  ]);
  const one = toggled(two, at('a'));
  expect(one.map(({ id }) => id)).toEqual(['2']);
  // An id is not given twice: hits are counted by it.
  expect(toggled(one, at('b')).map(({ id }) => id)).toEqual(['2', '3']);
  expect(removed(changed(one, '2', { mode: 'log' }), '2')).toEqual([]);
});

it('leaves out conditions and hit counts that say nothing', () => {
  const [one] = toggled([], at('a'));
  const full = withHits(withCondition(one!, 'v > 1'), 3);
  expect(full).toMatchObject({ condition: 'v > 1', hits: { type: 'from', n: 3 } });
  expect(withHits(withCondition(full, '  '), 1)).toEqual(one);
  expect(withHits(full, NaN)).not.toHaveProperty('hits');
});
