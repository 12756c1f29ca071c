import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeText, encodeText } from './text-codec.ts';

const message = fc.letrec((tie) => ({
  leaf: fc.oneof(fc.string(), fc.double(), fc.integer(), fc.bigInt(), fc.boolean(), fc.constant(null), fc.uint8Array()),
  tree: fc.oneof(
    { maxDepth: 4 },
    tie('leaf'),
    fc.array(tie('tree')),
    fc.array(fc.tuple(tie('leaf'), tie('tree'))).map((entries) => new Map(entries)),
    fc.dictionary(fc.oneof(fc.constantFrom('$bigint', '$map', '$object', '$x'), fc.string()), tie('tree'), {
      noNullPrototype: true,
    }),
  ),
})).tree;

it('carries every value over text unchanged', () => {
  fc.assert(
    fc.property(message, (value) => {
      expect(decodeText(encodeText(value))).toEqual(value);
    }),
  );
});

it('takes broken text for no message', () => {
  expect(decodeText('{"$bigint":"x"}')).toBeUndefined();
  expect(decodeText('{"a":')).toBeUndefined();
});
