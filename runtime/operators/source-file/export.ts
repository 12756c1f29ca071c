import { configuredSource } from '../shared/flink-sql/sources.ts';
import type { SourceFileConfig } from './spec.ts';

export const sourceFileExport = configuredSource<SourceFileConfig>();
