/** SET statements as settings of a document: the way back of `exporters/flink/settings.ts`. */
import { DEFAULT_SETTINGS, settingsSchema, type Settings } from '../../graph/index.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, sec: 1000, min: 60_000, m: 60_000, h: 3_600_000 };

/** `1000 ms`, `10 s`, `3min` */
function ms(text: string): number {
  const [, amount = '0', unit = 'ms'] = /^\s*(\d+)\s*([a-z]*)\s*$/i.exec(text) ?? [];
  return Number(amount) * (UNITS[unit.toLowerCase()] ?? 1);
}

const text = (value: string): string => value.toLowerCase();

/** Where each key belongs, and what its value is there. */
const PLACES: Readonly<Record<string, readonly [place: string, read: (value: string) => unknown]>> = {
  'execution.runtime-mode': ['runtimeMode', text],
  'parallelism.default': ['parallelism', Number],
  'execution.checkpointing.interval': ['checkpoint.intervalMs', ms],
  'execution.checkpointing.mode': ['checkpoint.mode', (value) => text(value).replaceAll('_', '-')],
  'execution.checkpointing.unaligned.enabled': ['checkpoint.alignment', (value) => (value === 'true' ? 'unaligned' : 'aligned')], // prettier-ignore
  'execution.checkpointing.aligned-checkpoint-timeout': ['checkpoint.alignedTimeoutMs', ms],
  'execution.checkpointing.timeout': ['checkpoint.timeoutMs', ms],
  'execution.checkpointing.min-pause': ['checkpoint.minPauseMs', ms],
  'execution.checkpointing.tolerable-failed-checkpoints': ['checkpoint.tolerableFailures', Number],
  'state.backend.type': ['stateBackend', (value) => (value === 'rocksdb' ? 'rocksdb' : 'memory')],
  'restart-strategy.type': ['restart.strategy', text],
  'restart-strategy.fixed-delay.attempts': ['restart.maxAttempts', Number],
  'restart-strategy.fixed-delay.delay': ['restart.delayMs', ms],
  'restart-strategy.exponential-delay.initial-backoff': ['restart.initialMs', ms],
  'restart-strategy.exponential-delay.max-backoff': ['restart.maxMs', ms],
  'restart-strategy.exponential-delay.attempts-before-reset-backoff': ['restart.maxAttempts', Number],
  'restart-strategy.exponential-delay.reset-backoff-threshold': ['restart.resetAfterMs', ms],
  'restart-strategy.failure-rate.max-failures-per-interval': ['restart.maxFailures', Number],
  'restart-strategy.failure-rate.failure-rate-interval': ['restart.intervalMs', ms],
  'restart-strategy.failure-rate.delay': ['restart.delayMs', ms],
};

/** Keys that say how Flink is to do what is done here anyway. */
const SAME_HERE = new Set(['pipeline.name', 'table.local-time-zone', 'pipeline.auto-watermark-interval', 'table.exec.source.idle-timeout']); // prettier-ignore

export interface ReadSettings {
  readonly settings: Settings;
  /** Keys that have no place here. */
  readonly ignored: readonly string[];
}

export function readSettings(pairs: ReadonlyMap<string, string>): ReadSettings {
  const written: Record<string, unknown> = {};
  const ignored: string[] = [];
  for (const [key, value] of pairs) {
    const place = PLACES[key];
    if (place !== undefined) put(written, place[0].split('.'), place[1](value));
    else if (!SAME_HERE.has(key)) ignored.push(key);
  }
  const { success, data } = settingsSchema.safeParse(written);
  return success ? { settings: data, ignored } : { settings: DEFAULT_SETTINGS, ignored: [...pairs.keys()] };
}

function put(into: Record<string, unknown>, [first, second]: readonly string[], value: unknown): void {
  if (second === undefined) into[first!] = value;
  else into[first!] = { ...(into[first!] as object | undefined), [second]: value };
}
