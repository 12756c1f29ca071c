import type { Exporter } from '../../core/exporter.ts';
import type { WatermarkConfig } from './spec.ts';

export const watermarkExport: Exporter<WatermarkConfig> = {
  facts: ({ eventTime }) => ({ time: eventTime.field, isWindowed: false }),
  flink: () => ({
    unsupported: 'assigns watermarks, which a query cannot: a table of Flink declares them. Leave it out',
  }),
};
