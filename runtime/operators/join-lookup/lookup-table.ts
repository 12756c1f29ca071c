/** What a lookup join is joined with. A table of another kind is one more file beside sqlite-table.ts. */
import type { Value } from '../../core/types.ts';

/** Of one row: a value for each pair of `on`, none of them NULL. */
export type Key = readonly Value[];
/** Rows of the table that have a key: of each the fields that are added, in order. */
export type Matches = readonly (readonly Value[])[];

export const NO_MATCHES: Matches = [];

/** A table that is asked, many keys at a time. */
export interface LookupTable {
  /** How messages name it. */
  readonly name: string;
  /** Connects, and checks that the table has the fields. Throws StreamError. */
  open(): void | Promise<void>;
  /** What matches each of the keys (distinct, at most `maxKeys`), at once or later. Throws or rejects: is asked again where that may help. */
  lookup(keys: readonly Key[]): readonly Matches[] | Promise<readonly Matches[]>;
  readonly maxKeys: number;
  close(): void;
}
