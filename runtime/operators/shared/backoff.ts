/** How long to wait before the next attempt at what failed: twice as long each time, up to a limit. */
import { c, type ConfigField } from '../../core/config.ts';

export interface BackoffConfig {
  /** In ms. */
  readonly initialDelay: number;
  /** In ms. */
  readonly maxDelay: number;
  /** Failures in a row until the job fails; null = it never gives up. */
  readonly maxAttempts: number | null;
}

export function backoffField(text: { readonly label: string; readonly help: string }): ConfigField<BackoffConfig> {
  const field = c.object(text, {
    initialDelay: c.withDefault(
      c.duration({
        label: 'First wait',
        help: 'How long to wait after the first failure; twice as long after each further one.',
      }),
      '500 milliseconds',
    ),
    maxDelay: c.withDefault(c.duration({ label: 'Longest wait', help: 'No wait is longer.' }), '30 seconds'),
    maxAttempts: c.optional(
      c.integer(
        { label: 'Attempts', help: 'Failures in a row until the job fails; it never gives up when left out.' },
        { min: 1 },
      ),
    ),
  });
  return c.withDefault(field, {});
}

/** Half to all of the delay, by chance, so that many who lost the same server do not come back at once. `failures` counts from 1. */
export function delayAfter({ initialDelay, maxDelay }: BackoffConfig, failures: number, random: () => number): number {
  const delay = Math.min(maxDelay, initialDelay * 2 ** (failures - 1));
  return Math.ceil(delay * (0.5 + random() / 2));
}
