import { backpressure } from './backpressure.ts';
import type { Benchmark } from './benchmark.ts';
import { checkpointing } from './checkpointing.ts';
import { debugging } from './debugging.ts';
import { latency } from './latency.ts';
import { parallelism } from './parallelism.ts';
import { recordSize } from './record-size.ts';
import { stateGrowth } from './state-growth.ts';
import { throughput } from './throughput.ts';
import { userCode } from './user-code.ts';
import { watching } from './watching.ts';

export { printTable, type Benchmark } from './benchmark.ts';

export const benchmarks: readonly Benchmark[] = [
  throughput,
  watching,
  parallelism,
  recordSize,
  stateGrowth,
  checkpointing,
  backpressure,
  latency,
  userCode,
  debugging,
];
