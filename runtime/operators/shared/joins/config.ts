/** What all joins of two streams are told: which fields are equal, what else has to hold, and which rows stay without a match. */
import { c, type ConfigField } from '../../../core/config.ts';
import { BOOLEAN } from '../../../core/types.ts';

/** As SQL's: whose rows come out, beside NULLs, when nothing matches them. */
export type JoinKind = 'inner' | 'left' | 'right' | 'full';

export interface JoinPair {
  readonly left: string;
  readonly right: string;
}

export interface JoinConfig {
  readonly on: readonly JoinPair[];
  readonly kind: JoinKind;
  readonly condition: string | null;
}

export const onField: ConfigField<readonly JoinPair[]> = c.list(
  { label: 'On', help: 'Pairs of fields that are equal in rows that match. NULL equals nothing.' },
  c.object(
    { label: 'Pair', help: 'A field of each input, of the same type.' },
    {
      left: c.field({ label: 'Left', help: 'Field of the left input.' }, { input: 'left' }),
      right: c.field({ label: 'Right', help: 'Field of the right input.' }, { input: 'right' }),
    },
  ),
  { itemLabel: 'pair', minLength: 1 },
);

export const kindField: ConfigField<JoinKind> = c.withDefault(
  c.choice(
    { label: 'Kind', help: 'Which rows come out, with NULLs for the other side, when nothing matches them.' },
    { inner: 'Inner', left: 'Left outer', right: 'Right outer', full: 'Full outer' },
  ),
  'inner',
);

export const conditionField: ConfigField<string | null> = c.optional(
  c.expression(
    {
      label: 'Condition',
      help: 'What else must be TRUE of two rows that match, such as left.price < right.price.',
    },
    { expects: BOOLEAN },
  ),
);

/** `id = orderId`: for the line under a node's label. */
export function describeOn(on: readonly JoinPair[]): string {
  return on.map(({ left, right }) => (left === right ? left : `${left} = ${right}`)).join(', ');
}

export function keepsLeft(kind: JoinKind): boolean {
  return kind === 'left' || kind === 'full';
}

export function keepsRight(kind: JoinKind): boolean {
  return kind === 'right' || kind === 'full';
}
