import type { Exporter, Remark } from '../../core/exporter.ts';
import { checkExpression, scopeOf } from '../../expression/index.ts';
import { columnOf, timeProblem, watermarkOf } from '../shared/flink-sql/ddl.ts';
import { sqlExpression } from '../shared/flink-sql/expressions.ts';
import { freshColumn, sqlName } from '../shared/flink-sql/names.ts';
import { configuredSource } from '../shared/flink-sql/sources.ts';
import { ROW_NUMBER, type SourceGeneratorConfig } from './spec.ts';

/** Of a generator without an end: Flink's sequences have one. */
const LAST_NUMBER = '9223372036854775806';

export const sourceGeneratorExport: Exporter<SourceGeneratorConfig> = {
  ...configuredSource<SourceGeneratorConfig>(),
  /** Row numbers by Flink's own generator, and the fields as columns that are computed from them. */
  flinkTable({ rows, rowsPerSecond, fields, eventTime }, { schema }) {
    const problem = timeProblem(eventTime);
    if (problem !== null) return problem;
    const number = freshColumn('n', schema.fields.map(({ name }) => name)); // prettier-ignore
    const scope = scopeOf(ROW_NUMBER);
    const computed = fields.map(({ name, type, expr }) => {
      const text = sqlExpression(expr, scope, 'flink', () => sqlName(number));
      const isSame = JSON.stringify(checkExpression(expr, scope, type).expression?.type) === JSON.stringify(type);
      const field = { name, type, nullable: true };
      return `${sqlName(name)} AS ${isSame ? text : `CAST(${text} AS ${columnOf(field).slice(sqlName(name).length + 1)})`}`;
    });
    return {
      columns: [`${sqlName(number)} BIGINT`, ...computed, ...watermarkOf(eventTime)],
      options: {
        connector: 'datagen',
        ...(rowsPerSecond === null ? {} : { 'rows-per-second': String(Math.max(1, Math.round(rowsPerSecond))) }),
        [`fields.${number}.kind`]: 'sequence',
        [`fields.${number}.start`]: '0',
        [`fields.${number}.end`]: rows === null ? LAST_NUMBER : String(Math.max(0, rows - 1)),
      },
      remarks: fields.some(({ expr }) => /\bRAND/i.test(expr)) ? [RANDOM] : [],
    };
  },
};

const RANDOM: Remark = {
  fidelity: 'approximate',
  text: 'Random numbers are others in every run, and others than here: the rows are like these, not the same.',
};
