import { pow10 } from '../../core/decimal.ts';
import { say } from '../../core/say.ts';
import { BIGINT, decimal, DOUBLE, INT, STRING, type DataType, type Value } from '../../core/types.ts';
import { conversion, doubleToLong } from '../cast.ts';
import { comparison, decimalOperation, moduloInt, moduloLong, type Present } from '../operations.ts';
import { asDecimal, commonType, decimalArithmetic, type DecimalType } from '../type-rules.ts';
import {
  declare,
  takes,
  typeOfArgument,
  type ArgumentInfo,
  type CallInfo,
  type EvaluationContext,
  type FunctionSpec,
  type Implementation,
} from './declare.ts';
import { ceilTo, floorTo, FLOOR_UNITS } from './calendar.ts';
import { roundedType, rounding } from './rounding.ts';
import type { TimeUnit } from '../typed-expression.ts';

const ONE_DOUBLE = takes({ x: DOUBLE }, DOUBLE);

/** A function of one DOUBLE that JavaScript's Math has under the same name. */
function ofMath(
  name: string,
  method: keyof Math & string,
  doc: string,
  example: readonly [string, string],
): FunctionSpec {
  const apply = Math[method] as (x: number) => number;
  return declare('math', {
    name,
    signatures: [ONE_DOUBLE],
    doc,
    example,
    evaluate: (x: number) => apply(x),
    inline: ([x]) => `Math.${method}(${x})`,
  });
}

/** By the argument's type: numbers for INT and DOUBLE, bigints for BIGINT and DECIMAL. */
function byType(
  { args }: CallInfo,
  cases: {
    int: (x: number) => number;
    long: (x: bigint) => bigint;
    double: (x: number) => number;
    decimal: (x: bigint, type: DecimalType) => bigint;
  },
): Implementation {
  const type = args[0]!.type;
  switch (type.kind) {
    case 'INT':
      return cases.int;
    case 'BIGINT':
      return cases.long;
    case 'DECIMAL':
      return (x: bigint) => cases.decimal(x, type);
    default:
      return cases.double;
  }
}

function floorOfDecimal(x: bigint, { scale }: DecimalType): bigint {
  const unit = pow10(scale);
  const cut = x / unit;
  return x < 0n && cut * unit !== x ? cut - 1n : cut;
}

const WHOLE: (args: readonly ArgumentInfo[]) => DataType = (args) => {
  const type = args[0]!.type;
  return type.kind === 'DECIMAL' ? decimal(type.precision, 0) : type;
};

const TO_UNIT = takes({ time: 'time', unit: 'unit' }, typeOfArgument(0));

/** Of a unit that FLOOR and CEIL know. */
function checkFloorUnit(args: readonly ArgumentInfo[]): { argument: number; message: string } | null {
  const unit = args[1]?.literal;
  return typeof unit !== 'string' || FLOOR_UNITS.has(unit as TimeUnit)
    ? null
    : { argument: 1, message: say`A time is cut to one of ${[...FLOOR_UNITS].join(', ')}, not to ${unit}` };
}

/** Weeks begin on Sunday in Flink, on Monday in Spark. */
function sparkFloor(time: string, unit: string): string {
  return unit === 'WEEK'
    ? `(date_trunc('WEEK', ${time} + INTERVAL 1 DAY) - INTERVAL 1 DAY)`
    : `date_trunc('${unit}', ${time})`;
}

function sparkTime(text: string, { args }: CallInfo): string {
  return args[0]!.type.kind === 'DATE' ? `CAST(${text} AS DATE)` : text;
}

function largest(sign: 1 | -1): (call: CallInfo) => Implementation {
  return ({ args, result }) => {
    // All arguments have been brought to the type of the result.
    const compare = comparison(args[0]!.type, result);
    return (...values: Present[]) => values.reduce((best, value) => (compare(value, best) * sign > 0 ? value : best));
  };
}

/** As `%`: the remainder has the type of the divisor. */
function moduloType(args: readonly ArgumentInfo[]): DataType {
  const [left, right] = [args[0]!.type, args[1]!.type];
  const common = commonType([left, right])!;
  if (common.kind === 'DECIMAL') return decimalArithmetic('%', asDecimal(left), asDecimal(right)).type;
  return common.kind === 'DOUBLE' ? common : right;
}

function modulo({ args, result }: CallInfo): Implementation {
  const [left, right] = [args[0]!.type, args[1]!.type];
  const common = commonType([left, right])!;
  const [toLeft, toRight] =
    common.kind === 'DECIMAL'
      ? [conversion(left, asDecimal(left)), conversion(right, asDecimal(right))]
      : [conversion(left, common), conversion(right, common)];
  const apply = ((): ((a: never, b: never) => Value) => {
    switch (common.kind) {
      case 'INT':
        return moduloInt;
      case 'BIGINT':
        return result.kind === 'INT' ? (a: bigint, b: bigint) => Number(moduloLong(a, b)) : moduloLong;
      case 'DECIMAL':
        return decimalOperation('%', asDecimal(left), asDecimal(right), result as DecimalType);
      default:
        return (a: number, b: number) => a % b;
    }
  })();
  return (a: Present, b: Present) => apply(toLeft(a) as never, toRight(b) as never);
}

export const MATH_FUNCTIONS: readonly FunctionSpec[] = [
  declare('math', {
    name: 'ABS',
    signatures: [takes({ x: 'number' }, typeOfArgument(0))],
    doc: 'The number without its sign.',
    example: ['ABS(-3)', '3'],
    bind: (call) =>
      byType(call, {
        int: (x) => Math.abs(x) | 0,
        long: (x) => BigInt.asIntN(64, x < 0n ? -x : x),
        double: Math.abs,
        decimal: (x) => (x < 0n ? -x : x),
      }),
    inline: ([x], { args }) => (args[0]!.type.kind === 'DOUBLE' ? `Math.abs(${x})` : null),
  }),
  declare('math', {
    name: 'SIGN',
    signatures: [takes({ x: 'number' }, typeOfArgument(0))],
    doc: '-1, 0 or 1, as the number is negative, zero or positive.',
    example: ['SIGN(-2.5)', '-1.0'],
    bind: (call) =>
      byType(call, {
        int: Math.sign,
        long: (x) => (x > 0n ? 1n : x < 0n ? -1n : 0n),
        double: Math.sign,
        decimal: (x, { scale }) => (x > 0n ? pow10(scale) : x < 0n ? -pow10(scale) : 0n),
      }),
    spark: ([x], { result }) =>
      result.kind === 'DOUBLE' ? `sign(${x})` : `CAST(sign(${x}) AS ${sparkNumber(result)})`,
  }),
  declare('math', {
    name: 'CEIL',
    aliases: ['CEILING'],
    signatures: [takes({ x: 'number' }, WHOLE), TO_UNIT],
    doc: 'The smallest whole number that is not below `x`; `CEIL(ts TO HOUR)` rounds a time up to a unit.',
    example: ['CEIL(2.1)', 'CAST(3 AS DECIMAL(2,0))'],
    bind: (call) => {
      const { args } = call;
      const unit = args[1]?.literal as TimeUnit | undefined;
      if (unit !== undefined) return ceilTo(unit, args[0]!.type.kind === 'DATE');
      return byType(call, {
        int: (x) => x,
        long: (x) => x,
        double: Math.ceil,
        decimal: (x, type) => -floorOfDecimal(-x, type),
      });
    },
    inline: ([x], { args }) => (args[0]!.type.kind === 'DOUBLE' ? `Math.ceil(${x})` : null),
    checkLiterals: checkFloorUnit,
    text: ([x, unit]) => (unit === undefined ? `CEIL(${x})` : `CEIL(${x} TO ${unit})`),
    spark: ([x, unit], call) => {
      if (unit === undefined)
        return call.result.kind === 'DOUBLE'
          ? `CAST(ceil(${x}) AS DOUBLE)`
          : `CAST(ceil(${x}) AS ${sparkNumber(call.result)})`;
      const floor = sparkFloor(x!, unit);
      return sparkTime(`CASE WHEN ${floor} = ${x} THEN ${x} ELSE timestampadd(${unit}, 1, ${floor}) END`, call);
    },
  }),
  declare('math', {
    name: 'FLOOR',
    signatures: [takes({ x: 'number' }, WHOLE), TO_UNIT],
    doc: 'The largest whole number that is not above `x`; `FLOOR(ts TO HOUR)` cuts a time to a unit (weeks begin on Sunday).',
    example: ["FLOOR(TIMESTAMP '2026-11-22 15:04:05' TO HOUR)", "TIMESTAMP '2026-11-22 15:00:00'"],
    bind: (call) => {
      const { args } = call;
      const unit = args[1]?.literal as TimeUnit | undefined;
      if (unit !== undefined) return floorTo(unit, args[0]!.type.kind === 'DATE');
      return byType(call, { int: (x) => x, long: (x) => x, double: Math.floor, decimal: floorOfDecimal });
    },
    inline: ([x], { args }) => (args[0]!.type.kind === 'DOUBLE' ? `Math.floor(${x})` : null),
    checkLiterals: checkFloorUnit,
    text: ([x, unit]) => (unit === undefined ? `FLOOR(${x})` : `FLOOR(${x} TO ${unit})`),
    spark: ([x, unit], call) => {
      if (unit !== undefined) return sparkTime(sparkFloor(x!, unit), call);
      return call.result.kind === 'DOUBLE'
        ? `CAST(floor(${x}) AS DOUBLE)`
        : `CAST(floor(${x}) AS ${sparkNumber(call.result)})`;
    },
  }),
  declare('math', {
    name: 'ROUND',
    signatures: [takes({ x: 'number', 'digits?': INT }, roundedType(1))],
    doc: 'Rounded to `digits` digits after the point (0 unless given), half away from zero.',
    example: ['ROUND(2.345, 2)', '2.35'],
    bind: rounding(true),
  }),
  declare('math', {
    name: 'TRUNCATE',
    aliases: ['TRUNC'],
    signatures: [takes({ x: 'number', 'digits?': INT }, roundedType(0))],
    doc: 'Cut to `digits` digits after the point (0 unless given), towards zero.',
    example: ['TRUNCATE(42.329, 2)', '42.32'],
    bind: rounding(false),
    spark: ([x, digits], { result }) =>
      `CAST(sign(${x}) * floor(abs(${x}) * pow(10, ${digits ?? '0'})) / pow(10, ${digits ?? '0'}) AS ${sparkNumber(result)})`,
  }),
  declare('math', {
    name: 'MOD',
    signatures: [takes({ x: 'number', divisor: 'number' }, moduloType)],
    doc: 'The remainder, with the sign of `x`. `%` does the same.',
    example: ['MOD(-7, 3)', '-1'],
    bind: modulo,
    spark: ([x, divisor], { result }) => `CAST(${x} % ${divisor} AS ${sparkNumber(result)})`,
  }),
  declare('math', {
    name: 'POWER',
    aliases: ['POW'],
    signatures: [takes({ x: DOUBLE, exponent: DOUBLE }, DOUBLE)],
    doc: '`x` to the power of `exponent`.',
    example: ['POWER(2, 10)', '1024e0'],
    evaluate: (x: number, exponent: number) => x ** exponent,
    inline: ([x, exponent]) => `Math.pow(${x}, ${exponent})`,
  }),
  ofMath('SQRT', 'sqrt', 'The square root; NaN for a negative number.', ['SQRT(9)', '3e0']),
  ofMath('EXP', 'exp', 'e to the power of `x`.', ['EXP(0)', '1e0']),
  ofMath('LN', 'log', 'The natural logarithm.', ['LN(1)', '0e0']),
  ofMath('LOG10', 'log10', 'The logarithm to base 10.', ['LOG10(1000)', '3e0']),
  ofMath('LOG2', 'log2', 'The logarithm to base 2.', ['LOG2(8)', '3e0']),
  declare('math', {
    name: 'LOG',
    signatures: [ONE_DOUBLE, takes({ base: DOUBLE, x: DOUBLE }, DOUBLE)],
    doc: 'The natural logarithm of `x`, or the one to `base`.',
    example: ['LOG(2, 8)', '3e0'],
    evaluate: (first: number, second?: number) =>
      second === undefined ? Math.log(first) : Math.log(second) / Math.log(first),
  }),
  ofMath('SIN', 'sin', 'The sine of an angle in radians.', ['SIN(0)', '0e0']),
  ofMath('COS', 'cos', 'The cosine of an angle in radians.', ['COS(0)', '1e0']),
  ofMath('TAN', 'tan', 'The tangent of an angle in radians.', ['TAN(0)', '0e0']),
  declare('math', {
    name: 'COT',
    signatures: [ONE_DOUBLE],
    doc: 'The cotangent of an angle in radians.',
    example: ['ROUND(COT(PI() / 4), 6)', '1e0'],
    evaluate: (x: number) => 1 / Math.tan(x),
    inline: ([x]) => `(1 / Math.tan(${x}))`,
  }),
  ofMath('SINH', 'sinh', 'The hyperbolic sine.', ['SINH(0)', '0e0']),
  ofMath('COSH', 'cosh', 'The hyperbolic cosine.', ['COSH(0)', '1e0']),
  ofMath('TANH', 'tanh', 'The hyperbolic tangent.', ['TANH(0)', '0e0']),
  ofMath('ASIN', 'asin', 'The angle, in radians, whose sine is `x`.', ['ASIN(0)', '0e0']),
  ofMath('ACOS', 'acos', 'The angle, in radians, whose cosine is `x`.', ['ACOS(1)', '0e0']),
  ofMath('ATAN', 'atan', 'The angle, in radians, whose tangent is `x`.', ['ATAN(0)', '0e0']),
  declare('math', {
    name: 'ATAN2',
    signatures: [takes({ y: DOUBLE, x: DOUBLE }, DOUBLE)],
    doc: 'The angle, in radians, of the point (x, y).',
    example: ['ATAN2(0, 1)', '0e0'],
    evaluate: (y: number, x: number) => Math.atan2(y, x),
    inline: ([y, x]) => `Math.atan2(${y}, ${x})`,
  }),
  declare('math', {
    name: 'DEGREES',
    signatures: [ONE_DOUBLE],
    doc: 'An angle in radians, in degrees.',
    example: ['DEGREES(PI())', '180e0'],
    evaluate: (x: number) => (x / Math.PI) * 180,
    inline: ([x]) => `((${x} / Math.PI) * 180)`,
  }),
  declare('math', {
    name: 'RADIANS',
    signatures: [ONE_DOUBLE],
    doc: 'An angle in degrees, in radians.',
    example: ['RADIANS(180) = PI()', 'TRUE'],
    evaluate: (x: number) => (x / 180) * Math.PI,
    inline: ([x]) => `((${x} / 180) * Math.PI)`,
  }),
  declare('math', {
    name: 'PI',
    signatures: [takes({}, DOUBLE)],
    doc: 'The ratio of a circle to its diameter.',
    example: ['ROUND(PI(), 4)', '3.1416e0'],
    evaluate: () => Math.PI,
    inline: () => 'Math.PI',
  }),
  declare('math', {
    name: 'E',
    signatures: [takes({}, DOUBLE)],
    doc: 'The base of the natural logarithm.',
    example: ['ROUND(E(), 4)', '2.7183e0'],
    evaluate: () => Math.E,
    inline: () => 'Math.E',
  }),
  declare('math', {
    name: 'GREATEST',
    signatures: [takes({ 'value…': 'comparable' }, typeOfArgument(0))],
    doc: 'The largest of the arguments; NULL when one is NULL.',
    example: ['GREATEST(1, 3, 2)', '3'],
    bind: largest(1),
    spark: (args) => nullIfAny(args, `greatest(${args.join(', ')})`),
  }),
  declare('math', {
    name: 'LEAST',
    signatures: [takes({ 'value…': 'comparable' }, typeOfArgument(0))],
    doc: 'The smallest of the arguments; NULL when one is NULL.',
    example: ["LEAST('b', 'a')", "'a'"],
    bind: largest(-1),
    spark: (args) => nullIfAny(args, `least(${args.join(', ')})`),
  }),
  declare('math', {
    name: 'RAND',
    signatures: [takes({}, DOUBLE, 'never')],
    doc: 'A random number in [0, 1).',
    example: ['RAND() < 1', 'TRUE'],
    isDeterministic: false,
    needsContext: true,
    evaluate: ({ random }: EvaluationContext) => random(),
  }),
  declare('math', {
    name: 'RAND_INTEGER',
    signatures: [takes({ bound: INT }, INT)],
    doc: 'A random whole number in [0, bound).',
    example: ['RAND_INTEGER(1)', '0'],
    isDeterministic: false,
    needsContext: true,
    evaluate: ({ random }: EvaluationContext, bound: number) => Math.floor(random() * bound) | 0,
    spark: ([bound]) => `CAST(floor(rand() * ${bound}) AS INT)`,
  }),
  declare('math', {
    name: 'BIN',
    signatures: [takes({ x: BIGINT }, STRING)],
    doc: 'A whole number in binary digits.',
    example: ['BIN(10)', "'1010'"],
    evaluate: (x: bigint) => BigInt.asUintN(64, x).toString(2),
  }),
  declare('math', {
    name: 'HEX',
    signatures: [takes({ x: BIGINT }, STRING)],
    doc: 'A whole number in hexadecimal digits.',
    example: ['HEX(255)', "'FF'"],
    evaluate: (x: bigint) => BigInt.asUintN(64, x).toString(16).toUpperCase(),
  }),
  declare('math', {
    name: 'WIDTH_BUCKET',
    signatures: [takes({ x: DOUBLE, low: DOUBLE, high: DOUBLE, buckets: INT }, BIGINT, 'always')],
    doc: 'Number of the bucket (from 1) among `buckets` of equal width between `low` and `high`; 0 below, buckets + 1 above.',
    example: ['WIDTH_BUCKET(5.3, 0.2, 10.6, 5)', 'CAST(3 AS BIGINT)'],
    evaluate: (x: number, low: number, high: number, buckets: number) => {
      if (buckets < 1 || low === high || ![x, low, high].every(Number.isFinite)) return null;
      const share = (x - low) / (high - low);
      return share < 0 ? 0n : share >= 1 ? BigInt(buckets) + 1n : doubleToLong(share * buckets) + 1n;
    },
    flink: ([x, low, high, buckets]) =>
      `CAST(CASE WHEN (${x} - ${low}) / (${high} - ${low}) < 0 THEN 0 WHEN (${x} - ${low}) / (${high} - ${low}) >= 1 THEN ${buckets} + 1 ELSE FLOOR((${x} - ${low}) / (${high} - ${low}) * ${buckets}) + 1 END AS BIGINT)`,
  }),
  declare('math', {
    name: 'PMOD',
    signatures: [takes({ x: BIGINT, by: BIGINT }, BIGINT)],
    doc: 'The remainder that is not negative (for a positive divisor): buckets for any whole number. MOD has the sign of `x`.',
    example: ['PMOD(-7, 5)', 'CAST(3 AS BIGINT)'],
    evaluate: (x: bigint, by: bigint) => {
      const rest = moduloLong(x, by);
      return rest < 0n ? moduloLong(rest + by, by) : rest;
    },
    flink: ([x, by]) =>
      `CASE WHEN MOD(${x}, ${by}) < 0 THEN MOD(MOD(${x}, ${by}) + ${by}, ${by}) ELSE MOD(${x}, ${by}) END`,
  }),
];

function nullIfAny(args: readonly string[], text: string): string {
  // Spark skips NULLs where Flink gives NULL.
  return `CASE WHEN ${args.map((arg) => `${arg} IS NULL`).join(' OR ')} THEN NULL ELSE ${text} END`;
}

function sparkNumber(type: DataType): string {
  return type.kind === 'DECIMAL' ? `DECIMAL(${type.precision},${type.scale})` : type.kind;
}
