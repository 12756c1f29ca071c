import type { Exporter } from '../../core/exporter.ts';
import type { RouteConfig } from './spec.ts';

export const routeExport: Exporter<RouteConfig> = {
  flink: () => ({ unsupported: 'has several outputs, and a query has one: use filters' }),
};
