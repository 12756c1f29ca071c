/** Checks of what all joins of two streams are told, and the shapes that leave them. */
import type { Distribution, InputStream, Ports, Report } from '../../../core/operator.ts';
import { say } from '../../../core/say.ts';
import { fieldIndex, type Schema, type StreamShape } from '../../../core/schema.ts';
import { BOOLEAN, printDataType, sameType, type DataType, type Field } from '../../../core/types.ts';
import { checkExpression, type Scope } from '../../../expression/index.ts';
import { keepsLeft, keepsRight, type JoinConfig, type JoinPair } from './config.ts';

export const JOIN_INPUTS: Ports['inputs'] = [
  { name: 'left', label: 'Left' },
  { name: 'right', label: 'Right' },
];

export const JOIN_PORTS: Ports = {
  inputs: JOIN_INPUTS,
  outputs: [
    { name: 'out', label: 'Joined rows' },
    { name: 'late', label: 'Late rows', isOptional: true },
  ],
};

export function joinDistribution(on: readonly JoinPair[], port: string): Distribution {
  return { type: 'hash', fields: on.map((pair) => (port === 'right' ? pair.right : pair.left)) };
}

/** A condition names fields by themselves, or as `left.id` where both sides have one of that name. */
export function joinScope(left: Schema, right: Schema): Scope {
  return {
    inputs: [
      { name: 'left', schema: left },
      { name: 'right', schema: right },
    ],
  };
}

/** What goes into a join, and the fields that leave it. */
export interface JoinedShapes {
  readonly left: StreamShape;
  readonly right: StreamShape;
  /** Left's fields, right's, `tail`; those of a side that may be missing are nullable. */
  readonly out: Schema;
  /** A row of one side, beside NULLs. */
  readonly late: Schema;
}

/** Checks keys and condition; null when what leaves cannot be known. `tail` are fields that the join adds behind those of both sides. */
export function inferJoined(
  { on, kind, condition }: JoinConfig,
  inputs: readonly InputStream[],
  tail: readonly Field[],
  report: Report,
): JoinedShapes | null {
  const left = inputs.find(({ port }) => port === 'left')?.shape;
  const right = inputs.find(({ port }) => port === 'right')?.shape;
  if (left === undefined || right === undefined) return null;
  on.forEach((pair, i) => checkPair(pair, left.schema, right.schema, `on[${i}]`, report));
  if (condition !== null) {
    const { problems } = checkExpression(condition, joinScope(left.schema, right.schema), BOOLEAN);
    for (const problem of problems) report({ ...problem, path: 'condition' });
  }
  const sides = joinedFields(left.schema, right.schema, tail);
  const fields = [...sides.left, ...sides.right, ...tail];
  if (reportDuplicates(fields, say`rename one in a project before the join`, report)) return null;
  const leftFields = keepsRight(kind) ? sides.left.map(asNullable) : sides.left;
  const rightFields = keepsLeft(kind) ? sides.right.map(asNullable) : sides.right;
  return {
    left,
    right,
    out: { fields: [...leftFields, ...rightFields, ...tail] },
    late: { fields: [...sides.left, ...sides.right].map(asNullable) },
  };
}

/** Shapes of the ports `out` and `late` of a join in event time. */
export function inferJoin(
  config: JoinConfig,
  inputs: readonly InputStream[],
  tail: readonly Field[],
  report: Report,
): Readonly<Record<string, StreamShape>> {
  const joined = inferJoined(config, inputs, tail, report);
  if (joined === null) return {};
  const { left, right, out, late } = joined;
  reportUntimed(left, right, report);
  const common = {
    eventTime: left.eventTime && right.eventTime,
    changelog: 'append',
    bounded: left.bounded && right.bounded,
  } as const;
  return { out: { schema: out, ...common }, late: { schema: late, ...common } };
}

function reportUntimed(left: StreamShape, right: StreamShape, report: Report): void {
  const untimed = [...(left.eventTime ? [] : [say`left`]), ...(right.eventTime ? [] : [say`right`])];
  if (untimed.length === 0) return;
  const what = untimed.length === 1 ? say`the ${untimed[0]!} input has` : say`both inputs have`;
  report({
    code: 'MR1501',
    message: say`${what} no event time: give the source an eventTime, or put a watermark operator before the join`,
  });
}

/** How messages name the sides of a join. */
interface SideNames {
  readonly left: string;
  readonly right: string;
}

const TWO_INPUTS: SideNames = { left: say`the left input`, right: say`the right input` };

/** Reports fields that are not there, or cannot be compared. */
export function checkPair(
  pair: JoinPair,
  left: Schema,
  right: Schema,
  path: string,
  report: Report,
  sides: SideNames = TWO_INPUTS,
): void {
  const ofLeft = keyType(pair.left, sides.left, left, `${path}.left`, report);
  const ofRight = keyType(pair.right, sides.right, right, `${path}.right`, report);
  if (ofLeft === null || ofRight === null || sameType(ofLeft, ofRight)) return;
  report({
    code: 'MR1405',
    message: say`"${pair.left}" is ${printDataType(ofLeft)} and "${pair.right}" is ${printDataType(ofRight)}: CAST one of them in a project before the join`,
    path: `${path}.right`,
  });
}

function keyType(name: string, side: string, schema: Schema, path: string, report: Report): DataType | null {
  const found = schema.fields[fieldIndex(schema, name)];
  if (found === undefined) {
    report({ code: 'MR1403', message: say`${side} has no field "${name}"`, path });
    return null;
  }
  if (found.type.kind === 'ARRAY' || found.type.kind === 'MAP' || found.type.kind === 'ROW') {
    report({
      code: 'MR1405',
      message: say`rows cannot be joined by ${printDataType(found.type)}: choose a field of a plain type`,
      path,
    });
    return null;
  }
  return found.type;
}

/**
 * Left's fields, then right's. A name that the left has too becomes `right_name`; one that the join itself adds becomes `left_name`
 * or `right_name`.
 */
export function joinedFields(left: Schema, right: Schema, tail: readonly Field[]): { left: Field[]; right: Field[] } {
  const added = new Set(tail.map(({ name }) => name));
  const ofLeft = left.fields.map((one) => (added.has(one.name) ? { ...one, name: `left_${one.name}` } : one));
  const taken = new Set([...added, ...ofLeft.map(({ name }) => name)]);
  return {
    left: ofLeft,
    right: right.fields.map((one) => (taken.has(one.name) ? { ...one, name: `right_${one.name}` } : one)),
  };
}

/** Whether two fields have one name; `remedy` says what to do. */
export function reportDuplicates(fields: readonly Field[], remedy: string, report: Report): boolean {
  const names = fields.map(({ name }) => name);
  const repeated = new Set(names.filter((name, i) => names.indexOf(name) < i));
  for (const name of repeated) {
    report({
      code: 'MR1402',
      message: say`the result would have two fields "${name}": ${remedy}`,
    });
  }
  return repeated.size > 0;
}

function asNullable(one: Field): Field {
  return { ...one, nullable: true };
}
