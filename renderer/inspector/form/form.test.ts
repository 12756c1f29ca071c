import { describe, expect, it } from 'vitest';
import { c, configSpec } from '../../../runtime/core/config.ts';
import { nodeId } from '../../../runtime/core/ids.ts';
import { isWithin, parsePath, printPath, valueAt } from './config-path.ts';
import { missingDefaults } from './missing-defaults.ts';
import { quickFix } from './quick-fix.ts';
import { shownPaths } from './shown-paths.ts';

const text = { label: 'L', help: '' };

describe('config paths', () => {
  it.each(['condition', 'aggregates[1].expr', 'a.b.c', 'cases[10]', ''])('reads what is printed: %s', (path) => {
    expect(printPath(parsePath(path))).toBe(path);
  });

  it('knows what lies inside a place', () => {
    expect(isWithin('fields[1].as', 'fields')).toBe(true);
    expect(isWithin('fields[1].as', 'fields[1]')).toBe(true);
    expect(isWithin('fields[10].as', 'fields[1]')).toBe(false);
    expect(isWithin('fieldsOther', 'fields')).toBe(false);
  });

  it('finds values, and nothing where there are none', () => {
    expect(valueAt({ a: [{ b: 1 }] }, ['a', 0, 'b'])).toBe(1);
    expect(valueAt({ a: [{ b: 1 }] }, ['a', 1, 'b'])).toBeUndefined();
    expect(valueAt('text', ['length'])).toBeUndefined();
  });
});

describe('quickFix', () => {
  const problem = {
    severity: 'error',
    nodeId: nodeId('f'),
    message: 'No field "pagge".',
    suggestion: 'page',
  } as const;

  it('replaces the range that is wrong', () => {
    const fix = quickFix(
      { ...problem, code: 'MR1302', path: 'condition', range: { start: 4, end: 9 } },
      'NOT pagge = 1',
    );
    expect(fix).toMatchObject({ kind: 'replace', path: ['condition'], value: 'NOT page = 1' });
  });

  it('replaces the whole where there is no range', () => {
    expect(quickFix({ ...problem, code: 'MR1403', path: 'groupBy[0]' }, 'pagge')?.value).toBe('page');
  });

  it('removes unknown keys', () => {
    const fix = quickFix({ ...problem, code: 'MR1202', message: 'unknown key "colour"', path: 'window.colour' }, 'red');
    expect(fix).toEqual({ kind: 'remove', text: 'colour', path: ['window', 'colour'], value: undefined });
  });

  it('leaves the rest to a person', () => {
    expect(
      quickFix({ severity: 'error', code: 'MR1306', message: 'BOOLEAN is needed', path: 'condition' }, '1'),
    ).toBeNull();
  });
});

describe('missingDefaults', () => {
  const { fields } = configSpec({
    window: c.withDefault(
      c.object(text, {
        size: c.duration(text),
        inner: c.withDefault(c.object(text, { n: c.integer(text) }), { n: 1 }),
      }),
      {
        size: '1 minute',
      },
    ),
    plain: c.optional(c.object(text, { a: c.text(text) })),
  });

  it('writes the default of a group out before a part of it is changed', () => {
    expect(missingDefaults(fields, {}, ['window', 'size'])).toEqual([
      { path: ['window'], value: { size: '1 minute' } },
    ]);
  });

  it('does so inside groups', () => {
    const config = { window: { size: '2 minutes' } };
    expect(missingDefaults(fields, config, ['window', 'inner', 'n'])).toEqual([
      { path: ['window', 'inner'], value: { n: 1 } },
    ]);
  });

  it('has nothing to do for what is there, has no default, or is changed as a whole', () => {
    expect(missingDefaults(fields, { window: { size: '1 day' } }, ['window', 'size'])).toEqual([]);
    expect(missingDefaults(fields, {}, ['plain', 'a'])).toEqual([]);
    expect(missingDefaults(fields, {}, ['window'])).toEqual([]);
  });
});

describe('shownPaths', () => {
  it('names every row, and the parts that a row speaks for', () => {
    const { fields } = configSpec({
      keys: c.fields(text),
      cases: c.list(text, c.object(text, { port: c.text(text) }), { itemLabel: 'case' }),
      window: c.variant(text, 'type', {
        tumbling: { label: 'T', fields: { size: c.duration(text) } },
        session: { label: 'S', fields: { gap: c.duration(text) } },
      }),
    });
    const config = { keys: ['a'], cases: [{ port: 'x' }], window: { type: 'session', gap: '1 minute' } };
    expect([...shownPaths(fields, config)]).toEqual([
      'keys',
      'keys[0]',
      'cases',
      'cases[0].port',
      'window',
      'window.type',
      'window.gap',
    ]);
  });
});
