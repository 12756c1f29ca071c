import { configuredSource } from '../shared/flink-sql/sources.ts';
import type { SourceGeneratorConfig } from './spec.ts';

export const sourceGeneratorExport = configuredSource<SourceGeneratorConfig>();
