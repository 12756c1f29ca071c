/** After which delay a failed job is started again, as its settings say. */
import type { RestartSettings } from '../graph/settings.ts';

/** Delay in ms before restart number `attempt` (1 = the first), or null when the job has to give up. */
export function restartDelayMs(settings: RestartSettings, attempt: number): number | null {
  switch (settings.strategy) {
    case 'none':
      return null;
    case 'fixed-delay':
      return attempt > settings.maxAttempts ? null : settings.delayMs;
    case 'exponential-delay':
      return attempt > settings.maxAttempts ? null : Math.min(settings.maxMs, settings.initialMs * 2 ** (attempt - 1));
  }
}
