/**
 * Expressions in Java, for the Storm target: calls of the classes `Sql` (operators) and `Functions` of its library, with static types by which Java
 * chooses among their overloads.
 */
import { printDate, printTimestamp } from '../core/time.ts';
import { printDecimal } from '../core/decimal.ts';
import { say } from '../core/say.ts';
import type { DataType, Value } from '../core/types.ts';
import { functionNamed } from './functions/index.ts';
import type { ArithmeticOperator, ComparisonOperator } from './syntax.ts';
import { typedChildren, type TypedExpression } from './typed-expression.ts';

type Column = Extract<TypedExpression, { node: 'column' }>;
type Call = Extract<TypedExpression, { node: 'call' }>;

/** The class that holds a value. */
export function javaType(type: DataType): string {
  switch (type.kind) {
    case 'BOOLEAN':
      return 'Boolean';
    case 'INT':
      return 'Integer';
    case 'BIGINT':
      return 'Long';
    case 'DOUBLE':
      return 'Double';
    case 'DECIMAL':
      return 'BigDecimal';
    case 'STRING':
      return 'String';
    case 'BYTES':
      return 'byte[]';
    case 'DATE':
      return 'LocalDate';
    case 'TIMESTAMP':
      return 'Instant';
    case 'INTERVAL':
      return 'Duration';
    case 'NULL':
      return 'Object';
    case 'ARRAY':
    case 'ROW':
      return 'List<Object>';
    case 'MAP':
      return 'Map<Object, Object>';
  }
}

/** A string literal: Java has the escapes of JSON. */
export function javaText(text: string): string {
  return JSON.stringify(text);
}

/** `columnOf`: how a column is read; it has the static type of `javaType`. Functions that the library lacks are listed by `untranslatableToJava`. */
export function printJava(e: TypedExpression, columnOf: (column: Column) => string): string {
  const print = (child: TypedExpression): string => printJava(child, columnOf);
  const list = (children: readonly TypedExpression[]): string => children.map(print).join(', ');
  switch (e.node) {
    case 'literal':
      return literal(e.value, e.type);
    case 'unit':
      return javaText(e.unit);
    case 'column':
      return columnOf(e);
    case 'field':
      return cast(e.type, `field(${print(e.operand)}, ${e.index})`);
    case 'element':
      return cast(e.type, `element(${print(e.operand)}, ${print(e.key)})`);
    case 'negate':
      return `negate(${print(e.operand)})`;
    case 'arithmetic': {
      const size = e.type.kind === 'DECIMAL' ? `, ${e.type.precision}, ${e.type.scale}` : '';
      const [left, right] =
        e.left.type.kind === 'INTERVAL' && e.right.type.kind !== 'INTERVAL' ? [e.right, e.left] : [e.left, e.right];
      return `${ARITHMETIC[e.operator]}(${print(left)}, ${print(right)}${size})`;
    }
    case 'concat':
      return `concat(${texts(e).map(print).join(', ')})`;
    case 'comparison':
      return `${COMPARISON[e.operator]}(${print(e.left)}, ${print(e.right)})`;
    case 'distinct': {
      const text = `isDistinct(${print(e.left)}, ${print(e.right)})`;
      return e.negated ? `not(${text})` : text;
    }
    case 'logical':
      return `${e.operator.toLowerCase()}(${print(e.left)}, () -> ${print(e.right)})`;
    case 'not':
      return `not(${print(e.operand)})`;
    case 'is': {
      const operand = print(e.operand);
      if (e.test === 'TRUE' || e.test === 'FALSE') {
        return `${e.negated ? '!' : ''}is${e.test === 'TRUE' ? 'True' : 'False'}(${operand})`;
      }
      return `(${operand} ${e.negated ? '!=' : '=='} null)`;
    }
    case 'between':
      return negatedIf(e.negated, `between(${print(e.operand)}, ${print(e.low)}, ${print(e.high)})`);
    case 'in':
      return negatedIf(e.negated, `in(${print(e.operand)}, ${list(e.items)})`);
    case 'like':
      return negatedIf(e.negated, `like(${list([e.operand, e.pattern, ...(e.escape === null ? [] : [e.escape])])})`);
    case 'case': {
      const otherwise = e.otherwise === null ? typedNull(e.type) : boxed(e.otherwise, print);
      const branches = e.branches.map(({ when, then }) => {
        const test = e.operand === null ? print(when) : `equal(${print(e.operand)}, ${print(when)})`;
        return `${condition(when, e.operand === null, test)} ? ${boxed(then, print)}`;
      });
      return `(${[...branches, otherwise].join(branches.length === 1 ? ' : ' : '\n    : ')})`;
    }
    case 'cast':
      return castTo(e, print);
    case 'call':
      return call(e, print);
    case 'array':
    case 'row':
      return `listOf(${e.items.map((item) => boxed(item, print)).join(', ')})`;
    case 'map':
      return `mapOf(${e.items.map((item) => boxed(item, print)).join(', ')})`;
  }
}

/** As the condition of an `if`: NULL is not TRUE. */
export function printJavaCondition(e: TypedExpression, columnOf: (column: Column) => string): string {
  return condition(e, true, printJava(e, columnOf));
}

/** Why an expression cannot be written in Java, a sentence a reason; empty when it can. */
export function untranslatableToJava(expression: TypedExpression): readonly string[] {
  const reasons = new Set<string>();
  const visit = (e: TypedExpression): void => {
    if (e.node === 'call' && !isKnown(e))
      reasons.add(say`the library of the export has no ${e.function} for these values`);
    if (e.node === 'arithmetic' && e.type.kind === 'INTERVAL')
      reasons.add(say`the library of the export has no arithmetic of intervals`);
    if (e.node === 'cast') {
      const [from, to] = [e.operand.type.kind, e.type.kind];
      const isText = to === 'STRING' && (from === 'ROW' || from === 'ARRAY' || from === 'MAP');
      const isNested = to === 'ARRAY' || to === 'MAP' || to === 'ROW';
      const isNull = e.operand.node === 'literal' && e.operand.value === null;
      if (
        (isText && from === 'ROW') ||
        (isNested && !isNull && JSON.stringify(e.operand.type) !== JSON.stringify(e.type))
      ) {
        reasons.add(say`Java has no cast from ${from} to ${to} here`);
      }
    }
    typedChildren(e).forEach(visit);
  };
  visit(expression);
  return [...reasons];
}

const ARITHMETIC: Readonly<Record<ArithmeticOperator, string>> = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '%': 'remainder',
};

const COMPARISON: Readonly<Record<ComparisonOperator, string>> = {
  '=': 'equal',
  '<>': 'notEqual',
  '<': 'less',
  '<=': 'lessOrEqual',
  '>': 'greater',
  '>=': 'greaterOrEqual',
};

function literal(value: Value, type: DataType): string {
  if (value === null) return typedNull(type);
  switch (type.kind) {
    case 'BOOLEAN':
      return String(value);
    case 'INT':
      return String(value);
    case 'BIGINT':
      return `${value as bigint}L`;
    case 'DOUBLE': {
      const number = value as number;
      if (Number.isNaN(number)) return 'Double.NaN';
      if (!Number.isFinite(number)) return number < 0 ? 'Double.NEGATIVE_INFINITY' : 'Double.POSITIVE_INFINITY';
      const text = Object.is(number, -0) ? '-0' : String(number);
      return /[.e]/.test(text) ? text : `${text}.0`;
    }
    case 'DECIMAL':
      return `new BigDecimal("${printDecimal(value as bigint, type.scale)}")`;
    case 'DATE':
      return `LocalDate.parse("${printDate(value as number)}")`;
    case 'TIMESTAMP':
      return `Instant.parse("${printTimestamp(value as number)}")`;
    case 'INTERVAL':
      return `Duration.ofMillis(${value as number}L)`;
    case 'STRING':
      return javaText(value as string);
    case 'BYTES':
      return `new byte[] {${[...(value as Uint8Array)].map((byte) => (byte << 24) >> 24).join(', ')}}`;
    case 'ARRAY':
      return `listOf(${(value as readonly Value[]).map((item) => literal(item, type.element)).join(', ')})`;
    case 'ROW':
      return `listOf(${(value as readonly Value[]).map((item, i) => literal(item, type.fields[i]!.type)).join(', ')})`;
    case 'MAP':
      return `mapOf(${[...(value as ReadonlyMap<Value, Value>)].map(([k, v]) => `${literal(k, type.key)}, ${literal(v, type.value)}`).join(', ')})`;
    case 'NULL':
      return 'null';
  }
}

function typedNull(type: DataType): string {
  return type.kind === 'NULL' ? 'null' : `(${javaType(type)}) null`;
}

/** Where Java would unbox: `c ? x : 5` fails for an x that is null, and `c ? x : Integer.valueOf(5)` does not. */
function boxed(e: TypedExpression, print: (e: TypedExpression) => string): string {
  return isPrimitive(e) ? `${javaType(e.type)}.valueOf(${print(e)})` : print(e);
}

const PRIMITIVES: readonly string[] = ['BOOLEAN', 'INT', 'BIGINT', 'DOUBLE'];

/** Whether its text in Java is no object. */
function isPrimitive(e: TypedExpression): boolean {
  if (e.node === 'is') return true;
  if (e.node === 'cast') return isWidened(e);
  return e.node === 'literal' && e.value !== null && PRIMITIVES.includes(e.type.kind);
}

type Cast = Extract<TypedExpression, { node: 'cast' }>;

/** A literal of another type needs no conversion while it runs. */
function isWidened({ operand, type, implicit }: Cast): boolean {
  if (operand.node !== 'literal' || operand.value === null || !implicit || operand.type.kind !== 'INT') return false;
  return type.kind === 'BIGINT' || type.kind === 'DOUBLE';
}

/** `text`: what tells it; `isWhole`: it is the condition itself. */
function condition(e: TypedExpression, isWhole: boolean, text: string): string {
  return isWhole && e.node === 'is' ? text : `isTrue(${text})`;
}

function negatedIf(negated: boolean, text: string): string {
  return negated ? `not(${text})` : text;
}

function cast(type: DataType, text: string): string {
  return `((${javaType(type)}) ${text})`;
}

/** `a || b || c` is one call. */
function texts(e: TypedExpression): readonly TypedExpression[] {
  return e.node === 'concat' ? [...texts(e.left), ...texts(e.right)] : [e];
}

const CASTS: Readonly<Record<string, string>> = {
  BOOLEAN: 'toBoolean',
  INT: 'toInteger',
  BIGINT: 'toLong',
  DOUBLE: 'toDouble',
  STRING: 'toText',
  BYTES: 'toBytes',
  DATE: 'toDate',
  TIMESTAMP: 'toTimestamp',
};

function castTo(e: Cast & TypedExpression, print: (e: TypedExpression) => string): string {
  const { operand, type, safe } = e;
  if (operand.node === 'literal' && operand.value === null) return typedNull(type);
  if (isWidened(e)) return `${(operand as { value: number }).value}${type.kind === 'BIGINT' ? 'L' : '.0'}`;
  if (isWholeDecimal(e)) return `new BigDecimal("${(operand as { value: number }).value}")`;
  const text = print(operand);
  if (type.kind === 'DECIMAL') {
    const size = `${type.precision}, ${type.scale}`;
    return safe ? `tryCast(${text}, value -> toDecimal(value, ${size}))` : `toDecimal(${text}, ${size})`;
  }
  const name = CASTS[type.kind];
  if (name === undefined) return text;
  return safe ? `tryCast(${text}, Sql::${name})` : `${name}(${text})`;
}

/** A literal without fraction where a DECIMAL is asked for. */
function isWholeDecimal({ operand, type, implicit }: Cast & TypedExpression): boolean {
  return implicit && type.kind === 'DECIMAL' && type.scale === 0 && operand.node === 'literal' && operand.type.kind === 'INT'; // prettier-ignore
}

/** In the library under their own names: `CHAR_LENGTH` is `charLength`. */
const FUNCTIONS = new Set(
  `UPPER LOWER INITCAP TRIM LTRIM RTRIM CHAR_LENGTH OCTET_LENGTH SUBSTRING LEFT RIGHT CONCAT CONCAT_WS REPLACE TRANSLATE POSITION LOCATE INSTR LPAD RPAD
  REPEAT REVERSE SPLIT_INDEX SPLIT STARTSWITH ENDSWITH CONTAINS ASCII CHR ELT IS_ALPHA IS_DIGIT IS_DECIMAL UUID REGEXP REGEXP_EXTRACT REGEXP_SUBSTR
  REGEXP_REPLACE REGEXP_COUNT REGEXP_INSTR ABS SIGN CEIL FLOOR PMOD POWER SQRT EXP LN LOG LOG10 LOG2 SIN COS TAN COT SINH COSH TANH ASIN ACOS ATAN ATAN2
  DEGREES RADIANS PI E GREATEST LEAST RAND RAND_INTEGER BIN HEX NVL2 CURRENT_TIMESTAMP CURRENT_DATE TIMESTAMPDIFF DATE_FORMAT TO_TIMESTAMP_LTZ DATE_ADD
  DATE_SUB DATEDIFF LAST_DAY UNIX_MILLIS FROM_UNIXTIME MD5 SHA1 SHA224 SHA256 SHA384 SHA512 SHA2 CRC32 CARDINALITY ARRAY_CONTAINS ARRAY_POSITION ARRAY_APPEND ARRAY_PREPEND ARRAY_REMOVE
  ARRAY_CONCAT ARRAY_UNION ARRAY_INTERSECT ARRAY_EXCEPT ARRAY_DISTINCT ARRAY_REVERSE ARRAY_SORT ARRAY_SLICE ARRAY_MAX ARRAY_MIN ARRAY_JOIN ARRAY_COMPACT FLATTEN
  MAP_KEYS MAP_VALUES MAP_ENTRIES MAP_FROM_ARRAYS MAP_UNION URL_ENCODE URL_DECODE LEVENSHTEIN REGEXP_EXTRACT_ALL WIDTH_BUCKET ELEMENT ROUND TRUNCATE
  PARSE_URL STR_TO_MAP TO_BASE64 FROM_BASE64 ENCODE DECODE UNHEX TO_TIMESTAMP TO_DATE CONVERT_TZ ARRAY_REPEAT SEQUENCE IS_JSON JSON_QUOTE JSON_UNQUOTE JSON_OBJECT_KEYS`.split(
    /\s+/,
  ),
);

const PARTS: Readonly<Record<string, string>> = {
  YEAR: 'YEAR',
  QUARTER: 'QUARTER',
  MONTH: 'MONTH',
  WEEK: 'WEEK',
  DAYOFYEAR: 'DOY',
  DAYOFMONTH: 'DAY',
  DAYOFWEEK: 'DOW',
  HOUR: 'HOUR',
  MINUTE: 'MINUTE',
  SECOND: 'SECOND',
};

function nameOf({ function: name }: Call): string {
  return functionNamed(name).name;
}

function isKnown(e: Call): boolean {
  const name = nameOf(e);
  const { args } = e;
  if (functionNamed(name).lazy !== null || PARTS[name] !== undefined) return true;
  switch (name) {
    case 'NULLIF':
    case 'EXTRACT':
    case 'TIMESTAMPADD':
    case 'MOD':
      return true;
    case 'CEIL':
      return args.length === 1;
    case 'UNIX_TIMESTAMP':
      return args.length > 0;
    case 'JSON_STRING':
    case 'JSON_ARRAY':
      return args.every(({ type }) => isPlainJson(type));
    case 'JSON_VALUE':
    case 'JSON_QUERY':
    case 'JSON_EXISTS':
    case 'JSON_LENGTH':
      return args.length === 1 || isPlainPath(args[1]!);
    default:
      return FUNCTIONS.has(name);
  }
}

/** Whether the library writes its values as JSON: it knows no names of a row's fields, and writes doubles in Java's way. */
function isPlainJson(type: DataType): boolean {
  switch (type.kind) {
    case 'ARRAY':
      return isPlainJson(type.element);
    case 'MAP':
      return isPlainJson(type.value);
    default:
      return type.kind !== 'ROW' && type.kind !== 'DOUBLE' && type.kind !== 'BYTES';
  }
}

/** By names and places, as the library reads it. */
function isPlainPath(e: TypedExpression): boolean {
  return (
    e.node === 'literal' && /^(?:(?:lax|strict) )?\$(?:\.[A-Za-z_]\w*|\[\d+\]|\['[^'\\]*'\])*$/.test(String(e.value))
  );
}

function call(e: Call, print: (e: TypedExpression) => string): string {
  const { args, type } = e;
  const name = nameOf(e);
  const { lazy } = functionNamed(name);
  const printed = args.map(print);
  if (lazy === 'coalesce') {
    return args.map((arg) => boxed(arg, print)).reduceRight((rest, value) => `coalesce(${value}, () -> ${rest})`);
  }
  if (lazy === 'if') {
    return `(${condition(args[0]!, true, printed[0]!)} ? ${boxed(args[1]!, print)} : ${boxed(args[2]!, print)})`;
  }
  const part = PARTS[name];
  if (part !== undefined) return `extract("${part}", ${printed[0]})`;
  switch (name) {
    case 'NULLIF':
      return `nullIf(${args.map((arg) => boxed(arg, print)).join(', ')})`;
    case 'MOD':
      return modulo(e, print);
    case 'ROUND':
    case 'TRUNCATE':
      return type.kind === 'DECIMAL'
        ? `${name.toLowerCase()}To(${printed[0]}, ${printed[1] ?? '0'}, ${type.scale})`
        : `${name.toLowerCase()}(${printed.join(', ')})`;
    case 'ELEMENT':
      return cast(type, `onlyElement(${printed.join(', ')})`);
    case 'ARRAY_MAX':
    case 'ARRAY_MIN':
      return cast(type, `${javaName(name)}(${printed.join(', ')})`);
    case 'FLOOR':
      return args.length === 1 ? `floor(${printed[0]})` : `floorTo(${printed.join(', ')})`;
    case 'TO_TIMESTAMP':
    case 'TO_DATE':
      return `${type.kind === 'DATE' ? 'parseDate' : 'parseTimestamp'}(${printed.join(', ')})`;
    case 'TIMESTAMPADD':
      return `${type.kind === 'DATE' ? 'addToDate' : 'addToTimestamp'}(${printed.join(', ')})`;
    default:
      return `${javaName(name)}(${printed.join(', ')})`;
  }
}

/** The operands become of one type; the result has that of the divisor. */
function modulo({ args, type }: Call & TypedExpression, print: (e: TypedExpression) => string): string {
  const kinds = args.map((arg) => arg.type.kind);
  const common = (['DOUBLE', 'DECIMAL', 'BIGINT'] as const).find((kind) => kinds.includes(kind)) ?? 'INT';
  const operands = args.map((arg) => {
    if (arg.type.kind === common) return print(arg);
    return common === 'DECIMAL' ? `toDecimal(${print(arg)}, 19, 0)` : `${CASTS[common]!}(${print(arg)})`;
  });
  const size = type.kind === 'DECIMAL' ? `, ${type.precision}, ${type.scale}` : '';
  const text = `remainder(${operands.join(', ')}${size})`;
  return common === 'BIGINT' && type.kind === 'INT' ? `toInteger(${text})` : text;
}

/** `CHAR_LENGTH` → `charLength`. */
export function javaName(name: string): string {
  return name.toLowerCase().replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
