import type { Exporter } from '../../core/exporter.ts';
import { say } from '../../core/say.ts';
import { passedOn } from '../shared/flink-sql/select.ts';
import { keptTime } from '../shared/spark/columns.ts';
import { chain } from '../shared/spark/python.ts';
import { passingRows } from '../shared/storm/java.ts';
import type { FaultInjectorConfig } from './spec.ts';

/** Faults are for trials: what goes into production has none. */
export const faultInjectorExport: Exporter<FaultInjectorConfig> = {
  flink: (_config, inputs, output) => passedOn(inputs[0]!, output, say`injects faults`, NO_FAULTS),
  spark: (_config, [input], output) => ({
    frame: chain(input!.table, ...keptTime(input!, output)),
    remarks: [{ fidelity: 'note', text: NO_FAULTS }],
  }),
  storm: (_config, _inputs, outputs) => ({
    ...passingRows(outputs.out!.schema),
    remarks: [{ fidelity: 'note', text: NO_FAULTS }],
  }),
};

const NO_FAULTS = say`Rows pass as they are: faults are for trials in Millrace, and are not exported.`;
