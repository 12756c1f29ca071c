import { noQuery } from '../../core/exporter.ts';

export const faultInjectorExport = noQuery(
  'injects faults, which is nothing that a query can ask for',
  'injects faults, which is for trials here: leave it out',
);
