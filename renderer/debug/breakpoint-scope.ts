/** What the condition of a breakpoint can name. */
import type { AnalyzedNode } from '../../runtime/compiler/validate.ts';
import { field, schemaOf, type Schema } from '../../runtime/core/schema.ts';
import { parseDataType, type Field } from '../../runtime/core/types.ts';
import { scopeOf, type Scope } from '../../runtime/expression/index.ts';
import type { BreakpointPlace, NodeState } from '../../runtime/protocol/debug.ts';

/** Whether there is a row at all when it is hit. */
export function hasRow({ type }: BreakpointPlace): boolean {
  return type !== 'timer' && type !== 'watermark' && type !== 'barrier';
}

/** `info`: of the place's node; `state`: of the node that is looked at, whose tables' columns are known. */
export function conditionScope(place: BreakpointPlace, info: AnalyzedNode | null, state: NodeState | null): Scope {
  if (place.type !== 'state') return scopeOf(info === null ? schemaOf([]) : rowsAt(place, info));
  return scopeOf(state?.nodeId === place.nodeId ? entrySchema(place, state) : schemaOf([]));
}

/** Fields of the rows at a place, of what it is hit by: `info` is of its node. */
export function rowsAt(place: BreakpointPlace, { inputs, outputs }: AnalyzedNode): Schema {
  switch (place.type) {
    case 'output':
      return united(Object.entries(outputs).flatMap(([port, { schema }]) => (port === place.port ? [schema] : [])));
    case 'firing':
      return united(Object.values(outputs).map(({ schema }) => schema));
    default: {
      const wanted = 'port' in place ? inputs.filter(({ port }) => port === place.port) : inputs;
      return united(wanted.map(({ shape }) => shape.schema));
    }
  }
}

/** The row at hand is of one of them. */
function united(schemas: readonly Schema[]): Schema {
  return schemaOf(distinct(schemas.flatMap(({ fields }) => fields)));
}

function distinct(fields: readonly Field[]): readonly Field[] {
  return [...new Map(fields.toReversed().map((one) => [one.name, one])).values()].reverse();
}

function entrySchema({ table }: BreakpointPlace & { type: 'state' }, { tables }: NodeState): Schema {
  const columns = tables
    .filter(({ name }) => table === undefined || name === table)
    .flatMap((one) => [...one.keys, ...one.columns]);
  return schemaOf(
    distinct(
      [...columns, { name: 'namespace', type: 'BIGINT' }].flatMap(({ name, type }) => {
        const known = parseDataType(TYPES[type] ?? type);
        return known.ok ? [field(name, known.value)] : [];
      }),
    ),
  );
}

/** How a state's columns are seen by conditions. */
const TYPES: Readonly<Record<string, string>> = {
  f64: 'DOUBLE',
  i64: 'BIGINT',
  i32: 'INT',
  bytes: 'STRING',
  object: 'STRING',
};
