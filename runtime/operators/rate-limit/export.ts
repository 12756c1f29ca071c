import { passedOn } from '../shared/flink-sql/select.ts';
import type { Exporter } from '../../core/exporter.ts';
import { say } from '../../core/say.ts';
import type { RateLimitConfig } from './spec.ts';
import { keptTime } from '../shared/spark/columns.ts';
import { chain } from '../shared/spark/python.ts';
import { passingRows } from '../shared/storm/java.ts';

export const rateLimitExport: Exporter<RateLimitConfig> = {
  flink: (_config, inputs, output) =>
    passedOn(inputs[0]!, output, say`slows rows down`, say`Rows are not held back: Flink goes as fast as it can.`),
  spark: (_config, [input], output) => ({
    frame: chain(input!.table, ...keptTime(input!, output)),
    remarks: [{ fidelity: 'note', text: say`Rows are not held back: Spark goes as fast as it can.` }],
  }),
  storm: (_config, _inputs, outputs) => ({
    ...passingRows(outputs.out!.schema),
    remarks: [{ fidelity: 'note', text: say`Rows are not held back: topology.max.spout.pending bounds how many are under way.` }], // prettier-ignore
  }),
};
