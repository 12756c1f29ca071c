/** The row at hand as an object whose properties read the columns: one object for all rows, its code made for the schema. */
import type { Column } from '../../core/column.ts';
import type { DataType, Field } from '../../core/types.ts';
import { toUser, type ToUser } from './user-values.ts';

export interface RowView {
  readonly row: { toObject(): Readonly<Record<string, unknown>> };
  /** Columns of the fields, in order. */
  load(columns: readonly Column[]): void;
  select(row: number): void;
}

/** Properties are own and enumerable, so that `{ ...row }` copies the row. */
export function compileRowView(fields: readonly Field[]): RowView {
  const variables = fields.map((_, i) => `let c${i}, v${i}, n${i};`);
  const getters = fields.map(
    ({ name, type }, i) =>
      `get [${JSON.stringify(name)}]() { return n${i} !== null && ((n${i}[i >> 3] >> (i & 7)) & 1) === 0 ? null : ${cell(type, i)}; },`,
  );
  const copies = fields.map(({ name }) => `[${JSON.stringify(name)}]: row[${JSON.stringify(name)}],`);
  const loads = fields.map((_, i) => `c${i} = columns[${i}]; v${i} = c${i}.values; n${i} = c${i}.validity;`);
  const source = `'use strict';
let i = 0;
${variables.join('\n')}
const row = {
  __proto__: { toObject() { return { ${copies.join(' ')} }; } },
  ${getters.join('\n  ')}
};
return { row, load(columns) { ${loads.join(' ')} }, select(row) { i = row; } };`;
  const make = new Function('toUser', source) as (convert: readonly ToUser[]) => RowView;
  return make(fields.map(({ type }) => toUser(type)));
}

function cell(type: DataType, i: number): string {
  switch (type.kind) {
    case 'INT':
    case 'BIGINT':
    case 'DOUBLE':
    case 'TIMESTAMP':
      return `v${i}[i]`;
    case 'BOOLEAN':
      return `((v${i}[i >> 3] >> (i & 7)) & 1) === 1`;
    case 'STRING':
      return `c${i}.text(i)`;
    default:
      return `toUser[${i}](c${i}.value(i))`;
  }
}
