import type { Exporter } from '../../core/exporter.ts';
import type { RateLimitConfig } from './spec.ts';

export const rateLimitExport: Exporter<RateLimitConfig> = {
  flink: () => ({ unsupported: 'slows rows down, which is nothing that a query can ask for' }),
};
