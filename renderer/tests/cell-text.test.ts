import { describe, expect, it } from 'vitest';
import { parseDataType, type DataType } from '../../runtime/core/types.ts';
import { cellOfText, cellsOfClipboard, EMPTY_TEXT, textOfCell } from './cell-text.ts';
import { paramsOfText, textOfParams } from './params-text.ts';

function type(text: string): DataType {
  const parsed = parseDataType(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

describe('a cell', () => {
  it.each([
    ['STRING', '42', '42'],
    ['STRING', EMPTY_TEXT, ''],
    ['INT', ' 42 ', 42],
    ['BIGINT', '9007199254740993', '9007199254740993'],
    ['DOUBLE', '-1.5', -1.5],
    ['INT', 'many', 'many'],
    ['BOOLEAN', 'true', true],
    ['TIMESTAMP', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'],
    ['ARRAY<INT>', '[1,2]', [1, 2]],
    ['ARRAY<INT>', '[1', '[1'],
  ])('%s %s is %j, and is shown so again', (name, text, value) => {
    expect(cellOfText(type(name), text)).toEqual(value);
    expect(textOfCell(value)).toBe(text.trim());
  });

  it('is NULL without text', () => {
    expect(cellOfText(type('STRING'), '')).toBeUndefined();
    expect([textOfCell(null), textOfCell(undefined)]).toEqual(['', '']);
  });

  it('comes from a spreadsheet with its neighbours', () => {
    expect(cellsOfClipboard('a\t1\r\nb\t2\r\n')).toEqual([
      ['a', '1'],
      ['b', '2'],
    ]);
    expect(cellsOfClipboard('a, b')).toBeNull();
  });
});

it('parameters are one line', () => {
  const params = paramsOfText('speed = 5, name=x y, flag=true, nonsense');
  expect(params).toEqual({ speed: 5, name: 'x y', flag: true });
  expect(textOfParams(params)).toBe('speed=5, name=x y, flag=true');
});
