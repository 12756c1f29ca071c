import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { c, checkConfig, configSpec } from '../core/config.ts';
import { anyVariantOf } from './config-variants.ts';
import { propertyRuns } from './property-runs.ts';

const text = (label: string) => ({ label, help: label });

const spec = configSpec({
  name: c.text(text('Name')),
  fast: c.withDefault(c.flag(text('Fast')), false),
  limit: c.optional(c.integer(text('Limit'), { min: 1 })),
  window: c.variant(text('Window'), 'type', {
    fixed: { label: 'Fixed', fields: { size: c.duration(text('Size')) } },
    moving: { label: 'Moving', fields: { size: c.duration(text('Size')), slide: c.duration(text('Slide')) } },
  }),
  cases: c.list(text('Cases'), c.object(text('Case'), { kind: c.choice(text('Kind'), { a: 'A', b: 'B' }) }), {
    itemLabel: 'case',
  }),
});

const raw = { name: 'n', window: { type: 'fixed', size: '7 seconds' }, cases: [{ kind: 'a' }] };

describe('anyVariantOf', () => {
  it('draws configs that fit the form, limits aside', () => {
    fc.assert(
      fc.property(anyVariantOf(spec.fields, raw), (variant) => {
        const codes = checkConfig(spec, variant).problems.map((problem) => problem.code);
        expect(codes.filter((code) => code !== 'MR1203' && code !== 'MR1201')).toEqual([]);
        expect(variant.name).toBe('n');
      }),
      propertyRuns(100),
    );
  });

  it('takes every case, keeping what the cases share', () => {
    const drawn = fc.sample(anyVariantOf(spec.fields, raw), { numRuns: 200, seed: 1 });
    const windows = drawn.map((variant) => variant.window as Record<string, unknown>);
    expect(windows.some((window) => window.type === 'moving' && window.size === '7 seconds')).toBe(true);
    expect(drawn.some((variant) => variant.limit === 5)).toBe(true);
    expect(drawn.some((variant) => variant.fast === true)).toBe(true);
    expect(drawn.some((variant) => variant.fast === undefined)).toBe(true);
  });
});
