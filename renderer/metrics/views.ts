/** How each metric is drawn. */
import { formatBytes, formatDuration, formatEventTimeFull, formatRate, formatShare } from '../ui/format.ts';
import type { MetricId } from './series.ts';

export interface MetricView {
  readonly id: MetricId;
  readonly format: (value: number) => string;
  readonly max: number | null;
  readonly isFloating?: boolean;
  readonly axisWidth?: number;
  /** Steps of the scale; null = powers of ten. */
  readonly steps: readonly number[] | null;
}

/** 1, 2, 4, … bytes: their multiples read as whole numbers of kB, MB, GB. */
const BYTE_STEPS = Array.from({ length: 45 }, (_, i) => 2 ** i);

/** Seconds, minutes, hours and days that are read with ease. */
const TIME_STEPS = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 604_800].map(
  (s) => s * 1000,
);

const formatDay = (ms: number): string => formatEventTimeFull(ms).slice(5, 19);

export const VIEWS: readonly MetricView[] = [
  { id: 'throughput', format: formatRate, max: null, steps: null },
  { id: 'busy', format: formatShare, max: 1, steps: null },
  { id: 'backPressured', format: formatShare, max: 1, steps: null },
  { id: 'skew', format: (value) => `× ${value.toFixed(1)}`, max: null, steps: null },
  { id: 'threads', format: formatShare, max: 1, steps: null },
  { id: 'lag', format: formatDuration, max: null, steps: null },
  { id: 'latency', format: formatDuration, max: null, steps: null },
  { id: 'state', format: formatBytes, max: null, steps: BYTE_STEPS },
  { id: 'memory', format: formatBytes, max: null, steps: BYTE_STEPS },
];
/** In place of the lag, which says nothing of event time of other days. */
export const WATERMARK: MetricView = {
  id: 'watermark',
  format: formatDay,
  max: null,
  isFloating: true,
  axisWidth: 96,
  steps: TIME_STEPS,
};

export function metricView(id: MetricId): MetricView {
  return VIEWS.find((view) => view.id === id) ?? WATERMARK;
}
