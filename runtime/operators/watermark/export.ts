import type { Exporter } from '../../core/exporter.ts';
import { say } from '../../core/say.ts';
import type { WatermarkConfig } from './spec.ts';
import { timeRemarks, watermarkCalls } from '../shared/spark/sources.ts';
import { chain } from '../shared/spark/python.ts';
import { javaText } from '../../expression/index.ts';
import { names } from '../shared/storm/java.ts';
import { NEVER_IDLE } from '../shared/storm/sources.ts';
import { milliseconds } from '../shared/storm/windows.ts';

export const watermarkExport: Exporter<WatermarkConfig> = {
  facts: ({ eventTime }) => ({ time: eventTime.field, isWindowed: false }),
  flink: () => ({
    unsupported: say`assigns watermarks, which a query cannot: a table of Flink declares them. Leave it out`,
  }),
  spark({ eventTime }, inputs, _output, job) {
    const input = inputs[0]!;
    if (job.mode === 'streaming' && input.isWatermarked) {
      return {
        unsupported: say`gives rows another event time, and Spark takes one only: leave out that of the source`,
      };
    }
    return { frame: chain(input.table, ...watermarkCalls(eventTime, job)), remarks: timeRemarks(eventTime, job) };
  },
  storm: ({ eventTime }, _inputs, outputs) => ({
    base: 'WatermarkBolt',
    args: [javaText(eventTime.field), milliseconds(eventTime.maxOutOfOrdernessMs), ...names(outputs.out!.schema)],
    remarks: eventTime.idleTimeoutMs > 0 ? [NEVER_IDLE] : [],
  }),
};
