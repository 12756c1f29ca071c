/** What an answer, or its absence, says of sending the request again. */
import { StreamError } from '../../core/errors.ts';
import type { HttpResponse } from '../../core/network-io.ts';

/** Request Timeout, Too Early, Too Many Requests (RFC 9110, 8470, 6585). */
const PASSING = new Set([408, 425, 429]);

export function isWorthAnotherTry(outcome: HttpResponse | StreamError): boolean {
  if (outcome instanceof StreamError) return outcome.retryable;
  return PASSING.has(outcome.status) || outcome.status >= 500;
}

/** What the header Retry-After asks for, seconds or a date (RFC 9110 §10.2.3), in ms from `now`; 0 when it asks for nothing. */
export function retryAfterMs(outcome: HttpResponse | StreamError, now: number): number {
  const text = outcome instanceof StreamError ? undefined : outcome.headers['retry-after']?.trim();
  if (text === undefined) return 0;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? 0 : Math.max(0, ms);
}
