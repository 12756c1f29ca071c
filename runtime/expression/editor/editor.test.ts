import { describe, expect, it } from 'vitest';
import { field, schemaOf } from '../../core/schema.ts';
import { BIGINT, DOUBLE, INT, rowOf, STRING, TIMESTAMP } from '../../core/types.ts';
import { completions, hover, renameFields, scopeOf, signatureHelp, type RenameOf, type Scope } from '../index.ts';

const scope = scopeOf(
  schemaOf([
    field('price', DOUBLE, false),
    field('user', STRING),
    field('ts', TIMESTAMP),
    field('two words', INT),
    field('place', rowOf([field('lat', DOUBLE), field('lon', DOUBLE)])),
  ]),
);
const joined: Scope = {
  inputs: [
    { name: 'left', schema: schemaOf([field('id', INT), field('ip', STRING)]) },
    { name: 'right', schema: schemaOf([field('id', BIGINT)]) },
  ],
};

/** Labels at the `|` of a text. */
function labels(marked: string, within: Scope = scope): readonly string[] {
  const offset = marked.indexOf('|');
  return completions(marked.replace('|', ''), offset, within).map((c) => c.label);
}

describe('completions', () => {
  it('offer fields, functions and keywords where an operand belongs', () => {
    for (const text of ['|', 'price + |', 'UPPER(|', 'price > 1 AND |', 'CASE WHEN |', 'NOT |', 'COALESCE(user, |)']) {
      expect(labels(text), text).toEqual(expect.arrayContaining(['price', 'user', 'two words', 'UPPER', 'CASE']));
      expect(labels(text), text).not.toContain('AND');
    }
  });

  it('offer operators after an operand', () => {
    for (const text of ['price |', "user = 'x' |", 'UPPER(user) |', 'place.lat |']) {
      expect(labels(text), text).toEqual(expect.arrayContaining(['AND', 'IS NULL', 'BETWEEN']));
      expect(labels(text), text).not.toContain('price');
    }
    expect(labels('CASE WHEN price > 1 |')).toContain('THEN');
  });

  it('offer what a dot, a cast, an interval, IS and a unit ask for', () => {
    expect(labels('place.|')).toEqual(['lat', 'lon']);
    expect(labels('place.la|')).toEqual(['lat']);
    expect(labels('left.| = 1', joined)).toEqual(['id', 'ip']);
    expect(labels('CAST(price AS |')).toContain('BIGINT');
    expect(labels("ts + INTERVAL '5' |")).toContain('MINUTE');
    expect(labels('price IS |')).toContain('NOT NULL');
    expect(labels('EXTRACT(|')).toContain('HOUR');
  });

  it('offer nothing inside strings and comments', () => {
    expect(labels("user = 'a|")).toEqual([]);
    expect(labels("user = 'a|b'")).toEqual([]);
    expect(labels('price -- |')).toEqual([]);
    expect(labels('price /* | */')).toEqual([]);
  });

  it('replace the word under the cursor, best fit first, quoting where needed', () => {
    expect(completions('1 + pri', 7, scope)[0]).toEqual({
      label: 'price',
      kind: 'field',
      detail: 'DOUBLE NOT NULL',
      documentation: '',
      insertText: 'price',
      range: { start: 4, end: 7 },
    });
    expect(completions('two', 3, scope)[0]).toMatchObject({ label: 'two words', insertText: '`two words`' });
    expect(completions('upp', 3, scope)[0]).toMatchObject({
      label: 'UPPER',
      kind: 'function',
      insertText: 'UPPER(',
      detail: 'UPPER(text STRING)',
    });
  });

  it('qualify a field that several inputs have', () => {
    expect(labels('|', joined)).toEqual(expect.arrayContaining(['left.id', 'right.id', 'ip', 'left', 'right']));
  });
});

describe('hover', () => {
  it('shows the type of the smallest sub-expression', () => {
    expect(hover('price * 2 > 10', 1, scope)).toEqual({
      range: { start: 0, end: 5 },
      contents: '```sql\nprice: DOUBLE NOT NULL\n```',
    });
    expect(hover('price * 2 > 10', 6, scope)).toEqual({
      range: { start: 0, end: 9 },
      contents: '```sql\nprice * 2: DOUBLE NOT NULL\n```',
    });
  });

  it('shows the help of a function, and works in half-typed text', () => {
    expect(hover('upper(user', 2, scope)?.contents).toContain('UPPER(text STRING)');
    expect(hover('price + foo(', 1, scope)?.contents).toContain('price: DOUBLE');
    expect(hover('  ', 1, scope)).toBeNull();
  });
});

describe('signatureHelp', () => {
  it('names the parameter at the cursor', () => {
    const help = signatureHelp('SUBSTRING(user, ', 16);
    expect(help).toMatchObject({ activeSignature: 0, activeParameter: 1 });
    expect(help?.signatures[1]?.label).toBe('SUBSTRING(text STRING, start INT, length INT)');
    expect(signatureHelp('SUBSTRING(user, 1, ', 19)).toMatchObject({ activeSignature: 1, activeParameter: 2 });
    expect(signatureHelp('CONCAT(a, b, UPPER(c', 20)?.signatures[0]?.label).toBe('UPPER(text STRING)');
    expect(signatureHelp('CONCAT(a, (b + c), d', 20)).toMatchObject({ activeParameter: 0 });
    expect(signatureHelp('a + (b', 6)).toBeNull();
  });
});

describe('renameFields', () => {
  const renamed =
    (from: string, to: string, input: string | null = null): RenameOf =>
    (name, of) =>
      name === from && of === input ? to : undefined;

  it('changes the field and nothing else', () => {
    expect(renameFields("UPPER( user )||'user' -- user", renamed('user', 'customer'), scope)).toBe(
      "UPPER( customer )||'user' -- user",
    );
    expect(renameFields('place.lat', renamed('place', 'the place'), scope)).toBe('`the place`.lat');
    expect(renameFields('`user` = ', renamed('user', 'order'), scope)).toBe('order = ');
    expect(renameFields('place.lat + price', renamed('lat', 'y'), scope)).toBe('place.lat + price');
  });

  it('asks the scope what a qualified name means', () => {
    expect(renameFields('left.id = right.id', renamed('id', 'key', 'left'), joined)).toBe('left.key = right.id');
    const swapped: RenameOf = (name) => ({ user: 'ts', ts: 'user' })[name];
    expect(renameFields('user || CAST(ts AS STRING)', swapped, scope)).toBe('ts || CAST(user AS STRING)');
  });
});
