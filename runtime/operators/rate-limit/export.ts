import { passedOn } from '../shared/flink-sql/select.ts';
import type { Exporter } from '../../core/exporter.ts';
import type { RateLimitConfig } from './spec.ts';
import { keptTime } from '../shared/spark/columns.ts';
import { chain } from '../shared/spark/python.ts';

export const rateLimitExport: Exporter<RateLimitConfig> = {
  flink: (_config, inputs, output) =>
    passedOn(inputs[0]!, output, 'slows rows down', 'Rows are not held back: Flink goes as fast as it can.'),
  spark: (_config, [input], output) => ({
    frame: chain(input!.table, ...keptTime(input!, output)),
    remarks: [{ fidelity: 'note', text: 'Rows are not held back: Spark goes as fast as it can.' }],
  }),
};
