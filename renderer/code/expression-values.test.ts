import { expect, it } from 'vitest';
import type { SubexpressionValue } from '../../runtime/protocol/debug.ts';
import { partsAt, valueLine } from './expression-values.ts';

const TEXT = 'n * 2 + m > 5';
const part = (text: string, value: unknown, error: string | null = null): SubexpressionValue => {
  const start = TEXT.indexOf(text);
  return { start, end: start + text.length, text, type: 'INT', value, error };
};
const parts = [part(TEXT, true), part('n * 2 + m', 7), part('n * 2', 6), part('n', 3), part('m', 1)];

it('shows the part that is pointed at, what it is made of, and what it is a part of', () => {
  const textsAt = (offset: number): string[] => partsAt(parts, offset).map(({ text }) => text);
  expect(textsAt(0)).toEqual(['n', 'n * 2', 'n * 2 + m', TEXT]);
  expect(textsAt(3)).toEqual(['n * 2', 'n', 'n * 2 + m', TEXT]);
  expect(textsAt(TEXT.length)).toEqual([TEXT, 'n * 2 + m', 'n * 2', 'n', 'm']);
});

it('prints values and failures so that Markdown leaves them alone', () => {
  expect(valueLine(part('n', null))).toBe('` n ` = **` null `** INT');
  expect(valueLine(part('n', 'a`b'))).toBe('` n ` = **`` "a`b" ``** INT');
  expect(valueLine(part('n', null, 'no *n*'))).toBe('` n `: no \\*n\\*');
});
