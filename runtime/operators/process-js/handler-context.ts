/** What handlers get as `ctx`: one frozen object of closures, so that its parts can be taken apart (`const { emit } = ctx`). */
import type { Clock } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import type { Handler } from './check-code.ts';
import type { Emitter } from './emitter.ts';
import type { KeyAtHand } from './key-at-hand.ts';
import { printLogLine } from './log-line.ts';
import { userError } from './user-error.ts';
import { describeValue } from './user-values.ts';

export type TimeDomain = 'event' | 'processing';

export interface HandlerContextParts {
  readonly emitter: Emitter;
  /** Null without keys. */
  readonly key: KeyAtHand | null;
  readonly clock: Clock;
  readonly log: (line: string) => void;
  readonly hasEventTime: boolean;
  /** `at` is whole; only called with a key at hand. */
  readonly setTimer: (domain: TimeDomain, at: number) => void;
  readonly deleteTimer: (domain: TimeDomain, at: number) => void;
  readonly moment: {
    /** Null: none is running. */
    handler(): Handler | null;
    /** NaN where there is none. */
    eventTime(): number;
    watermark(): number;
    timeDomain(): TimeDomain | null;
  };
}

export function handlerContext(parts: HandlerContextParts): unknown {
  const { emitter, key, clock, log, moment } = parts;
  const state = key?.state;

  const keyed = (what: string): KeyAtHand => {
    if (key === null) throw userError('MR2303', say`${what} belongs to a key: choose "keys"`);
    return key;
  };
  const timer = (domain: TimeDomain, change: (domain: TimeDomain, at: number) => void) => (at: unknown) => {
    keyed('ctx.timers').reachTimers();
    if (domain === 'event' && !parts.hasEventTime) {
      throw userError('MR2303', say`the input has no event time, so a timer in event time would never come due`);
    }
    change(domain, instantOf(at));
  };

  return Object.freeze({
    emit(first: unknown, second?: unknown, third?: unknown): void {
      const handler = moment.handler();
      if (handler === null || handler === 'onOpen') {
        throw userError('MR2303', say`ctx.emit is for onRow, onTimer and onEnd`);
      }
      emitter.emit(first, second, third);
    },
    get key(): unknown {
      return keyed('ctx.key').key;
    },
    get state(): unknown {
      keyed('ctx.state');
      return state;
    },
    timers: Object.freeze({
      event: timer('event', parts.setTimer),
      processing: timer('processing', parts.setTimer),
      deleteEvent: timer('event', parts.deleteTimer),
      deleteProcessing: timer('processing', parts.deleteTimer),
    }),
    get eventTime(): number | null {
      const time = moment.eventTime();
      return Number.isNaN(time) ? null : time;
    },
    get watermark(): number {
      return moment.watermark();
    },
    get timeDomain(): TimeDomain | null {
      return moment.timeDomain();
    },
    now: () => clock.now(),
    log: (...values: unknown[]) => log(printLogLine(values)),
  });
}

/** A timer must not come early: fractions of a millisecond are rounded up. */
function instantOf(value: unknown): number {
  const ms = typeof value === 'object' && value !== null ? Number(value) : value;
  if (typeof ms === 'number' && Number.isFinite(ms)) return Math.ceil(ms) + 0;
  throw userError('MR2303', say`a timer is set at a time in ms, not at ${describeValue(value)}`);
}
