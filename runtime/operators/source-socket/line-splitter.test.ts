import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../../core/utf8.ts';
import { propertyRuns } from '../../testing/property-runs.ts';
import { readLineDelimiter } from './line-delimiter.ts';
import { LineSplitter, MAX_LINE_BYTES } from './line-splitter.ts';

interface Taken {
  readonly text: string;
  readonly problem: string | null;
}

function split(delimiter: string, chunks: readonly Uint8Array[]): Taken[] {
  const taken: Taken[] = [];
  const splitter = new LineSplitter(delimiter, (bytes, problem) => taken.push({ text: decodeUtf8(bytes), problem }));
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return taken;
}

function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length]!;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

describe('LineSplitter', () => {
  it('gives the same lines whatever the chunks and the delimiter', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'ä', '\n', '\r', '|', '\0'), maxLength: 40 });
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(text, sizes, fc.constantFrom('\n', '\0', '||', '\r\n'), (text, sizes, delimiter) => {
        const taken = split(delimiter, cut(encodeUtf8(text), sizes));
        expect(taken.every(({ problem }) => problem === null)).toBe(true);
        if (delimiter === '\n') expect(taken.map((one) => one.text).join('')).toBe(text);
        else {
          const lines = text.split(delimiter);
          expect(taken.map((one) => one.text)).toEqual(lines.at(-1) === '' ? lines.slice(0, -1) : lines);
        }
        if (delimiter === '\n') for (const { text } of taken.slice(0, -1)) expect(text.endsWith('\n')).toBe(true);
      }),
      propertyRuns(200),
    );
  });

  it.each(['\n', '|', '||'])('shows the start of a line that is too long, and goes on behind it (%j)', (delimiter) => {
    const long = 'x'.repeat(MAX_LINE_BYTES);
    const chunks = cut(encodeUtf8(`a${delimiter}${long}yz${delimiter}b${delimiter}`), [50_000]);
    const taken = split(delimiter, chunks);
    expect(taken.map(({ problem }) => problem)).toEqual([
      null,
      `is longer than ${MAX_LINE_BYTES} bytes: the first 65536 are kept`,
      null,
    ]);
    expect(taken[1]!.text).toBe('x'.repeat(65_536));
    expect([taken[0]!.text[0], taken[2]!.text[0]]).toEqual(['a', 'b']);
  });
});

describe('readLineDelimiter', () => {
  it('reads escapes and refuses others', () => {
    expect(readLineDelimiter('\\r\\n')).toBe('\r\n');
    expect(readLineDelimiter('|\\\\\\0')).toBe('|\\\0');
    expect([readLineDelimiter('\\x'), readLineDelimiter('a\\')]).toEqual([null, null]);
  });
});
