/** Rows of one field from the cursors of its primitive columns. */
import type { ColumnBuilder } from '../../core/column-builder.ts';
import { say } from '../../core/say.ts';
import type { Value } from '../../core/types.ts';
import type { LeafCursor } from './leaf-cursor.ts';
import type { Leaf, ReadPlan } from './read-plan.ts';

export interface FieldReader {
  skip(rows: number): void;
  read(into: ColumnBuilder, rows: number): void;
}

export function fieldReader(plan: ReadPlan, open: (leaf: Leaf) => LeafCursor): FieldReader {
  return plan.node === 'leaf' ? new PlainReader(open(plan.leaf)) : new NestedReader(valueReader(plan, open));
}

/** A primitive field: ranges of pages are copied. */
class PlainReader implements FieldReader {
  readonly #cursor: LeafCursor;

  constructor(cursor: LeafCursor) {
    this.#cursor = cursor;
  }

  skip(rows: number): void {
    this.#each(rows, () => {});
  }

  read(into: ColumnBuilder, rows: number): void {
    this.#each(rows, (count) => {
      const { page, at } = this.#cursor;
      into.appendRange(page, at, at + count);
    });
  }

  /** Once a page. */
  #each(rows: number, take: (count: number) => void): void {
    for (let left = rows; left > 0;) {
      const count = Math.min(left, this.#cursor.remaining);
      if (count === 0) throw new Error(say`the column has fewer values than its row group has rows`);
      take(count);
      this.#cursor.advance(count);
      left -= count;
    }
  }
}

class NestedReader implements FieldReader {
  readonly #values: ValueReader;

  constructor(values: ValueReader) {
    this.#values = values;
  }

  skip(rows: number): void {
    for (let i = 0; i < rows; i++) this.#values.read();
  }

  read(into: ColumnBuilder, rows: number): void {
    for (let i = 0; i < rows; i++) into.appendValue(this.#values.read());
  }
}

/** Puts nested values together from levels: "Dremel" (Melnik et al., 2010), §4.3, by recursive descent. */
interface ValueReader {
  /** All cursors below. Where the value is NULL or an empty list, each has one entry for it. */
  readonly cursors: readonly LeafCursor[];
  read(): Value;
}

function valueReader(plan: ReadPlan, open: (leaf: Leaf) => LeafCursor): ValueReader {
  switch (plan.node) {
    case 'leaf':
      return new LeafValue(open(plan.leaf));
    case 'list':
      return new ListValue(plan, valueReader(plan.element, open));
    case 'map':
      return new MapValue(plan, valueReader(plan.key, open), valueReader(plan.value, open));
    case 'row':
      return new RowValue(
        plan.level,
        plan.fields.map((field) => valueReader(field, open)),
      );
  }
}

class LeafValue implements ValueReader {
  readonly cursors: readonly LeafCursor[];
  readonly #cursor: LeafCursor;

  constructor(cursor: LeafCursor) {
    this.#cursor = cursor;
    this.cursors = [cursor];
  }

  read(): Value {
    const cursor = this.#cursor;
    if (cursor.remaining === 0) throw new Error(say`the column has fewer values than its row group has rows`);
    const value = cursor.page.value(cursor.at);
    cursor.advance(1);
    return value;
  }
}

class RowValue implements ValueReader {
  readonly cursors: readonly LeafCursor[];
  readonly #level: number;
  readonly #fields: readonly ValueReader[];

  constructor(level: number, fields: readonly ValueReader[]) {
    this.#level = level;
    this.#fields = fields;
    this.cursors = fields.flatMap((field) => field.cursors);
  }

  read(): Value {
    if (this.cursors[0]!.definition >= this.#level) return this.#fields.map((field) => field.read());
    skipOne(this.cursors);
    return null;
  }
}

interface Repeated {
  readonly level: number;
  readonly repetition: number;
}

/** False where the list is NULL; otherwise calls `item` for each of its items. */
function readItems(cursors: readonly LeafCursor[], { level, repetition }: Repeated, item: () => void): boolean {
  const [first] = cursors;
  const { definition } = first!;
  if (definition <= level) {
    skipOne(cursors);
    return definition === level;
  }
  do item();
  while (first!.repetition === repetition);
  return true;
}

function skipOne(cursors: readonly LeafCursor[]): void {
  // Asking for the rest reads the page that the entry is in.
  for (const cursor of cursors) if (cursor.remaining > 0) cursor.advance(1);
}

class ListValue implements ValueReader {
  readonly cursors: readonly LeafCursor[];
  readonly #plan: Repeated;
  readonly #element: ValueReader;

  constructor(plan: Repeated, element: ValueReader) {
    this.#plan = plan;
    this.#element = element;
    this.cursors = element.cursors;
  }

  read(): Value {
    const items: Value[] = [];
    return readItems(this.cursors, this.#plan, () => items.push(this.#element.read())) ? items : null;
  }
}

class MapValue implements ValueReader {
  readonly cursors: readonly LeafCursor[];
  readonly #plan: Repeated;
  readonly #key: ValueReader;
  readonly #value: ValueReader;

  constructor(plan: Repeated, key: ValueReader, value: ValueReader) {
    this.#plan = plan;
    this.#key = key;
    this.#value = value;
    this.cursors = [...key.cursors, ...value.cursors];
  }

  read(): Value {
    const entries = new Map<Value, Value>();
    const isThere = readItems(this.cursors, this.#plan, () => {
      const key = this.#key.read();
      entries.set(key, this.#value.read());
    });
    return isThere ? entries : null;
  }
}
