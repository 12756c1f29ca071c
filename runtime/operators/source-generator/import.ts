import type { ImportedColumn, Importer } from '../../core/importer.ts';
import { say } from '../../core/say.ts';
import { printDataType } from '../../core/types.ts';
import { checkExpression, scopeOf } from '../../expression/index.ts';
import { readEventTime } from '../shared/flink-sql/read-table.ts';
import { ROW_NUMBER } from './spec.ts';

/** Of Flink's generator: sequences, and what is computed from them. Random columns have no bounds here that they keep. */
export const sourceGeneratorImport: Importer = {
  connector: 'datagen',
  isSink: false,
  config(table) {
    const { columns, options } = table;
    const [number] = columns;
    const isSequence = number?.expr === null && options[`fields.${number.name}.kind`] === 'sequence';
    const end = options[`fields.${number?.name}.end`];
    if (!isSequence || end === undefined || number.name !== 'n' || options['fields.n.start'] !== '0') {
      return { unsupported: say`generates random values: make them of a sequence "n" from 0 in computed columns` };
    }
    const fields: object[] = [];
    for (const column of columns.slice(1)) {
      const type = typeOf(column);
      if (type === null) return { unsupported: say`has the column "${column.name}", which is no expression over "n"` };
      fields.push({ name: column.name, type, expr: column.expr });
    }
    const rate = options['rows-per-second'];
    return {
      rows: Number(end) + 1,
      ...(rate === undefined ? {} : { rowsPerSecond: Number(rate) }),
      fields: fields.length > 0 ? fields : [{ name: 'n', type: 'BIGINT', expr: 'n' }],
      ...readEventTime(table),
    };
  },
};

function typeOf({ expr }: ImportedColumn): string | null {
  if (expr === null) return null;
  const { expression } = checkExpression(expr, scopeOf(ROW_NUMBER));
  return expression === null ? null : printDataType(expression.type);
}
