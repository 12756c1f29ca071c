import { configuredSource } from '../shared/flink-sql/sources.ts';
import type { SourceHttpConfig } from './spec.ts';

export const sourceHttpExport = configuredSource<SourceHttpConfig>();
