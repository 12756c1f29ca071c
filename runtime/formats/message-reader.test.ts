import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchOf, BatchBuilder } from '../core/batch.ts';
import { schemaOf } from '../core/schema.ts';
import type { Value } from '../core/types.ts';
import { BIGINT, STRING } from '../core/types.ts';
import { encodeUtf8 } from '../core/utf8.ts';
import { anyRow, anySchema } from '../testing/arbitraries.ts';
import { createMessageReader, type MessageOptions } from './message-reader.ts';
import { createRowWriter } from './row-writer.ts';

const schema = schemaOf([{ name: 'id', type: BIGINT, nullable: true }]);
const text = schemaOf([{ name: 'text', type: STRING, nullable: true }]);

interface Read {
  readonly rows: readonly (readonly Value[])[];
  readonly rejected: readonly (readonly [line: number, reason: string])[];
  /** Number of the line behind the last one. */
  readonly line: number;
}

/** All rows of the messages, some at a time. */
function read(options: Partial<MessageOptions>, messages: readonly string[], limit = 100): Read {
  const reader = createMessageReader({ format: 'json', framing: 'document', schema, ...options });
  const builder = new BatchBuilder(options.schema ?? schema);
  const rejected: (readonly [number, string])[] = [];
  for (const message of messages) {
    reader.start(encodeUtf8(message));
    while (reader.read(builder, limit) === limit);
    rejected.push(...reader.takeRejected().map(({ line, reason }) => [line, reason] as const));
  }
  const batch = builder.finish();
  return { rows: Array.from({ length: batch.length }, (_, i) => batch.row(i)), rejected, line: reader.line };
}

describe('createMessageReader', () => {
  it.each([1, 2, 100])('reads an object, an array and lines of JSON, %d rows at a time', (limit) => {
    const messages = ['{"id":1}', '[{"id":2},{"id":9007199254740993}]', '{"id":4}\n{"id":5}', '[]', '', '{\n"id":\n6}'];
    const { rows, rejected } = read({}, messages, limit);
    expect(rows.flat()).toEqual([1n, 2n, 9007199254740993n, 4n, 5n, 6n]);
    expect(rejected).toEqual([]);
  });

  it('says which element or line of JSON is bad', () => {
    expect(read({}, ['[{"id":1},2,{"id":"x"}]']).rejected).toEqual([
      [2, 'is not a JSON object'],
      [3, '"id" is not a BIGINT: x'],
    ]);
    const { rejected, line } = read({}, ['{"id":1}\n{"id":1.5}\n{']);
    expect(rejected.map(([at]) => at)).toEqual([2, 3]);
    expect(line).toBe(3);
    expect(read({}, ['7', '"a"', '[1']).rejected.map(([at]) => at)).toEqual([1, 1, 1]);
  });

  it('finds columns of CSV by a header, and says what it lacks', () => {
    const options = { format: 'csv', header: true } as const;
    expect(read(options, ['x,id\n,1\n,2\n', 'id\n3']).rows.flat()).toEqual([1n, 2n, 3n]);
    expect(read(options, ['x\n1\n', 'id\n3'])).toMatchObject({
      rows: [[3n]],
      rejected: [[1, expect.stringContaining('the header has no column "id"')]],
    });
  });

  it('takes a line of CSV for a row whatever its quotes', () => {
    const options = { format: 'csv', schema: text, header: false } as const;
    expect(read({ ...options, framing: 'lines' }, ['"a\nb"\n"c"\n'])).toMatchObject({
      rows: [['b"'], ['c']],
      rejected: [[1, 'a quote is not closed']],
    });
    expect(read({ ...options, framing: 'document' }, ['"a\nb"\n"c"\n']).rows.flat()).toEqual(['a\nb', 'c']);
  });

  it('takes raw messages as they are, or line by line', () => {
    const options = { format: 'raw', schema: text } as const;
    expect(read(options, ['a\nb\n', '']).rows.flat()).toEqual(['a\nb\n', '']);
    expect(read({ ...options, framing: 'lines' }, ['a\r\n\nb'], 1)).toMatchObject({
      rows: [['a'], [''], ['b']],
      line: 4,
    });
  });

  it('reads as an array what was written as lines', () => {
    const tables = anySchema(4, 2).chain((schema) =>
      fc.record({ schema: fc.constant(schema), rows: fc.array(anyRow(schema), { maxLength: 8 }) }),
    );
    fc.assert(
      fc.property(tables, fc.integer({ min: 1, max: 4 }), ({ schema, rows }, limit) => {
        const writer = createRowWriter({ format: 'jsonl', schema });
        const lines = new TextDecoder().decode(writer.encode(batchOf(schema, rows)));
        const array = `[${lines.trimEnd().split('\n').join(',')}]`;
        const expected = read({ schema, framing: 'lines' }, [lines], limit);
        expect(read({ schema }, [array], limit).rows).toEqual(expected.rows);
        expect(read({ schema }, [lines], limit).rows).toEqual(expected.rows);
      }),
    );
  });
});
