import { noQuery } from '../../core/exporter.ts';

export const processJsExport = noQuery('runs code, which a query cannot hold');
