import type { ExportedInput, ExportedOutput, Exporter, SqlQuery } from '../../core/exporter.ts';
import { say } from '../../core/say.ts';
import { sqlOver } from '../shared/flink-sql/expressions.ts';
import { sqlName } from '../shared/flink-sql/names.ts';
import { sameColumns } from '../shared/flink-sql/select.ts';
import { OTHERWISE, type RouteConfig } from './spec.ts';
import { keptTime } from '../shared/spark/columns.ts';
import { call, chain, pythonText } from '../shared/spark/python.ts';
import { overUpdates } from '../shared/spark/remarks.ts';
import { javaCondition, method, streamText } from '../shared/storm/java.ts';

export const routeExport: Exporter<RouteConfig> = {
  // A case may well be called `out`.
  flink: (config, inputs, output) =>
    inputs[0]!.dialect === 'millrace'
      ? { unsupported: say`has several outputs, and a query has one: use filters` }
      : flinkPort(config, inputs, output),
  flinkPort,
  spark(config, inputs, output, job) {
    const input = inputs[0]!;
    const where = call('where', pythonText(conditionOf(config, input, output.port, ' ')));
    return { frame: chain(input.table, where, ...keptTime(input, output)), remarks: overUpdates(input, job) };
  },
  storm({ cases }, inputs) {
    const tests = cases.map(
      ({ port, condition }) =>
        `if (${javaCondition(condition, inputs[0]!.schema)}) {\n  emit(${streamText(port)}, row);\n}`,
    );
    const otherwise = `{\n  emit(${streamText(OTHERWISE)}, row);\n}`;
    return {
      base: 'RowBolt',
      args: [],
      members: [method('void process(Row row)', [...tests, otherwise].join(' else '))],
    };
  },
};

function flinkPort(config: RouteConfig, inputs: readonly ExportedInput[], output: ExportedOutput): SqlQuery {
  const input = inputs[0]!;
  const where = conditionOf(config, input, output.port, '\n  ');
  return { select: `${sameColumns(input, output)}\nFROM ${sqlName(input.table)}\nWHERE ${where}` };
}

/** A filter for each port: what fits none of the cases before one of its own. `space`: before each AND and OR. */
function conditionOf({ cases }: RouteConfig, input: ExportedInput, port: string, space: string): string {
  const texts = cases.map(({ condition }) => sqlOver(condition, input));
  const conditions = texts.map((text) => `(${text})`);
  const own = cases.flatMap((one, i) => {
    if (one.port !== port) return [];
    const earlier = conditions.slice(0, i).filter((_, k) => cases[k]!.port !== port);
    return earlier.length === 0 ? [texts[i]!] : [[...earlier.map(isNot), conditions[i]!].join(`${space}AND `)];
  });
  if (port === OTHERWISE) own.push(conditions.map(isNot).join(`${space}AND `));
  return own.length === 1 ? own[0]! : own.map((one) => `(${one})`).join(`${space}OR `);
}

/** A condition that is NULL fits no row. */
function isNot(condition: string): string {
  return `${condition} IS NOT TRUE`;
}
