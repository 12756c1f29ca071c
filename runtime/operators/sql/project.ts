/** SELECT lists as `project`. */
import type { TextRange } from '../../core/diagnostics.ts';
import type { Origin } from '../../core/expansion.ts';
import { say } from '../../core/say.ts';
import type { Context } from './context.ts';
import { unsupported } from './problem.ts';
import { fieldColumn, heldColumns, type Column, type Relation } from './relation.ts';

interface Naming {
  readonly id: string;
  readonly label: string;
  readonly range: TextRange;
  /** Where the columns were written, in their order. */
  readonly origins?: readonly (Origin | null)[];
}

/** A relation whose columns are the fields of its stream, in order: with an operator only where they are not yet. */
export function project(
  relation: Relation,
  { builder, prefix }: Context,
  { id, label, range, origins = [] }: Naming,
): Relation {
  if (relation.rank !== null) {
    const { name } = relation.rank;
    throw unsupported(
      say`ROW_NUMBER without a limit`,
      say`keep the first rows in an outer query: SELECT * FROM (…) WHERE ${name} <= 10`,
      relation.rank.range,
    );
  }
  if (relation.window !== null) {
    throw unsupported(
      say`a window without an aggregate`,
      say`GROUP BY window_start, window_end, or join two tables in the same window by both`,
      relation.window.range,
    );
  }
  const columns = heldColumns(relation);
  if (isHeld(relation, columns)) return relation;
  const source = builder.add(
    {
      id: `${prefix}${id}`,
      type: 'project',
      label,
      config: { fields: columns.map(({ name, text }) => ({ as: name, expr: text })) },
      range,
      origins: Object.fromEntries(
        origins.flatMap((origin, i): [string, Origin][] => (origin === null ? [] : [[`fields[${i}].expr`, origin]])),
      ),
    },
    [['in', relation.source]],
  );
  return { ...relation, source, columns: columns.map(heldAs), fields: columns.map(({ name }) => name) };
}

/** Without the fields that are no columns: names of what an operator adds or joins do not clash with theirs. A window stays to be made. */
export function narrowed(relation: Relation, context: Context, naming: Naming): Relation {
  const columns = heldColumns(relation);
  if (relation.rank !== null || isHeld(relation, columns)) return relation;
  const { window } = relation;
  const made = project({ ...relation, columns, window: null }, context, naming);
  return { ...made, window, columns: [...made.columns, ...relation.columns.filter(({ text }) => text === null)] };
}

/** Under its name as a field. A window's start is known by its name. */
function heldAs(column: Column): Column {
  const { name, table, isTime, windowPart, type } = column;
  return { ...fieldColumn(name), table, isTime, windowPart: windowPart === name ? windowPart : null, type };
}

/** Whether the columns are the fields of the stream, all of them and in order. */
function isHeld({ fields }: Relation, columns: readonly Column[]): boolean {
  return (
    columns.length === fields.length && columns.every(({ field, name }, i) => field === name && field === fields[i])
  );
}
