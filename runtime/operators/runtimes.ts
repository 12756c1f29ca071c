/** Every operator's runtime. Loaded by the engine's workers. */
import type { CompositeSpec, OperatorFactory, OperatorSpec } from '../core/operator.ts';
import { createAggregateRunning } from './aggregate-running/runtime.ts';
import { createAggregateWindow } from './aggregate-window/runtime.ts';
import type { catalog, OperatorType } from './catalog.ts';
import { createChangelog } from './changelog/runtime.ts';
import { createDedup } from './dedup/runtime.ts';
import { createFaultInjector } from './fault-injector/runtime.ts';
import { createFilter } from './filter/runtime.ts';
import { createJoinInterval } from './join-interval/runtime.ts';
import { createJoinLookup } from './join-lookup/runtime.ts';
import { createJoinStream } from './join-stream/runtime.ts';
import { createJoinTemporal } from './join-temporal/runtime.ts';
import { createJoinWindow } from './join-window/runtime.ts';
import { createOver } from './over/runtime.ts';
import { createPattern } from './pattern/runtime.ts';
import { createProcessJs } from './process-js/runtime.ts';
import { createProject } from './project/runtime.ts';
import { createRateLimit } from './rate-limit/runtime.ts';
import { createRoute } from './route/runtime.ts';
import { createSample } from './sample/runtime.ts';
import { createSinkDashboard } from './sink-dashboard/runtime.ts';
import { createSinkFile } from './sink-file/runtime.ts';
import { createSinkHttp } from './sink-http/runtime.ts';
import { createSinkPrint } from './sink-print/runtime.ts';
import { createSinkTable } from './sink-table/runtime.ts';
import { createSinkWebSocket } from './sink-websocket/runtime.ts';
import { createSourceFile } from './source-file/runtime.ts';
import { createSourceGenerator } from './source-generator/runtime.ts';
import { createSourceHttp } from './source-http/runtime.ts';
import { createSourceNexmark } from './source-nexmark/runtime.ts';
import { createSourceSocket } from './source-socket/runtime.ts';
import { createSourceWebSocket } from './source-websocket/runtime.ts';
import { createTopn } from './topn/runtime.ts';
import { createUnion } from './union/runtime.ts';
import { createUnnest } from './unnest/runtime.ts';
import { createWatermark } from './watermark/runtime.ts';

export const runtimes = {
  'aggregate.running': createAggregateRunning,
  'aggregate.window': createAggregateWindow,
  changelog: createChangelog,
  dedup: createDedup,
  faultInjector: createFaultInjector,
  filter: createFilter,
  'join.interval': createJoinInterval,
  'join.lookup': createJoinLookup,
  'join.stream': createJoinStream,
  'join.temporal': createJoinTemporal,
  'join.window': createJoinWindow,
  over: createOver,
  pattern: createPattern,
  'process.js': createProcessJs,
  project: createProject,
  rateLimit: createRateLimit,
  route: createRoute,
  sample: createSample,
  'sink.dashboard': createSinkDashboard,
  'sink.file': createSinkFile,
  'sink.http': createSinkHttp,
  'sink.print': createSinkPrint,
  'sink.table': createSinkTable,
  'sink.websocket': createSinkWebSocket,
  'source.file': createSourceFile,
  'source.generator': createSourceGenerator,
  'source.http': createSourceHttp,
  'source.nexmark': createSourceNexmark,
  'source.socket': createSourceSocket,
  'source.websocket': createSourceWebSocket,
  topn: createTopn,
  union: createUnion,
  unnest: createUnnest,
  watermark: createWatermark,
} satisfies {
  // Composites have no runtime.
  [
    K in OperatorType as (typeof catalog)[K] extends CompositeSpec<infer _> ? never : K
  ]: (typeof catalog)[K] extends OperatorSpec<infer C> ? OperatorFactory<C> : never;
};
