/** The dialects of Flink SQL and Spark SQL. */
import type { DataType } from '../core/types.ts';
import { argumentInfos } from './check-call.ts';
import { functionNamed } from './functions/index.ts';
import { backquoted, Level, printIn, quoted, wholeUnits, type Dialect, type Printed } from './print.ts';
import { typedChildren, type TypedExpression } from './typed-expression.ts';

type Column = Extract<TypedExpression, { node: 'column' }>;

/**
 * For Flink 2.x with `table.local-time-zone` UTC. Functions that Flink lacks are listed by `untranslatable`. `columnOf`: the text for a
 * column, which must hold together; its name in backquotes unless given.
 */
export function printFlinkSql(expression: TypedExpression, columnOf?: (column: Column) => string): string {
  return printIn(columnOf === undefined ? FLINK : withColumns(FLINK, columnOf), expression);
}

/** A literal of `ms`, with as many digits as it needs: Flink takes two unless told otherwise. */
export function printFlinkInterval(ms: number): string {
  return FLINK.interval(ms);
}

/** For Spark 4 with `spark.sql.session.timeZone` UTC. Functions that Spark lacks are listed by `untranslatable`. `columnOf` as above. */
export function printSparkSql(expression: TypedExpression, columnOf?: (column: Column) => string): string {
  return printIn(columnOf === undefined ? SPARK : withColumns(SPARK, columnOf), expression);
}

function withColumns(dialect: Dialect, columnOf: (column: Column) => string): Dialect {
  return {
    ...dialect,
    special: (e, print) => (e.node === 'column' ? primary(columnOf(e)) : dialect.special(e, print)),
  };
}

export function printFlinkType(type: DataType): string {
  switch (type.kind) {
    case 'DECIMAL':
      return `DECIMAL(${type.precision}, ${type.scale})`;
    case 'TIMESTAMP':
      return 'TIMESTAMP_LTZ(3)';
    case 'ARRAY':
      return `ARRAY<${printFlinkType(type.element)}>`;
    case 'MAP':
      return `MAP<${printFlinkType(type.key)}, ${printFlinkType(type.value)}>`;
    case 'ROW':
      return `ROW<${type.fields.map((f) => `${backquoted(f.name)} ${printFlinkType(f.type)}${f.nullable ? '' : ' NOT NULL'}`).join(', ')}>`;
    default:
      return type.kind;
  }
}

export function printSparkType(type: DataType): string {
  switch (type.kind) {
    case 'DECIMAL':
      return `DECIMAL(${type.precision}, ${type.scale})`;
    case 'BYTES':
      return 'BINARY';
    case 'ARRAY':
      return `ARRAY<${printSparkType(type.element)}>`;
    case 'MAP':
      return `MAP<${printSparkType(type.key)}, ${printSparkType(type.value)}>`;
    case 'ROW':
      return `STRUCT<${type.fields.map((f) => `${backquoted(f.name)}: ${printSparkType(f.type)}${f.nullable ? '' : ' NOT NULL'}`).join(', ')}>`;
    default:
      return type.kind;
  }
}

/** Why an expression cannot be written for a target, a sentence a function; empty when it can. */
export function untranslatable(expression: TypedExpression, target: 'flink' | 'spark'): readonly string[] {
  const reasons = new Set<string>();
  const visit = (e: TypedExpression): void => {
    if (e.node === 'call') {
      const declared = functionNamed(e.function)[target];
      const spelling =
        typeof declared === 'function'
          ? declared(e.args.map(() => ''), { args: argumentInfos(e.args), result: e.type }) // prettier-ignore
          : declared;
      if (typeof spelling === 'object') reasons.add(spelling.unsupported);
    }
    typedChildren(e).forEach(visit);
  };
  visit(expression);
  return [...reasons];
}

type Print = (e: TypedExpression, level: Level) => string;

function primary(text: string): Printed {
  return { text, level: Level.primary };
}

/** A bare NULL takes its type along: neither target always infers it. */
function typedNull(e: TypedExpression, type: (t: DataType) => string): Printed | null {
  return e.node === 'cast' && e.implicit && e.operand.node === 'literal' && e.operand.value === null
    ? primary(`CAST(NULL AS ${type(e.type)})`)
    : null;
}

/** Whether `e` subtracts two times. */
function isTimeDifference(e: Extract<TypedExpression, { node: 'arithmetic' }>): boolean {
  return (
    e.operator === '-' &&
    (e.left.type.kind === 'TIMESTAMP' || e.left.type.kind === 'DATE') &&
    e.right.type.kind === e.left.type.kind
  );
}

/** Milliseconds are a fraction of a second in both targets. */
function seconds(ms: number): string {
  const text = (Math.abs(ms) / 1000).toFixed(3);
  return ms < 0 ? `-${text}` : text;
}

const FLINK: Dialect = {
  name: backquoted,
  string: quoted,
  type: printFlinkType,
  // A TIMESTAMP literal has no time zone in Flink, and our TIMESTAMP is an instant.
  timestamp: (text) => `CAST(TIMESTAMP '${text}' AS TIMESTAMP_LTZ(3))`,
  interval: (ms) => {
    const { count, unit } = wholeUnits(ms);
    const whole = Math.abs(Math.trunc(unit === 'MILLISECOND' ? ms / 1000 : count));
    // Flink takes two digits unless told otherwise.
    const digits = Math.max(2, String(whole).length);
    if (unit === 'MILLISECOND' && digits <= 3) return `INTERVAL '${seconds(ms)}' SECOND(${digits}, 3)`;
    // It takes no more than three of the first unit: longer ones are told in days and parts of them.
    if (whole > 999 && unit !== 'DAY') return dayToSecond(ms);
    const precision = digits > 2 ? `(${digits})` : '';
    return `INTERVAL '${count}' ${unit}${precision}`;
  },
  spelling: 'flink',
  special: (e, print) => {
    const nothing = typedNull(e, printFlinkType);
    if (nothing !== null || e.node !== 'arithmetic' || !isTimeDifference(e)) return nothing;
    const [left, right] = [print(e.left, Level.or), print(e.right, Level.or)];
    if (e.type.kind === 'INT') return primary(`TIMESTAMPDIFF(DAY, ${right}, ${left})`);
    // TIMESTAMPDIFF goes no finer than seconds: whole seconds first, then the rest.
    const millis = `EXTRACT(MILLISECOND FROM ${left}) - EXTRACT(MILLISECOND FROM ${right})`;
    const whole = `TIMESTAMPDIFF(SECOND, FLOOR(${right} TO SECOND), FLOOR(${left} TO SECOND))`;
    return { text: `CAST(${whole} AS BIGINT) * 1000 + ${millis}`, level: Level.sum };
  },
};

/** `INTERVAL '1 02:03:04' DAY TO SECOND`, with a fraction where there is one. */
function dayToSecond(ms: number): string {
  const total = Math.abs(ms);
  const part = (size: number, limit: number): string => String(Math.floor(total / size) % limit).padStart(2, '0');
  const days = Math.floor(total / 86_400_000);
  const fraction = total % 1000 === 0 ? '' : `.${String(total % 1000).padStart(3, '0')}`;
  const text = `${days} ${part(3_600_000, 24)}:${part(60_000, 60)}:${part(1000, 60)}${fraction}`;
  const digits = String(days).length;
  const precision = digits > 2 ? `(${digits})` : '';
  return `INTERVAL '${ms < 0 ? '-' : ''}${text}' DAY${precision} TO SECOND${fraction === '' ? '' : '(3)'}`;
}

const SPARK: Dialect = {
  name: backquoted,
  // A backslash escapes in Spark's strings.
  string: (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`,
  type: printSparkType,
  timestamp: (text) => `TIMESTAMP '${text}'`,
  interval: (ms) => {
    const { count, unit } = wholeUnits(ms);
    return unit === 'MILLISECOND' ? `INTERVAL '${seconds(ms)}' SECOND` : `INTERVAL '${count}' ${unit}`;
  },
  spelling: 'spark',
  special: (e, print) => {
    switch (e.node) {
      case 'cast':
        return sparkCast(e, print);
      case 'arithmetic':
        return sparkArithmetic(e, print);
      case 'element':
        return primary(
          e.operand.type.kind === 'MAP'
            ? `try_element_at(${print(e.operand, Level.or)}, ${print(e.key, Level.or)})`
            : `get(${print(e.operand, Level.or)}, CAST(${print(e.key, Level.or)} AS INT) - 1)`,
        );
      case 'like':
        return sparkLike(e, print);
      case 'array':
      case 'map':
        return primary(`${e.node}(${e.items.map((item) => print(item, Level.or)).join(', ')})`);
      case 'row':
        return primary(`named_struct(${e.items.map((item, i) => `'f${i}', ${print(item, Level.or)}`).join(', ')})`);
      default:
        return null;
    }
  },
};

function sparkCast(e: Extract<TypedExpression, { node: 'cast' }>, print: Print): Printed | null {
  const nothing = typedNull(e, printSparkType);
  if (nothing !== null) return nothing;
  const operand = (): string => print(e.operand, Level.or);
  // Spark derives other precisions from whole numbers, and another type for a remainder.
  const differs = e.implicit && (e.type.kind === 'DECIMAL' || e.type.kind === 'INT');
  if (differs) return primary(`CAST(${operand()} AS ${printSparkType(e.type)})`);
  // Spark leaves zeros at the end of a second out.
  if (e.type.kind === 'STRING' && e.operand.type.kind === 'TIMESTAMP') {
    return primary(`date_format(${operand()}, 'yyyy-MM-dd HH:mm:ss.SSS')`);
  }
  const isBooleanText = e.type.kind === 'STRING' && e.operand.type.kind === 'BOOLEAN';
  return isBooleanText ? primary(`upper(CAST(${operand()} AS STRING))`) : null;
}

function sparkArithmetic(e: Extract<TypedExpression, { node: 'arithmetic' }>, print: Print): Printed | null {
  if (isTimeDifference(e)) {
    const [left, right] = [print(e.left, Level.or), print(e.right, Level.or)];
    return e.type.kind === 'INT'
      ? primary(`datediff(${left}, ${right})`)
      : { text: `unix_millis(${left}) - unix_millis(${right})`, level: Level.sum };
  }
  const text = (operator: string): string =>
    `${print(e.left, Level.product)} ${operator} ${print(e.right, Level.sign)}`;
  if (e.type.kind === 'DECIMAL' && (e.operator === '*' || e.operator === '%')) {
    return primary(`CAST(${text(e.operator)} AS ${printSparkType(e.type)})`);
  }
  if (e.operator !== '/' || (e.type.kind !== 'INT' && e.type.kind !== 'BIGINT')) return null;
  // `/` is never a whole number in Spark, and `div` is always a BIGINT.
  return e.type.kind === 'INT' ? primary(`CAST(${text('div')} AS INT)`) : { text: text('div'), level: Level.product };
}

const ESCAPES = ['!', '~', '#', '^', '|'];

/** Spark takes a backslash for an escape unless another character is named. */
function sparkLike(e: Extract<TypedExpression, { node: 'like' }>, print: Print): Printed | null {
  const pattern = e.pattern.node === 'literal' && typeof e.pattern.value === 'string' ? e.pattern.value : '';
  if (e.escape !== null || !pattern.includes('\\')) return null;
  const escape = ESCAPES.find((character) => !pattern.includes(character)) ?? '\u0001';
  const not = e.negated ? ' NOT' : '';
  return {
    text: `${print(e.operand, Level.range)}${not} LIKE ${print(e.pattern, Level.sum)} ESCAPE '${escape}'`,
    level: Level.range,
  };
}
