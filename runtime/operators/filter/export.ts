import type { Exporter } from '../../core/exporter.ts';
import { sqlOver } from '../shared/flink-sql/expressions.ts';
import { sqlName } from '../shared/flink-sql/names.ts';
import { sameColumns } from '../shared/flink-sql/select.ts';
import type { FilterConfig } from './spec.ts';
import { expressionText, keptTime } from '../shared/spark/columns.ts';
import { call, chain } from '../shared/spark/python.ts';
import { overUpdates } from '../shared/spark/remarks.ts';
import { javaCondition, method, names } from '../shared/storm/java.ts';

export const filterExport: Exporter<FilterConfig> = {
  flink({ condition }, inputs, output) {
    const input = inputs[0]!;
    return {
      select: `${sameColumns(input, output)}\nFROM ${sqlName(input.table)}\nWHERE ${sqlOver(condition, input)}`,
    };
  },
  spark({ condition }, inputs, output, job) {
    const input = inputs[0]!;
    const calls = [call('where', expressionText(condition, input)), ...keptTime(input, output)];
    return { frame: chain(input.table, ...calls), remarks: overUpdates(input, job) };
  },
  storm({ condition }, inputs, outputs) {
    return {
      base: 'RowBolt',
      args: names(outputs.out!.schema),
      members: [
        method('void process(Row row)', `if (${javaCondition(condition, inputs[0]!.schema)}) {\n  emit(row);\n}`),
      ],
    };
  },
};
