import fc from 'fast-check';
import { expect, it } from 'vitest';
import { propertyRuns } from '../../testing/property-runs.ts';
import { splitIndex } from './split-index.ts';

it('gives the part that splitting all of the text gives', () => {
  const anyText = fc.array(fc.constantFrom('/', '//', 'a', 'bc', 'é', '😀')).map((parts) => parts.join(''));
  const anySeparator = fc.constantFrom('/', '//', 'a', '');
  fc.assert(
    fc.property(anyText, anySeparator, fc.integer({ min: -1, max: 6 }), (text, separator, index) => {
      const expected = text === '' ? null : (text.split(separator)[index] ?? null);
      expect(splitIndex(text, separator, index)).toBe(expected);
    }),
    propertyRuns(500),
  );
});
