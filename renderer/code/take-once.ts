/** Requests to show a place outlive what shows it: an editor that is made anew must not jump to where a click led minutes ago. */
const taken = new WeakMap<object, Set<string>>();

/** True for the first call with this request by this kind of taker. */
export function takeOnce(request: object, taker: string): boolean {
  const takers = taken.get(request) ?? new Set();
  taken.set(request, takers);
  if (takers.has(taker)) return false;
  takers.add(taker);
  return true;
}
