/** What is said of several operators in Storm. */
import type { Remark, StormInput, Unsupported } from '../../../core/exporter.ts';
import { say } from '../../../core/say.ts';

/** `what`: the operator does, a sentence without its subject. */
export function needsInserts(inputs: readonly StormInput[], what: string): Unsupported | null {
  return inputs.some(({ isChangelog }) => isChangelog)
    ? { unsupported: say`${what}, and its rows change others here: put it before what makes the changes` }
    : null;
}

export function ttlRemark(ttls: readonly (number | null)[]): readonly Remark[] {
  if (!ttls.some((ttl) => ttl !== null && ttl > 0)) return [];
  return [{ fidelity: 'approximate', text: say`Nothing is forgotten: the library of the export has no TTL, and state grows with the keys.` }]; // prettier-ignore
}
