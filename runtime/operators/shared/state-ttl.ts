/** How long state may stay unused: the same field, and the same meaning, for every operator that forgets. */
import { c, type ConfigField } from '../../core/config.ts';
import type { StateTtl } from '../../core/state.ts';

/** `help` says what is forgotten and what that does to results. */
export function stateTtlField(help: string, label = 'State TTL'): ConfigField<number | null> {
  return c.optional(c.duration({ label, help: `${help} Empty or 0: never.` }));
}

/** For the spec of a table: a TTL of 0 is none, as in Flink. */
export function ttlOf(ms: number | null): { readonly ttl?: StateTtl } {
  return ms === null || ms === 0 ? {} : { ttl: { ms, update: 'on-create-and-write' } };
}
