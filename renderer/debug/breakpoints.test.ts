import { expect, it } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import { field, schemaOf } from '../../runtime/core/schema.ts';
import { INT, STRING } from '../../runtime/core/types.ts';
import {
  changed,
  eventPlace,
  isRenamedConfig,
  portPlace,
  removed,
  renamedField,
  toggled,
  withCondition,
  withHits,
  withMessage,
  withRenamedFields,
  withRenamedNode,
} from './breakpoints.ts';

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
  const full = withHits(withCondition(one!, 'v > 1'), { type: 'from', n: 3 });
  expect(full).toMatchObject({ condition: 'v > 1', hits: { type: 'from', n: 3 } });
  expect(withHits(withCondition(full, '  '), { type: 'every', n: 1 })).toEqual(one);
  expect(withHits(full, null)).not.toHaveProperty('hits');
  expect(withHits(full, { type: 'at', n: 1 })).toMatchObject({ hits: { type: 'at', n: 1 } });
});

it('is one breakpoint at a watermark, whatever the time it waits for; and ports have their own', () => {
  const waiting = changed(toggled([], eventPlace('watermark', nodeId('a'))), '1', {
    place: { type: 'watermark', nodeId: nodeId('a'), atLeast: 5 },
  });
  expect(toggled(waiting, eventPlace('watermark', nodeId('a')))).toEqual([]);
  const ports = toggled(toggled([], portPlace('input', nodeId('a'), 'left')), portPlace('input', nodeId('a'), 'right'));
  expect(toggled(ports, at('a')).map(({ place }) => place)).toEqual([
    { type: 'node', nodeId: 'a', port: 'left' },
    { type: 'node', nodeId: 'a', port: 'right' },
    { type: 'node', nodeId: 'a' },
  ]);
});

it('follows nodes and fields that get other names', () => {
  const all = toggled(toggled([], at('a')), { type: 'error', nodeId: null });
  expect(withRenamedNode(all, nodeId('a'), nodeId('c')).map(({ place }) => place.nodeId)).toEqual(['c', null]);
  expect(withRenamedNode(all, nodeId('b'), nodeId('c'))).toBe(all);
  const full = withMessage(withCondition(all[0]!, "v > 1 AND w = 'v'"), 'v is {v + w}');
  const renamed = withRenamedFields(
    full,
    (name) => (name === 'v' ? 'x y' : undefined),
    schemaOf([field('v', INT), field('w', INT)]),
  );
  expect(renamed).toMatchObject({ condition: "`x y` > 1 AND w = 'v'", message: 'v is {`x y` + w}' });
});

it('takes one field that is another in its place for renamed, and other rows for other rows', () => {
  const rows = (...names: readonly string[]) => schemaOf(names.map((name, i) => field(name, i === 0 ? STRING : INT)));
  const rename = renamedField(rows('user', 'n', 'm'), rows('user', 'clicks', 'm'));
  expect(rename).toEqual({ from: 'n', to: 'clicks' });
  expect(renamedField(rows('user', 'n'), rows('page', 'clicks'))).toBeNull();
  expect(renamedField(rows('user', 'n'), schemaOf([field('user', STRING), field('m', STRING)]))).toBeNull();
  const config = (path: string, name: string): object => ({ path, schema: [{ name: 'user' }, { name }] });
  expect(isRenamedConfig(config('n', 'n'), config('n', 'clicks'), rename!)).toBe(true);
  expect(isRenamedConfig(config('a.csv', 'n'), config('b.csv', 'clicks'), rename!)).toBe(false);
  expect(isRenamedConfig(config('a.csv', 'n'), { path: 'a.csv' }, rename!)).toBe(false);
});
