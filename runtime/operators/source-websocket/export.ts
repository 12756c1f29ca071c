import { configuredSource } from '../shared/flink-sql/sources.ts';
import type { SourceWebSocketConfig } from './spec.ts';

export const sourceWebSocketExport = configuredSource<SourceWebSocketConfig>();
