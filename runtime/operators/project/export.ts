import type { Exporter, StreamFacts } from '../../core/exporter.ts';
import { asField, sqlOver } from '../shared/flink-sql/expressions.ts';
import { aliasedAs, sqlName } from '../shared/flink-sql/names.ts';
import { extraTime, selectList, timeBeside } from '../shared/flink-sql/select.ts';
import type { ProjectConfig } from './spec.ts';
import { extraColumn, selectExpr } from '../shared/spark/columns.ts';
import { chain } from '../shared/spark/python.ts';
import { javaOver, longCall, method, names } from '../shared/storm/java.ts';

export const projectExport: Exporter<ProjectConfig> = {
  facts(config, inputs, { schema }): StreamFacts {
    const { time, isWindowed } = inputs[0]!;
    const sources = new Map(schema.fields.map(({ name }) => [name, asField(expressionOf(config, name))]));
    const kept = [...sources].find(([, source]) => source === time)?.[0];
    return {
      time: time === null ? null : (kept ?? timeBeside(schema.fields)),
      isWindowed: isWindowed && ['window_start', 'window_end'].every((part) => sources.get(part) === part),
    };
  },
  flink(config, inputs, output) {
    const input = inputs[0]!;
    const { fields, keepAll } = config;
    const isNew = fields.every(({ as }) => !input.columns.includes(as));
    if (keepAll && isNew && input.columns.length === input.schema.fields.length) {
      const computed = fields.map(({ as, expr }) => aliasedAs(sqlOver(expr, input), as));
      return { select: `${selectList(['*', ...computed, ...extraTime(input, output)])}\nFROM ${sqlName(input.table)}` };
    }
    const columns = output.schema.fields.map(({ name }) => aliasedAs(sqlOver(expressionOf(config, name), input), name));
    return { select: `${selectList([...columns, ...extraTime(input, output)])}\nFROM ${sqlName(input.table)}` };
  },
  spark(config, inputs, output) {
    const input = inputs[0]!;
    const { fields, keepAll } = config;
    const isNew = fields.every(({ as }) => !input.columns.includes(as));
    const isAdding = keepAll && isNew && input.columns.length === input.schema.fields.length;
    const columns = isAdding
      ? ['*', ...fields.map(({ as, expr }) => aliasedAs(sqlOver(expr, input), as))]
      : output.schema.fields.map(({ name }) => aliasedAs(sqlOver(expressionOf(config, name), input), name));
    return { frame: chain(input.table, selectExpr([...columns, ...extraColumn(input, output)])) };
  },
  storm(config, inputs, outputs) {
    const { fields } = outputs.out!.schema;
    const values = fields.map(({ name }) => javaOver(expressionOf(config, name), inputs[0]!.schema));
    return {
      base: 'RowBolt',
      args: names(outputs.out!.schema),
      members: [method('void process(Row row)', `${longCall('emitFor', ['row', ...values])};`)],
    };
  },
};

/** Of an output field; one that is kept is what it was. */
function expressionOf({ fields }: ProjectConfig, name: string): string {
  return fields.find(({ as }) => as === name)?.expr ?? sqlName(name);
}
