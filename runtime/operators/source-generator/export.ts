import type { Exporter, Remark } from '../../core/exporter.ts';
import { say } from '../../core/say.ts';
import { checkExpression, printSparkType, scopeOf } from '../../expression/index.ts';
import { columnOf, timeProblem, watermarkOf } from '../shared/flink-sql/ddl.ts';
import { sqlExpression } from '../shared/flink-sql/expressions.ts';
import { aliasedAs, freshColumn, sqlName } from '../shared/flink-sql/names.ts';
import { configuredSource } from '../shared/flink-sql/sources.ts';
import { ROW_NUMBER, type SourceGeneratorConfig } from './spec.ts';
import { selectExpr } from '../shared/spark/columns.ts';
import { call, chain, option } from '../shared/spark/python.ts';
import { timeRemarks, watermarkCalls } from '../shared/spark/sources.ts';
import { javaExpression, longCall, method, names } from '../shared/storm/java.ts';
import { timeRemarks as stormTimeRemarks, timeSetup } from '../shared/storm/sources.ts';

const ROW_SCOPE = scopeOf(ROW_NUMBER);
export const sourceGeneratorExport: Exporter<SourceGeneratorConfig> = {
  ...configuredSource<SourceGeneratorConfig>(),
  /** Row numbers by Flink's own generator, and the fields as columns that are computed from them. */
  flinkTable({ rows, rowsPerSecond, fields, eventTime }, { schema }) {
    const problem = timeProblem(eventTime);
    if (problem !== null) return problem;
    // Tried: the state of a sequence of Flink takes 8 bytes for each number that is still to come.
    if (rows === null) return { unsupported: say`never ends, and sequences of Flink do: give it a number of rows` };
    const number = freshColumn('n', schema.fields.map(({ name }) => name)); // prettier-ignore
    const computed = fields.map(({ name, type, expr }) => {
      const text = sqlExpression(expr, ROW_SCOPE, 'flink', () => sqlName(number));
      const isSame = JSON.stringify(checkExpression(expr, ROW_SCOPE, type).expression?.type) === JSON.stringify(type);
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
        [`fields.${number}.end`]: String(Math.max(0, rows - 1)),
      },
      remarks: fields.some(({ expr }) => /\bRAND/i.test(expr)) ? [RANDOM] : [],
    };
  },
  /** Row numbers by Spark's own sources, and the fields as expressions over them. */
  spark({ rows, rowsPerSecond, fields, eventTime }, _inputs, _output, job) {
    const number = job.mode === 'batch' ? 'id' : 'value';
    const columns = fields.map(({ name, type, expr }) => {
      const text = sqlExpression(expr, ROW_SCOPE, 'spark', () => number);
      const isSame = JSON.stringify(checkExpression(expr, ROW_SCOPE, type).expression?.type) === JSON.stringify(type);
      return aliasedAs(isSame ? text : `CAST(${text} AS ${printSparkType(type)})`, name);
    });
    const numbers =
      job.mode === 'batch'
        ? chain(`spark.range(${rows ?? 0})`)
        : rows === null
          ? chain('spark.readStream', call('format', '"rate"'), option('rowsPerSecond', Math.max(1, Math.round(rowsPerSecond ?? 1000))), call('load')) // prettier-ignore
          : chain('spark.readStream', call('format', '"rate-micro-batch"'), option('rowsPerBatch', rows), call('load'));
    const remarks: Remark[] = [...timeRemarks(eventTime, job)];
    if (fields.some(({ expr }) => /\bRAND/i.test(expr))) remarks.push(RANDOM);
    if (rows === null && rowsPerSecond === null) {
      remarks.push({ fidelity: 'note', text: say`Makes 1000 rows a second: Spark has no generator that goes as fast as it can.` }); // prettier-ignore
    } else if (rows !== null && rowsPerSecond !== null) {
      remarks.push({ fidelity: 'note', text: say`Makes all its rows at once, not at a rate.` });
    }
    return { frame: chain(numbers.start, ...numbers.calls, selectExpr(columns), ...watermarkCalls(eventTime, job)), remarks }; // prettier-ignore
  },
  storm({ rows, rowsPerSecond, fields, eventTime }, _inputs, outputs) {
    const values = fields.map(({ type, expr }) => javaExpression(expr, ROW_SCOPE, () => 'n', type));
    return {
      base: 'GeneratorSpout',
      args: [rows === null ? '-1L' : `${rows}L`, String(rowsPerSecond ?? 0), ...names(outputs.out!.schema)],
      setup: timeSetup(eventTime),
      members: [method('List<Object> row(Long n)', `return ${longCall('Arrays.asList', values)};`)],
      remarks: [...stormTimeRemarks(eventTime), ...(fields.some(({ expr }) => /\bRAND/i.test(expr)) ? [RANDOM] : [])],
    };
  },
};

const RANDOM: Remark = {
  fidelity: 'approximate',
  text: say`Random numbers are others in every run: rows are like those in Millrace, not the same.`,
};
