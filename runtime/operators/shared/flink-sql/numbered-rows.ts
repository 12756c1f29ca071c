/** Rows by their number in order of arrival: SQL has it as a count of the rows so far. */
import type { ExportedInput, ExportedOutput, NamedQuery, Remark } from '../../../core/exporter.ts';
import { say } from '../../../core/say.ts';
import { aliasedAs, freshColumn, sqlName, sqlNames } from './names.ts';
import { selectList } from './select.ts';

export interface NumberedRows {
  /** The input with a column more. */
  readonly input: ExportedInput;
  /** Column with the number of a row among those with the same keys, from 1. */
  readonly number: string;
  readonly before: readonly NamedQuery[];
}

export function numberedRows(input: ExportedInput, keys: readonly string[], output: ExportedOutput): NumberedRows {
  const number = freshColumn('row_num', input.columns);
  const name = output.freshTable(`${input.table}_numbered`);
  const list = selectList([...input.columns.map(sqlName), aliasedAs(`COUNT(*) ${overArrival(keys, null)}`, number)]);
  return {
    number,
    input: { ...input, table: name, columns: [...input.columns, number] },
    before: [{ name, select: `${list}\nFROM ${sqlName(input.table)}` }],
  };
}

/** `rows`: so many at most, the row itself with them; null: all so far. */
export function overArrival(keys: readonly string[], rows: number | null): string {
  const partition = keys.length === 0 ? '' : `PARTITION BY ${sqlNames(keys)} `;
  const first = rows === null ? 'UNBOUNDED' : String(rows - 1);
  return `OVER (${partition}ORDER BY PROCTIME() ROWS BETWEEN ${first} PRECEDING AND CURRENT ROW)`;
}

export const BY_ARRIVAL: Remark = {
  fidelity: 'note',
  text: say`Goes by the order in which rows arrive, which at a parallelism above 1 differs from run to run, as it does in Millrace.`,
};
