import type { Benchmark } from './benchmark.ts';
import { throughput } from './throughput.ts';

export { printTable, type Benchmark } from './benchmark.ts';

export const benchmarks: readonly Benchmark[] = [throughput];
