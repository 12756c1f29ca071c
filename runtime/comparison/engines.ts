/** The real engines, by the names that `--target` takes. */
import { ENGINE_TARGETS, type EngineName } from '../protocol/comparison.ts';
import versions from '../exporters/engines.json' with { type: 'json' };
import type { EngineSetup } from './engine.ts';
import { FlinkEngine } from './flink/flink-engine.ts';
import { flinkSources } from './flink/sources.ts';
import { SparkEngine } from './spark/spark-engine.ts';
import { sparkSources } from './spark/sources.ts';
import { StormEngine } from './storm/storm-engine.ts';
import { stormSources } from './storm/sources.ts';

export const engines: Readonly<Record<EngineName, EngineSetup>> = {
  flink: {
    name: 'flink',
    label: `Apache Flink ${versions.flink}`,
    target: ENGINE_TARGETS.flink,
    triesBatch: false,
    start: (options) => FlinkEngine.start(flinkSources, options),
  },
  spark: {
    name: 'spark',
    label: `Apache Spark ${versions.spark}`,
    target: ENGINE_TARGETS.spark,
    triesBatch: true,
    start: (options) => SparkEngine.start(sparkSources, options),
  },
  storm: {
    name: 'storm',
    label: `Apache Storm ${versions.storm}`,
    target: ENGINE_TARGETS.storm,
    triesBatch: false,
    start: (options) => StormEngine.start(stormSources, options),
  },
};
