/**
 * How long latency markers took from source to sink, counted in buckets that a task writes and the job manager reads in shared memory.
 * HdrHistogram's idea: 16 buckets for each doubling, so a value is known to about 3 %, from 0.1 ms to 10 minutes, without an
 * allocation or a comparison of buckets.
 */
import type { LatencySummary } from '../../protocol/job.ts';

const UNIT_MS = 0.1;
const MAX_MS = 600_000;
const PER_DOUBLING = 16;
const MAX_UNITS = MAX_MS / UNIT_MS;

/** Slots that a histogram takes. The first one is for what is below 0.1 ms. */
export const LATENCY_BUCKETS = bucketOf(MAX_MS) + 1;

/** What was counted longer ago than this is no longer in a summary. */
const WINDOW_MS = 10_000;
/** Summaries look back to the end of a step of this length. */
const STEP_MS = 1000;

/** Counts a latency in the histogram whose slots are from `at` on. */
export function recordLatency(slots: Float64Array, at: number, ms: number): void {
  slots[at + bucketOf(ms)]!++;
}

function bucketOf(ms: number): number {
  const units = Math.min(ms / UNIT_MS, MAX_UNITS);
  if (!(units >= 1)) return 0;
  const doublings = 31 - Math.clz32(units);
  return 1 + doublings * PER_DOUBLING + Math.floor((units / 2 ** doublings - 1) * PER_DOUBLING);
}

/** Middle of a bucket, in ms. */
function valueOf(bucket: number): number {
  if (bucket === 0) return UNIT_MS;
  const doublings = Math.floor((bucket - 1) / PER_DOUBLING);
  const part = (bucket - 1) % PER_DOUBLING;
  return UNIT_MS * 2 ** doublings * (1 + (part + 0.5) / PER_DOUBLING);
}

interface Snapshot {
  readonly at: number;
  readonly counts: Float64Array;
}

/** Reads one histogram: what came to it within the last ten seconds or so. */
export class LatencyReader {
  /** Oldest first; the first one is what summaries are the difference to. */
  readonly #snapshots: Snapshot[];

  constructor(now: number, counts: Float64Array) {
    this.#snapshots = [{ at: now, counts: Float64Array.from(counts) }];
  }

  /** `counts`: all of the histogram's slots as they are at `now` (ms). Null when nothing came. */
  read(now: number, counts: Float64Array): LatencySummary | null {
    const snapshots = this.#snapshots;
    while (snapshots.length > 1 && snapshots[1]!.at <= now - WINDOW_MS) snapshots.shift();
    const since = snapshots[0]!.counts;
    if (now - snapshots.at(-1)!.at >= STEP_MS) snapshots.push({ at: now, counts: Float64Array.from(counts) });
    return summarize(counts.map((count, bucket) => count - since[bucket]!));
  }
}

function summarize(counts: Float64Array): LatencySummary | null {
  const count = counts.reduce((sum, n) => sum + n, 0);
  if (count === 0) return null;
  const quantile = (share: number): number => {
    const rank = Math.ceil(share * count);
    let seen = 0;
    return valueOf(counts.findIndex((n) => (seen += n) >= rank));
  };
  return { count, p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99) };
}
