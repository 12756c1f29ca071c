import { sourceExport } from '../shared/flink-sql/sources.ts';
import type { SourceNexmarkConfig } from './spec.ts';

export const sourceNexmarkExport = sourceExport<SourceNexmarkConfig>(() => 'dateTime');
