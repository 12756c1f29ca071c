/** JOIN: which of the join operators it is, and what of its condition is keys, time bounds or the rest. */
import type { Syntax } from '../../expression/index.ts';
import { say } from '../../core/say.ts';
import type { Context } from './context.ts';
import { signedDuration } from './intervals.ts';
import { QueryProblem, unsupported } from './problem.ts';
import { narrowed, project } from './project.ts';
import type { Join, Name } from './query.ts';
import { fieldColumn, findColumn, heldColumns, type Column, type Relation } from './relation.ts';
import { columnsOf, conjunctsOf, misplacedCall, namesIn, renderAll, type Rendered } from './render.ts';
import { readBounds, type Bounds, type Sides } from './time-bounds.ts';

interface Condition {
  readonly pairs: { readonly left: Column; readonly right: Column }[];
  readonly windowParts: Set<string>;
  bounds: Bounds | null;
  /** What else must be TRUE. */
  readonly rest: Syntax[];
}

/** `pending`: conjuncts of WHERE; those over both sides are taken out and become part of the condition. */
export function planJoin(
  join: Join,
  given: { readonly left: Relation; readonly right: Relation },
  context: Context,
  pending: Syntax[],
): Relation {
  const name =
    join.right.type === 'join' || join.right.type === 'unnest' ? 'right' : (nameOf(join.right)?.text ?? 'right');
  const { left: leftTable, right: rightTable } = withoutClash(given, name, context, join);
  const sides = { left: leftTable.columns, right: rightTable.columns };
  const call = join.on === null ? undefined : [...join.on.calls.values()][0];
  if (call !== undefined) throw misplacedCall(call.fn, call.range);
  const written = join.on === null ? [] : conjunctsOf(join.on.syntax);
  const conjuncts = [...written, ...takeJoining(pending, sides)];
  const condition = readCondition(conjuncts, sides);
  addUsing(condition, join.using, sides);

  const asOf = join.right.type === 'table' ? join.right.asOf : null;
  const isWindowed = leftTable.window !== null && rightTable.window !== null && condition.windowParts.size > 0;
  const left = isWindowed ? withoutWindow(leftTable) : held(leftTable, context, `${name}-left`, join);
  const right = isWindowed ? withoutWindow(rightTable) : held(rightTable, context, name, join);
  const type =
    asOf !== null
      ? 'join.temporal'
      : isWindowed
        ? 'join.window'
        : condition.bounds !== null
          ? 'join.interval'
          : 'join.stream';
  if (condition.pairs.length === 0) {
    throw unsupported(
      say`a join without equal columns`,
      say`add a condition such as a.id = b.id: rows are dealt out by it`,
      join.range,
    );
  }
  if (asOf !== null) checkVersions(join, asOf.syntax, left.columns);
  const specific = isWindowed
    ? { window: windowOf(leftTable, rightTable, condition, join) }
    : condition.bounds !== null && type === 'join.interval'
      ? { lowerBound: signedDuration(condition.bounds.lower), upperBound: signedDuration(condition.bounds.upper) }
      : {};
  const rest = renderRest(condition.rest, sides, join, context.text);
  const source = context.builder.add(
    {
      id: `${context.prefix}join-${name}`,
      type,
      label: `JOIN ${name}`,
      config: {
        on: condition.pairs.map((pair) => ({ left: fieldOf(pair.left, join), right: fieldOf(pair.right, join) })),
        ...specific,
        kind: join.kind,
        ...(rest === null ? {} : { condition: rest.text }),
      },
      range: join.range,
      origins: rest === null ? {} : { condition: rest.origin },
    },
    [
      ['left', left.source],
      ['right', right.source],
    ],
  );
  return joined(source, left, right, isWindowed, type === 'join.stream', join);
}

function nameOf(table: Exclude<Join['right'], { type: 'join' | 'unnest' }>): Name | null {
  return table.alias ?? (table.type === 'table' ? table.name : table.type === 'window' ? table.table : null);
}

/** Out of WHERE, what names columns of both sides. */
function takeJoining(pending: Syntax[], { left, right }: Sides): Syntax[] {
  const isJoining = (syntax: Syntax): boolean => {
    const names = namesIn(syntax).map((one) => sideOf(one, { left, right }));
    return names.includes('left') && names.includes('right') && !names.includes(null);
  };
  const taken = pending.filter(isJoining);
  pending.splice(0, pending.length, ...pending.filter((one) => !isJoining(one)));
  return taken;
}

function sideOf(name: Extract<Syntax, { node: 'name' }>, { left, right }: Sides): 'left' | 'right' | null {
  const found = findColumn([...left, ...right], name.path);
  if (found === null) return null;
  return left.includes(found.column) ? 'left' : 'right';
}

function readCondition(conjuncts: readonly Syntax[], sides: Sides): Condition {
  const condition: Condition = { pairs: [], windowParts: new Set(), bounds: null, rest: [] };
  for (const syntax of conjuncts) {
    const pair = readPair(syntax, sides);
    if (
      pair !== null &&
      pair.left.windowPart !== null &&
      pair.left.windowPart === pair.right.windowPart &&
      pair.left.text === null
    ) {
      condition.windowParts.add(pair.left.windowPart);
      continue;
    }
    const bounds = readBounds(syntax, sides);
    if (bounds !== null) {
      const { lower, upper } = condition.bounds ?? { lower: -Infinity, upper: Infinity };
      condition.bounds = { lower: Math.max(lower, bounds.lower), upper: Math.min(upper, bounds.upper) };
    } else if (pair !== null) condition.pairs.push(pair);
    else condition.rest.push(syntax);
  }
  const { bounds } = condition;
  if (bounds !== null && !(Number.isFinite(bounds.lower) && Number.isFinite(bounds.upper))) {
    throw unsupported(
      say`a time condition with one bound`,
      say`give the other as well, so that rows need not be kept for ever`,
      conjuncts[0]!.range,
    );
  }
  return condition;
}

/** `a.x = b.y` over columns of either side. */
function readPair(syntax: Syntax, sides: Sides): Condition['pairs'][number] | null {
  if (syntax.node !== 'comparison' || syntax.operator !== '=') return null;
  const a = columnOf(syntax.left, sides);
  const b = columnOf(syntax.right, sides);
  if (a === null || b === null) return null;
  if (sides.left.includes(a) && sides.right.includes(b)) return { left: a, right: b };
  return sides.right.includes(a) && sides.left.includes(b) ? { left: b, right: a } : null;
}

function columnOf(syntax: Syntax, { left, right }: Sides): Column | null {
  if (syntax.node !== 'name') return null;
  const found = findColumn([...left, ...right], syntax.path);
  return found !== null && found.used === syntax.path.length ? found.column : null;
}

function addUsing(condition: Condition, using: readonly Name[], sides: Sides): void {
  for (const name of using) {
    const left = findColumn(sides.left, [name]);
    const right = findColumn(sides.right, [name]);
    if (left === null || right === null)
      throw new QueryProblem('MR1803', say`not both tables have a column "${name.text}"`, name.range);
    condition.pairs.push({ left: left.column, right: right.column });
  }
}

/** The fields of a side are its columns: names and keys of a join are those of fields. */
function held(relation: Relation, context: Context, name: string, { range }: Join): Relation {
  const columns = heldColumns(relation);
  const isPlain = relation.rank === null && relation.window === null && columns.every(({ field }) => field !== null);
  return isPlain ? relation : project(relation, context, { id: `${name}-columns`, label: 'SELECT', range });
}

function withoutWindow(relation: Relation): Relation {
  return { ...relation, window: null, columns: heldColumns(relation) };
}

function windowOf(left: Relation, right: Relation, { windowParts }: Condition, { range }: Join): object {
  if (!windowParts.has('window_start') || !windowParts.has('window_end')) {
    throw unsupported(
      say`a window join by a part of the window`,
      say`make both window_start and window_end equal`,
      range,
    );
  }
  if (JSON.stringify(left.window!.config) !== JSON.stringify(right.window!.config)) {
    throw new QueryProblem(
      'MR1803',
      say`the two tables are in different windows: give both the same`,
      right.window!.range,
    );
  }
  return left.window!.config;
}

function checkVersions({ kind, range }: Join, syntax: Syntax, left: readonly Column[]): void {
  if (kind === 'right' || kind === 'full') {
    throw unsupported(
      say`${kind.toUpperCase()} JOIN of versions`,
      say`write JOIN or LEFT JOIN: versions without a row are not rows`,
      range,
    );
  }
  const found = syntax.node === 'name' ? findColumn(left, syntax.path) : null;
  if (found?.column.isTime !== true) {
    throw new QueryProblem(
      'MR1804',
      say`versions go by the event time of the left table: write FOR SYSTEM_TIME AS OF its time column`,
      syntax.range,
    );
  }
}

function fieldOf({ field, name }: Column, { range }: Join): string {
  if (field === null)
    throw unsupported(say`a join by "${name}", which is computed`, say`compute it in a sub-query first`, range);
  return field;
}

function renderRest(rest: readonly Syntax[], sides: Sides, { range }: Join, query: string): Rendered | null {
  if (rest.length === 0) return null;
  const isLeft = new Set(sides.left);
  const substitute = columnsOf([...sides.left, ...sides.right], (column) => (isLeft.has(column) ? 'left.' : 'right.'));
  return renderAll(query, rest, range, substitute);
}

/** Where two fields of the join would have one name, without the fields that are no columns: they may be those. */
function withoutClash(
  given: { readonly left: Relation; readonly right: Relation },
  name: string,
  context: Context,
  { range }: Join,
): { readonly left: Relation; readonly right: Relation } {
  const { left, right } = given;
  const { fields } = joinedNames(left, right, left.window !== null && right.window !== null);
  if (repeatedIn(fields) === undefined) return given;
  return {
    left: narrowed(left, context, { id: `${name}-left`, label: 'SELECT', range }),
    right: narrowed(right, context, { id: `${name}-columns`, label: 'SELECT', range }),
  };
}

function joinedNames(
  left: Relation,
  right: Relation,
  isWindowed: boolean,
): { leftNames: Map<string, string>; rightNames: Map<string, string>; fields: string[] } {
  const added = isWindowed ? ['window_start', 'window_end'] : [];
  const leftNames = new Map(left.fields.map((name) => [name, added.includes(name) ? `left_${name}` : name]));
  const taken = new Set([...added, ...leftNames.values()]);
  const rightNames = new Map(right.fields.map((name) => [name, taken.has(name) ? `right_${name}` : name]));
  return { leftNames, rightNames, fields: [...leftNames.values(), ...rightNames.values(), ...added] };
}

function repeatedIn(names: readonly string[]): string | undefined {
  return names.find((name, i) => names.indexOf(name) < i);
}

/** What a join calls its fields: right's under `right_` where left has the name, and those of its window before all others. */
function joined(
  source: Relation['source'],
  left: Relation,
  right: Relation,
  isWindowed: boolean,
  hasUpdates: boolean,
  join: Join,
): Relation {
  const { leftNames, rightNames, fields } = joinedNames(left, right, isWindowed);
  const repeated = repeatedIn(fields);
  if (repeated !== undefined) {
    throw unsupported(
      say`two fields "${repeated}" in one join`,
      say`choose and rename columns in a sub-query before joining again`,
      join.range,
    );
  }
  const renamed = (column: Column, names: ReadonlyMap<string, string>): Column => {
    const { text, field } = fieldColumn(names.get(column.field!)!);
    return { ...column, text, field, isTime: false, windowPart: null };
  };
  const parts = isWindowed
    ? [left, right].flatMap((side) => {
        const table = heldColumns(side)[0]?.table ?? null;
        return (['window_start', 'window_end'] as const).map((name) => ({
          ...fieldColumn(name),
          table,
          windowPart: name,
        }));
      })
    : [];
  return {
    source,
    fields,
    columns: [
      ...heldColumns(left).map((column) => renamed(column, leftNames)),
      ...heldColumns(right).map((column) => renamed(column, rightNames)),
      ...parts,
    ],
    window: null,
    rank: null,
    hasUpdates: hasUpdates && (join.kind !== 'inner' || left.hasUpdates || right.hasUpdates),
  };
}
