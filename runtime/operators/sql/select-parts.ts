/** What a SELECT with aggregates and one without have in common. */
import type { Context } from './context.ts';
import type { Name } from './query.ts';
import type { Column, Relation } from './relation.ts';
import type { Rendered } from './render.ts';

/** `origins`: of the columns that are held. */
export interface Selected {
  readonly relation: Relation;
  readonly origins: readonly Rendered['origin'][];
}

/** Without an alias it is called as Flink calls it. */
export function computed(alias: Name | null, index: number, { text }: Rendered): Column {
  return {
    table: null,
    name: alias?.text ?? `EXPR$${index}`,
    text,
    field: null,
    isTime: false,
    windowPart: null,
    type: null,
  };
}

export function filter(
  relation: Relation,
  { text, origin }: Rendered,
  id: 'where' | 'having',
  { builder, prefix }: Context,
): Relation {
  const source = builder.add(
    {
      id: `${prefix}${id}`,
      type: 'filter',
      label: id.toUpperCase(),
      config: { condition: text },
      range: origin.range ?? { start: 0, end: 0 },
      origins: { condition: origin },
    },
    [['in', relation.source]],
  );
  return { ...relation, source };
}
