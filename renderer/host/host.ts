/** The one place that knows which host serves this page. Set once, before the first render. */
import type { HostApi } from '../../runtime/protocol/host.ts';

let current: HostApi | null = null;

export function setHost(host: HostApi): void {
  current = host;
}

export function host(): HostApi {
  if (current === null) throw new Error('the page asked its host before it was connected');
  return current;
}
