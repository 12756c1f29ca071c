/** The one place where the engine touches the process' timers; operators and tasks get theirs from their context. */
/* eslint-disable no-restricted-globals -- see above */

export type Cancel = () => void;

export interface SystemTimers {
  after(ms: number, action: () => void): Cancel;
  every(ms: number, action: () => void): Cancel;
}

export const systemTimers: SystemTimers = {
  after(ms, action) {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
  every(ms, action) {
    const timer = setInterval(action, ms);
    return () => clearInterval(timer);
  },
};

/** ms since the epoch, with fractions, never going back within a process. */
export function preciseNow(): number {
  return performance.timeOrigin + performance.now();
}

/** Settles after `ms`; does not keep a thread alive for it. */
export function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
