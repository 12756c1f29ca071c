/** Expressions and lists of a config in the Java of a bolt. */
import type { StormClass } from '../../../core/exporter.ts';
import { say } from '../../../core/say.ts';
import type { Schema } from '../../../core/schema.ts';
import type { DataType } from '../../../core/types.ts';
import {
  checkExpression,
  javaText,
  printJava,
  printJavaCondition,
  scopeOf,
  untranslatableToJava,
  type Scope,
  type TypedExpression,
} from '../../../expression/index.ts';
import { scopeFields } from '../../../expression/scope.ts';
import { UntranslatableExpression } from '../flink-sql/expressions.ts';

type ColumnText = (column: { readonly index: number; readonly name: string; readonly type: DataType }) => string;

/** Over a row in the variable `row`. To be called within `orUnsupported`. `type`: what it has to be, where that is known. */
export function javaOver(text: string, schema: Schema, type?: DataType): string {
  return javaExpression(text, scopeOf(schema), inRow, type);
}

/** A condition for an `if`, over a row in the variable `row`. */
export function javaCondition(text: string, schema: Schema): string {
  return printJavaCondition(typed(text, scopeOf(schema)), inRow);
}

/** A condition for an `if`, over the rows of two inputs in variables of their names. */
export function javaJoinCondition(text: string, scope: Scope): string {
  const fields = scopeFields(scope);
  return printJavaCondition(typed(text, scope), (column) =>
    fieldOf(fields[column.index]!.input ?? 'row', column.name, column.type),
  );
}

export function javaExpression(text: string, scope: Scope, columnOf: ColumnText, type?: DataType): string {
  return printJava(typed(text, scope, type), columnOf);
}

function typed(text: string, scope: Scope, type?: DataType): TypedExpression {
  const { expression } = checkExpression(text, scope, type);
  if (expression === null) throw new UntranslatableExpression(say`has an expression with errors: ${text}`);
  const [reason] = untranslatableToJava(expression);
  if (reason !== undefined)
    throw new UntranslatableExpression(
      say`computes ${text.trim()}, and ${reason}. Say it by other functions, or leave it to who reads the rows`,
    );
  return expression;
}

const inRow: ColumnText = ({ name, type }) => fieldOf('row', name, type);

const GETTERS: Readonly<Partial<Record<DataType['kind'], string>>> = {
  BOOLEAN: 'getBoolean',
  INT: 'getInteger',
  BIGINT: 'getLong',
  DOUBLE: 'getDouble',
  DECIMAL: 'getDecimal',
  STRING: 'getString',
  BYTES: 'getBytes',
  DATE: 'getDate',
  TIMESTAMP: 'getInstant',
  ARRAY: 'getList',
  ROW: 'getList',
  MAP: 'getMap',
};

/** A field of the row in a variable. */
export function fieldOf(variable: string, name: string, type: DataType): string {
  return `${variable}.${GETTERS[type.kind] ?? 'get'}(${javaText(name)})`;
}

/** Names of fields as arguments. */
export function names({ fields }: Schema): readonly string[] {
  return fields.map(({ name }) => javaText(name));
}

/** `List.of("a", "b")` */
export function listOf(texts: readonly string[]): string {
  return `List.of(${texts.map(javaText).join(', ')})`;
}

/** A call with a line of its own for each argument. */
export function longCall(name: string, args: readonly string[]): string {
  return `${name}(\n${args.map((arg) => arg.replaceAll(/^/gm, '    ')).join(',\n')})`;
}

/** Names and types of fields that are read or written. */
export function columns({ fields }: Schema): string {
  return ['new Columns()', ...fields.map(({ name, type }) => `.add(${javaText(name)}, ${typeText(type)})`)].join(
    '\n    ',
  );
}

function typeText(type: DataType): string {
  switch (type.kind) {
    case 'DECIMAL':
      return `Type.decimal(${type.precision}, ${type.scale})`;
    case 'ARRAY':
      return `Type.array(${typeText(type.element)})`;
    case 'MAP':
      return `Type.map(${typeText(type.key)}, ${typeText(type.value)})`;
    case 'ROW':
      return `Type.row(${[listOf(type.fields.map(({ name }) => name)), ...type.fields.map((one) => typeText(one.type))].join(', ')})`;
    default:
      return `Type.${type.kind}`;
  }
}

/** `@Override protected … name(…) { … }`, its lines two spaces in. */
export function method(head: string, ...body: readonly string[]): string {
  return [`@Override`, `protected ${head} {`, ...body.map((line) => line.replaceAll(/^(?=.)/gm, '  ')), '}'].join('\n');
}

/** A bolt that hands rows on as they are. */
export function passingRows(schema: Schema): Pick<StormClass, 'base' | 'args' | 'members'> {
  return { base: 'RowBolt', args: names(schema), members: [method('void process(Row row)', 'emit(row);')] };
}

/** How Storm names the stream of a port: `out` is the default one. */
export function streamText(port: string): string {
  return javaText(streamOf(port));
}

export function streamOf(port: string): string {
  return port === 'out' ? 'default' : port;
}
