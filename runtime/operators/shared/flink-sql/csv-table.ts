/** CSV files as a table of Flink, which takes columns by position, knows no header, and reads times with a space only. */
import type { Remark, SqlTable } from '../../../core/exporter.ts';
import { say } from '../../../core/say.ts';
import type { Schema } from '../../../core/schema.ts';
import type { Field } from '../../../core/types.ts';
import { printFlinkType } from '../../../expression/index.ts';
import { quoted } from '../../../expression/print.ts';
import { columnOf, watermarkOf } from './ddl.ts';
import { freshColumn, sqlName } from './names.ts';
import { selectList } from './select.ts';
import type { SourceTimeConfig } from '../event-time-config.ts';

const BY_POSITION: Remark = {
  fidelity: 'note',
  text: say`Columns are taken by position: those of the file must be in the order of the schema.`,
};

/** How files are written, and what is made of bad rows. */
export interface CsvOptions {
  readonly header: boolean;
  readonly delimiter: string;
  readonly onError: 'fail' | 'reject';
  readonly eventTime: SourceTimeConfig | null;
  /** Columns beside the fields that are handed on with them. */
  readonly beside?: readonly string[];
}

/** A column of the file, and the field that is made of it. */
interface Cell {
  readonly field: Field;
  /** Column with the text of the cell, where the field is computed from it. */
  readonly text: string | null;
  /** The value of the field; NULL for what cannot be read. */
  readonly value: string;
}

/** `table`: path and remarks. Cells that Flink would not read as they are come as text, and the fields are computed from it. */
export function csvTable(config: CsvOptions, { fields }: Schema, table: SqlTable): SqlTable {
  const { header, delimiter, onError, eventTime } = config;
  const isRejecting = onError === 'reject';
  const cells = cellsOf(config, fields);
  const time = eventTime !== null && eventTime.time === 'event' ? eventTime.field : null;
  const conditions = [
    ...(header ? [`${textOf(cells[0]!)} IS DISTINCT FROM ${quoted(cells[0]!.field.name)}`] : []),
    ...(isRejecting ? cells.flatMap(readableCondition) : []),
  ];
  const computed = cells.flatMap(({ field: { name }, text, value }) => {
    if (text === null) return [];
    // A row has to have a time when it is read, a header too; the view leaves it out.
    const isTime = name === time && conditions.length > 0;
    return [`${sqlName(name)} AS ${isTime ? `COALESCE(${value}, TO_TIMESTAMP_LTZ(0, 3))` : value}`];
  });
  const list = selectList([...fields.map(({ name }) => name), ...(config.beside ?? [])].map(sqlName));
  return {
    columns: [
      ...cells.map(({ field, text }) => (text === null ? columnOf(field) : `${sqlName(text)} STRING`)),
      ...computed,
      ...watermarkOf(eventTime),
    ],
    options: {
      ...table.options,
      format: 'csv',
      'csv.null-literal': '',
      ...(delimiter === ',' ? {} : { 'csv.field-delimiter': delimiter }),
      ...(isRejecting ? { 'csv.ignore-parse-errors': 'true' } : {}),
    },
    ...(conditions.length === 0
      ? {}
      : { ports: { out: (name: string) => `${list}\nFROM ${name}\nWHERE ${conditions.join('\n  AND ')}` } }),
    remarks: [
      ...(table.remarks ?? []),
      ...(header ? [BY_POSITION] : []),
      ...(isRejecting ? [{ fidelity: 'note' as const, text: say`Rows that cannot be read are dropped without a count.` }] : []), // prettier-ignore
    ],
  };
}

function cellsOf({ header, onError }: CsvOptions, fields: readonly Field[]): readonly Cell[] {
  const taken = fields.map(({ name }) => name);
  return fields.map((field): Cell => {
    const { name, type } = field;
    const isText = type.kind !== 'STRING' && (header || onError === 'reject' || type.kind === 'TIMESTAMP');
    if (!isText) return { field, text: null, value: sqlName(name) };
    const text = freshColumn(`${name}_text`, taken);
    taken.push(text);
    const cell = sqlName(text);
    const plain = type.kind === 'TIMESTAMP' ? `REPLACE(REPLACE(${cell}, 'T', ' '), 'Z', '')` : cell;
    const cast = `CAST(${plain} AS ${printFlinkType(type)})`;
    if (onError === 'reject') return { field, text, value: `TRY_${cast}` };
    // A bad cell fails the job, and the header is none.
    return { field, text, value: header ? `CASE WHEN ${cell} <> ${quoted(name)} THEN ${cast} END` : cast };
  });
}

function textOf({ field, text }: Cell): string {
  return sqlName(text ?? field.name);
}

/** That a cell was read: it has a value, or there was none. */
function readableCondition(cell: Cell): readonly string[] {
  if (!cell.field.nullable) return [`${cell.value} IS NOT NULL`];
  return cell.text === null ? [] : [`(${textOf(cell)} IS NULL OR ${cell.value} IS NOT NULL)`];
}
