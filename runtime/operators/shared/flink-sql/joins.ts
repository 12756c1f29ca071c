/** Joins of two streams: `FROM a AS L JOIN b AS R ON …`. */
import type {
  ExportedInput,
  ExportedOutput,
  KnownStream,
  NamedQuery,
  OutputPort,
  SqlDialect,
  SqlFragment,
  StreamFacts,
} from '../../../core/exporter.ts';
import { UNKNOWN_STREAM } from '../../../core/exporter.ts';
import { say } from '../../../core/say.ts';
import type { Field } from '../../../core/types.ts';
import { parseExpression } from '../../../expression/index.ts';
import type { ScopeField } from '../../../expression/scope.ts';
import type { JoinConfig } from '../joins/config.ts';
import { joinedFields, joinScope } from '../joins/infer.ts';
import { fieldsIn, sqlExpression, sqlInterval } from './expressions.ts';
import { aliasedAs, sqlName } from './names.ts';
import { extraTime, selectList, timeBeside } from './select.ts';

export interface Sides {
  readonly left: ExportedInput;
  readonly right: ExportedInput;
}

/** A side as the query has it. */
export interface JoinedTable {
  /** What stands behind FROM or JOIN, with its alias. */
  readonly from: string;
  /** Of a field, without the alias. */
  columnOf(name: string): string;
}

export interface JoinParts {
  readonly left: JoinedTable;
  readonly right: JoinedTable;
  /** What else ON says, between keys and condition. */
  readonly bounds?: readonly string[];
  /** Fields that the join adds, and what they are. */
  readonly tail?: readonly { readonly field: Field; readonly text: string }[];
  readonly before?: readonly NamedQuery[];
  /** The side whose event time is that of the joined rows; none unless given. */
  readonly timed?: { readonly side: 'left' | 'right'; readonly output: ExportedOutput };
}

export const LEFT = 'L';
export const RIGHT = 'R';

/** As in Flink, behind a join of whole streams no column is the event time. */
export function joinFacts(): StreamFacts {
  return UNKNOWN_STREAM;
}

/** Behind a join whose rows have the event time of those of one side. No query of our own operator knows it. */
export function timeOfSide(
  side: 'left' | 'right',
  inputs: readonly KnownStream[],
  { port, schema }: OutputPort,
  dialect: SqlDialect,
): StreamFacts {
  const left = inputs.find((input) => input.port === 'left');
  const right = inputs.find((input) => input.port === 'right');
  const time = (side === 'left' ? left : right)?.time ?? null;
  if (dialect === 'millrace' || port !== 'out' || left === undefined || right === undefined || time === null) {
    return UNKNOWN_STREAM;
  }
  const at = (side === 'left' ? left : right).schema.fields.findIndex(({ name }) => name === time);
  const kept = joinedFields(left.schema, right.schema, [])[side][at]?.name;
  // Spark's joins hand on fields alone.
  if (kept === undefined && dialect === 'spark') return UNKNOWN_STREAM;
  return { time: kept ?? timeBeside(schema.fields), isWindowed: false };
}

export function sidesOf(inputs: readonly ExportedInput[]): Sides {
  return { left: inputs.find(({ port }) => port === 'left')!, right: inputs.find(({ port }) => port === 'right')! };
}

/** `L.ts - INTERVAL '5' MINUTE` */
export function shifted(time: string, ms: number, dialect: SqlDialect): string {
  if (ms === 0) return time;
  return ms < 0 ? `${time} - ${sqlInterval(-ms, dialect)}` : `${time} + ${sqlInterval(ms, dialect)}`;
}

/** A side that is read as it is. */
export function plainTable({ table }: ExportedInput, alias: string): JoinedTable {
  return { from: `${sqlName(table)} AS ${alias}`, columnOf: sqlName };
}

export function joinQuery(config: JoinConfig, sides: Sides, parts: JoinParts): SqlFragment {
  const { left, right } = sides;
  const timePair = config.on.find((pair) => mayBeTime(left, pair.left) && mayBeTime(right, pair.right));
  if (timePair !== undefined) {
    return {
      unsupported: say`joins rows whose times are equal ("${timePair.left}"), which a query takes for an interval join`,
    };
  }
  const { tail = [], bounds = [], before, timed } = parts;
  const names = joinedFields(left.schema, right.schema, tail.map(({ field }) => field)); // prettier-ignore
  const ofLeft = (name: string): string => `${LEFT}.${parts.left.columnOf(name)}`;
  const ofRight = (name: string): string => `${RIGHT}.${parts.right.columnOf(name)}`;
  const valueOf = (side: 'left' | 'right', name: string, column: string): string =>
    timed?.side === side ? column : asValue(side === 'left' ? left : right, name, column);
  const list = [
    ...left.schema.fields.map(({ name }, i) => columnAs(valueOf('left', name, ofLeft(name)), names.left[i]!.name)),
    ...right.schema.fields.map(({ name }, i) => columnAs(valueOf('right', name, ofRight(name)), names.right[i]!.name)),
    ...tail.map(({ field, text }) => columnAs(text, field.name)),
    ...(timed === undefined
      ? []
      : extraTime(timed.side === 'left' ? left : right, timed.output, `${timed.side === 'left' ? LEFT : RIGHT}.`)),
  ];
  const on = [
    ...config.on.map((pair) => `${ofLeft(pair.left)} = ${ofRight(pair.right)}`),
    ...bounds,
    ...(config.condition === null ? [] : [conditionOf(config.condition, sides, parts)]),
  ];
  const kind = config.kind === 'inner' ? 'JOIN' : `${config.kind.toUpperCase()} JOIN`;
  const select = `${selectList(list)}\nFROM ${parts.left.from}\n${kind} ${parts.right.from}\n  ON ${on.join('\n  AND ')}`;
  return { select, ...(before === undefined ? {} : { before }) };
}

/** Flink takes no rows with two event times: one that is not that of the joined rows becomes a field like others. */
function asValue({ dialect, time }: ExportedInput, name: string, column: string): string {
  return dialect === 'flink' && name === time ? `CAST(${column} AS TIMESTAMP_LTZ(3))` : column;
}

function columnAs(text: string, name: string): string {
  return text.slice(2) === sqlName(name) ? text : aliasedAs(text, name);
}

function conditionOf(condition: string, { left, right }: Sides, parts: JoinParts): string {
  const scope = joinScope(left.schema, right.schema);
  const columnOf = ({ input, field }: ScopeField): string =>
    input === 'left' ? `${LEFT}.${parts.left.columnOf(field.name)}` : `${RIGHT}.${parts.right.columnOf(field.name)}`;
  const text = sqlExpression(condition, scope, left.dialect, columnOf);
  const times = fieldsIn(condition, scope).filter(({ field }) => field.type.kind === 'TIMESTAMP');
  const isOfBoth = ['left', 'right'].every((side) => times.some(({ input }) => input === side));
  // A bare comparison of times would make an interval join of it.
  if (isOfBoth) return `(${text}) IS TRUE`;
  const { syntax } = parseExpression(condition);
  return syntax.node === 'logical' && syntax.operator === 'OR' ? `(${text})` : text;
}

/** Whether a query that reads the table may take the field for its event time. */
function mayBeTime({ schema, time }: ExportedInput, name: string): boolean {
  const field = schema.fields.find((one) => one.name === name);
  return field?.type.kind === 'TIMESTAMP' && (time === null || time === name);
}
