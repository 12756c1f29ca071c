/** What every operator becomes in other systems. Composites are told by what they stand for. */
import type { AnyExporter, Exporter } from '../core/exporter.ts';
import type { CompositeSpec, OperatorSpec } from '../core/operator.ts';
import { aggregateRunningExport } from './aggregate-running/export.ts';
import { aggregateWindowExport } from './aggregate-window/export.ts';
import type { catalog, OperatorType } from './catalog.ts';
import { changelogExport } from './changelog/export.ts';
import { dedupExport } from './dedup/export.ts';
import { faultInjectorExport } from './fault-injector/export.ts';
import { filterExport } from './filter/export.ts';
import { joinIntervalExport } from './join-interval/export.ts';
import { joinLookupExport } from './join-lookup/export.ts';
import { joinStreamExport } from './join-stream/export.ts';
import { joinTemporalExport } from './join-temporal/export.ts';
import { joinWindowExport } from './join-window/export.ts';
import { overExport } from './over/export.ts';
import { patternExport } from './pattern/export.ts';
import { processJsExport } from './process-js/export.ts';
import { projectExport } from './project/export.ts';
import { rateLimitExport } from './rate-limit/export.ts';
import { routeExport } from './route/export.ts';
import { sampleExport } from './sample/export.ts';
import { sinkDashboardExport } from './sink-dashboard/export.ts';
import { sinkFileExport } from './sink-file/export.ts';
import { sinkHttpExport } from './sink-http/export.ts';
import { sinkPrintExport } from './sink-print/export.ts';
import { sinkTableExport } from './sink-table/export.ts';
import { sinkWebSocketExport } from './sink-websocket/export.ts';
import { sourceFileExport } from './source-file/export.ts';
import { sourceGeneratorExport } from './source-generator/export.ts';
import { sourceHttpExport } from './source-http/export.ts';
import { sourceNexmarkExport } from './source-nexmark/export.ts';
import { sourceSocketExport } from './source-socket/export.ts';
import { sourceWebSocketExport } from './source-websocket/export.ts';
import { topnExport } from './topn/export.ts';
import { unionExport } from './union/export.ts';
import { unnestExport } from './unnest/export.ts';
import { watermarkExport } from './watermark/export.ts';

export const exporters = {
  'aggregate.running': aggregateRunningExport,
  'aggregate.window': aggregateWindowExport,
  changelog: changelogExport,
  dedup: dedupExport,
  faultInjector: faultInjectorExport,
  filter: filterExport,
  'join.interval': joinIntervalExport,
  'join.lookup': joinLookupExport,
  'join.stream': joinStreamExport,
  'join.temporal': joinTemporalExport,
  'join.window': joinWindowExport,
  over: overExport,
  pattern: patternExport,
  'process.js': processJsExport,
  project: projectExport,
  rateLimit: rateLimitExport,
  route: routeExport,
  sample: sampleExport,
  'sink.dashboard': sinkDashboardExport,
  'sink.file': sinkFileExport,
  'sink.http': sinkHttpExport,
  'sink.print': sinkPrintExport,
  'sink.table': sinkTableExport,
  'sink.websocket': sinkWebSocketExport,
  'source.file': sourceFileExport,
  'source.generator': sourceGeneratorExport,
  'source.http': sourceHttpExport,
  'source.nexmark': sourceNexmarkExport,
  'source.socket': sourceSocketExport,
  'source.websocket': sourceWebSocketExport,
  topn: topnExport,
  union: unionExport,
  unnest: unnestExport,
  watermark: watermarkExport,
} satisfies {
  // Composites have no fragments of their own.
  [
    K in OperatorType as (typeof catalog)[K] extends CompositeSpec<infer _> ? never : K
  ]: (typeof catalog)[K] extends OperatorSpec<infer C> ? Exporter<C> : never;
};

/** Exporter of a type; null for a composite, and a type this version does not have. */
export function findExporter(type: string): AnyExporter | null {
  return Object.hasOwn(exporters, type) ? exporters[type as keyof typeof exporters] : null;
}
