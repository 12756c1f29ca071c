/** Objects of user code as rows of a schema, each checked before any of it is written. */
import { BatchBuilder, MAX_BATCH_ROWS, type Batch } from '../../core/batch.ts';
import type { ColumnBuilder } from '../../core/column-builder.ts';
import type { Output } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import type { Schema } from '../../core/schema.ts';
import { printDataType, type Field } from '../../core/types.ts';
import { userError } from './user-error.ts';
import { describeValue, fromUser, MISFIT, type FromUser } from './user-values.ts';

type Fail = (field: number, value: unknown) => never;
/** Reads the properties and appends a cell to each builder; true when one of them was `undefined`. */
type Append = (row: object, builders: readonly ColumnBuilder[], checkNames: (row: object) => void) => void;

export class RowWriter {
  readonly #port: string;
  readonly #output: Output;
  readonly #builder: BatchBuilder;
  readonly #append: Append;
  readonly #checkNames: (row: object) => void;
  /** Rows beyond a batch's worth wait here: user code is not interrupted to send them on. */
  #full: Batch[] = [];

  constructor(port: string, schema: Schema, output: Output) {
    this.#port = port;
    this.#output = output;
    this.#builder = new BatchBuilder(schema, MAX_BATCH_ROWS);
    this.#append = compileAppend(schema.fields, (field, value) => this.#refuse(schema.fields[field]!, value));
    const names = new Set(schema.fields.map(({ name }) => name));
    this.#checkNames = (row) => {
      const unknown = Object.keys(row).find((name) => !names.has(name));
      if (unknown !== undefined) throw this.#unknownName(unknown, names);
    };
  }

  /** Whether there is as much as a batch, or more. */
  get isFull(): boolean {
    return this.#full.length > 0;
  }

  /** `at`: its event time, NaN for none. Throws StreamError MR2302, and nothing is written. */
  write(row: unknown, at: number): void {
    if (typeof row !== 'object' || row === null) {
      throw userError('MR2302', say`a row for "${this.#port}" must be an object, and is ${describeValue(row)}`);
    }
    this.#append(row, this.#builder.columns, this.#checkNames);
    this.#builder.endRow(at);
    if (this.#builder.length >= MAX_BATCH_ROWS) this.#full.push(this.#builder.finish());
  }

  flush(): void {
    if (this.#full.length > 0) {
      const full = this.#full;
      this.#full = [];
      for (const batch of full) this.#output.emit(batch);
    }
    if (this.#builder.length > 0) this.#output.emit(this.#builder.finish());
  }

  #refuse({ name, type, nullable }: Field, value: unknown): never {
    const expected = nullable ? printDataType(type) : `${printDataType(type)} NOT NULL`;
    const where = say`field "${name}" of a row for "${this.#port}"`;
    throw userError('MR2302', say`${where} is ${describeValue(value)}, where ${expected} is expected`);
  }

  #unknownName(name: string, names: ReadonlySet<string>): Error {
    return userError(
      'MR2302',
      say`a row for "${this.#port}" has "${name}", which its schema has not: its fields are ${[...names].join(', ')}`,
    );
  }
}

/**
 * Properties are read by name, so the loop is written for the schema. One that is `undefined` is NULL, but then all names are
 * checked: a misspelt one would otherwise be a NULL that nobody sees.
 */
function compileAppend(fields: readonly Field[], fail: Fail): Append {
  const reads = fields.map(({ name, nullable }, i) => {
    const none = nullable ? `{ isMissing ||= v${i} === undefined; v${i} = null; }` : `fail(${i}, v${i});`;
    return `let v${i} = row[${JSON.stringify(name)}];
if (v${i} === undefined || v${i} === null) ${none}
else { const given = v${i}; v${i} = from${i}(given); if (v${i} === MISFIT) fail(${i}, given); }`;
  });
  const converters = fields.map((_, i) => `const from${i} = from[${i}];`);
  const writes = fields.map((_, i) => `builders[${i}].appendValue(v${i});`);
  const source = `'use strict';
${converters.join('\n')}
return function append(row, builders, checkNames) {
let isMissing = false;
${reads.join('\n')}
if (isMissing) checkNames(row);
${writes.join('\n')}
};`;
  const make = new Function('from', 'fail', 'MISFIT', source) as (
    from: readonly FromUser[],
    fail: Fail,
    misfit: typeof MISFIT,
  ) => Append;
  return make(
    fields.map(({ type }) => fromUser(type)),
    fail,
    MISFIT,
  );
}
