import type { Exporter } from '../../core/exporter.ts';
import type { SampleConfig } from './spec.ts';

export const sampleExport: Exporter<SampleConfig> = {
  flink: () => ({ unsupported: 'keeps a share of the rows, which Flink SQL cannot say of a stream' }),
};
