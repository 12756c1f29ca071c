/** Every operator's runtime. Loaded by the engine's workers. */
import type { OperatorFactory, OperatorSpec } from '../core/operator.ts';
import { createAggregateWindow } from './aggregate-window/runtime.ts';
import type { catalog, OperatorType } from './catalog.ts';
import { createFilter } from './filter/runtime.ts';
import { createProject } from './project/runtime.ts';
import { createRoute } from './route/runtime.ts';
import { createSinkFile } from './sink-file/runtime.ts';
import { createSinkPrint } from './sink-print/runtime.ts';
import { createSinkTable } from './sink-table/runtime.ts';
import { createSourceFile } from './source-file/runtime.ts';
import { createSourceGenerator } from './source-generator/runtime.ts';
import { createUnion } from './union/runtime.ts';
import { createUnnest } from './unnest/runtime.ts';
import { createWatermark } from './watermark/runtime.ts';

export const runtimes = {
  'aggregate.window': createAggregateWindow,
  filter: createFilter,
  project: createProject,
  route: createRoute,
  'sink.file': createSinkFile,
  'sink.print': createSinkPrint,
  'sink.table': createSinkTable,
  'source.file': createSourceFile,
  'source.generator': createSourceGenerator,
  union: createUnion,
  unnest: createUnnest,
  watermark: createWatermark,
} satisfies { [K in OperatorType]: (typeof catalog)[K] extends OperatorSpec<infer C> ? OperatorFactory<C> : never };
