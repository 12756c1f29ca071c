import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { c, checkConfig, configLeaves, configSpec, defaultConfig } from './config.ts';
import { BOOLEAN } from './types.ts';

const text = { label: 'L', help: 'H' };
const spec = configSpec({
  condition: c.expression(text, { expects: BOOLEAN }),
  window: c.variant(text, 'type', {
    tumbling: { label: 'Tumbling', fields: { size: c.duration(text) } },
    session: { label: 'Session', fields: { gap: c.duration(text) } },
  }),
  rows: c.optional(c.integer(text, { min: 1 })),
  lateness: c.withDefault(c.duration(text), '0 seconds'),
  columns: c.columns(text),
});

const good = {
  condition: 'a > 1',
  window: { type: 'tumbling', size: '1 minute' },
  columns: [{ name: 'a', type: 'DECIMAL(4,1)' }],
};

describe('config', () => {
  it('takes the default case of a variant whose tag is left out', () => {
    const times = configSpec({
      time: c.variant(
        text,
        'by',
        { field: { label: 'Field', fields: { name: c.text(text) } }, clock: { label: 'Clock', fields: {} } },
        { defaultCase: 'field' },
      ),
    });
    const check = (time: unknown) => checkConfig(times, { time });
    expect(check({ name: 'a' }).value).toEqual({ time: { by: 'field', name: 'a' } });
    expect(check({ by: 'clock' }).value).toEqual({ time: { by: 'clock' } });
    expect(check({}).problems).toMatchObject([{ path: 'time.name' }]);
    expect(check({ by: 'clock', name: 'a' }).problems).toMatchObject([{ code: 'MR1202', path: 'time.name' }]);
    expect(check({ by: 'sun' }).problems).toEqual([
      { code: 'MR1201', path: 'time.by', message: "Invalid discriminator value. Expected 'field' | 'clock'" },
    ]);
    expect(configLeaves(times.fields, { time: { name: 'a' } })).toMatchObject([{ path: ['time', 'name'], value: 'a' }]);
  });

  it('turns durations into ms and types into types, and fills in defaults', () => {
    expect(checkConfig(spec, good).value).toEqual({
      condition: 'a > 1',
      window: { type: 'tumbling', size: 60_000 },
      rows: null,
      lateness: 0,
      columns: [{ name: 'a', type: { kind: 'DECIMAL', precision: 4, scale: 1 }, nullable: true }],
    });
  });

  it.each([
    [{ ...good, window: { type: 'tumbling', size: 'soon' } }, 'MR1203', 'window.size'],
    [{ ...good, columns: [{ name: 'a', type: 'VARCHAR' }] }, 'MR1401', 'columns[0].type'],
    [{ ...good, columns: [] }, 'MR1203', 'columns'],
    [{ ...good, rows: 0 }, 'MR1203', 'rows'],
    [{ ...good, colour: 'red' }, 'MR1202', 'colour'],
    [{ ...good, condition: 5 }, 'MR1201', 'condition'],
  ])('names code and place of a mistake (%#)', (raw, code, path) => {
    const { value, problems } = checkConfig(spec, raw);
    expect(value).toBeNull();
    expect(problems.map((p) => [p.code, p.path])).toContainEqual([code, path]);
  });

  it('starts a new node with what has no default', () => {
    expect(defaultConfig(spec.fields)).toEqual({
      condition: '',
      window: { type: 'tumbling', size: '1 minute' },
      columns: [],
    });
  });

  it('finds every leaf with its form', () => {
    expect(configLeaves(spec.fields, good).map((leaf) => [leaf.path.join('.'), leaf.form.widget])).toEqual([
      ['condition', 'expression'],
      ['window.size', 'duration'],
      ['columns.0.name', 'text'],
      ['columns.0.type', 'data-type'],
    ]);
  });

  it('has a JSON Schema', () => {
    const schema = z.toJSONSchema(spec.schema, { io: 'input', unrepresentable: 'any' });
    expect(schema).toMatchObject({
      type: 'object',
      required: ['condition', 'window', 'columns'],
      additionalProperties: false,
    });
  });
});
