/** Every operator's spec. Loaded by the compiler and the app: no runtime code in here. */
import type { AnyOperatorSpec } from '../core/operator.ts';
import { aggregateRunningSpec } from './aggregate-running/spec.ts';
import { aggregateWindowSpec } from './aggregate-window/spec.ts';
import { changelogSpec } from './changelog/spec.ts';
import { dedupSpec } from './dedup/spec.ts';
import { faultInjectorSpec } from './fault-injector/spec.ts';
import { filterSpec } from './filter/spec.ts';
import { joinIntervalSpec } from './join-interval/spec.ts';
import { joinLookupSpec } from './join-lookup/spec.ts';
import { joinStreamSpec } from './join-stream/spec.ts';
import { joinTemporalSpec } from './join-temporal/spec.ts';
import { joinWindowSpec } from './join-window/spec.ts';
import { overSpec } from './over/spec.ts';
import { patternSpec } from './pattern/spec.ts';
import { processJsSpec } from './process-js/spec.ts';
import { projectSpec } from './project/spec.ts';
import { rateLimitSpec } from './rate-limit/spec.ts';
import { routeSpec } from './route/spec.ts';
import { sampleSpec } from './sample/spec.ts';
import { sinkDashboardSpec } from './sink-dashboard/spec.ts';
import { sinkFileSpec } from './sink-file/spec.ts';
import { sinkHttpSpec } from './sink-http/spec.ts';
import { sinkPrintSpec } from './sink-print/spec.ts';
import { sinkTableSpec } from './sink-table/spec.ts';
import { sinkWebSocketSpec } from './sink-websocket/spec.ts';
import { sourceFileSpec } from './source-file/spec.ts';
import { sourceGeneratorSpec } from './source-generator/spec.ts';
import { sourceHttpSpec } from './source-http/spec.ts';
import { sourceNexmarkSpec } from './source-nexmark/spec.ts';
import { sourceSocketSpec } from './source-socket/spec.ts';
import { sourceWebSocketSpec } from './source-websocket/spec.ts';
import { sqlSpec } from './sql/spec.ts';
import { subPipelineInputSpec } from './subpipeline-input/spec.ts';
import { subPipelineOutputSpec } from './subpipeline-output/spec.ts';
import { subPipelineSpec } from './subpipeline/spec.ts';
import { topnSpec } from './topn/spec.ts';
import { unionSpec } from './union/spec.ts';
import { unnestSpec } from './unnest/spec.ts';
import { watermarkSpec } from './watermark/spec.ts';

export const catalog = {
  'aggregate.running': aggregateRunningSpec,
  'aggregate.window': aggregateWindowSpec,
  changelog: changelogSpec,
  dedup: dedupSpec,
  faultInjector: faultInjectorSpec,
  filter: filterSpec,
  'join.interval': joinIntervalSpec,
  'join.lookup': joinLookupSpec,
  'join.stream': joinStreamSpec,
  'join.temporal': joinTemporalSpec,
  'join.window': joinWindowSpec,
  over: overSpec,
  pattern: patternSpec,
  'process.js': processJsSpec,
  project: projectSpec,
  rateLimit: rateLimitSpec,
  route: routeSpec,
  sample: sampleSpec,
  'sink.dashboard': sinkDashboardSpec,
  'sink.file': sinkFileSpec,
  'sink.http': sinkHttpSpec,
  'sink.print': sinkPrintSpec,
  'sink.table': sinkTableSpec,
  'sink.websocket': sinkWebSocketSpec,
  'source.file': sourceFileSpec,
  'source.generator': sourceGeneratorSpec,
  'source.http': sourceHttpSpec,
  'source.nexmark': sourceNexmarkSpec,
  'source.socket': sourceSocketSpec,
  'source.websocket': sourceWebSocketSpec,
  sql: sqlSpec,
  subpipeline: subPipelineSpec,
  'subpipeline.input': subPipelineInputSpec,
  'subpipeline.output': subPipelineOutputSpec,
  topn: topnSpec,
  union: unionSpec,
  unnest: unnestSpec,
  watermark: watermarkSpec,
} as const;

export type OperatorType = keyof typeof catalog;

/** Spec of a type, or null for one this version does not have. */
export function findSpec(type: string): AnyOperatorSpec | null {
  return Object.hasOwn(catalog, type) ? catalog[type as OperatorType] : null;
}
