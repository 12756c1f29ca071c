import { configuredSource } from '../shared/flink-sql/sources.ts';
import type { SourceSocketConfig } from './spec.ts';

export const sourceSocketExport = configuredSource<SourceSocketConfig>();
