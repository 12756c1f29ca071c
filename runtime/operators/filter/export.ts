import type { Exporter } from '../../core/exporter.ts';
import { sqlOver } from '../shared/flink-sql/expressions.ts';
import { sqlName } from '../shared/flink-sql/names.ts';
import { sameColumns } from '../shared/flink-sql/select.ts';
import type { FilterConfig } from './spec.ts';

export const filterExport: Exporter<FilterConfig> = {
  flink({ condition }, inputs, output) {
    const input = inputs[0]!;
    return {
      select: `${sameColumns(input, output)}\nFROM ${sqlName(input.table)}\nWHERE ${sqlOver(condition, input)}`,
    };
  },
};
