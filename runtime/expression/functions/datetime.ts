import { say } from '../../core/say.ts';
import { BIGINT, DATE, INT, STRING, TIMESTAMP, type DataType } from '../../core/types.ts';
import { timestampFromText } from '../cast.ts';
import { longToNumber } from '../kernel-code.ts';
import type { TimeUnit } from '../typed-expression.ts';
import { addMonths, civilDate, DAY_MS, daysOf, extract, monthsBetween, UNIT_MONTHS, UNIT_MS } from './calendar.ts';
import {
  declare,
  takes,
  type ArgumentInfo,
  type CallInfo,
  type EvaluationContext,
  type FunctionSpec,
  type Implementation,
} from './declare.ts';
import { DEFAULT_PATTERN, formatTime, parseTime, patternFault } from './time-format.ts';
import { findTimeZone, instantOf, localTime } from './time-zone.ts';

type Fault = { readonly argument: number; readonly message: string } | null;

/** Milliseconds from a DATE or TIMESTAMP argument. */
function toMs(type: DataType): (time: number) => number {
  return type.kind === 'DATE' ? (days) => days * DAY_MS : (ms) => ms;
}

function extracting(unit: TimeUnit, type: DataType): Implementation {
  const ms = toMs(type);
  return (time: number) => BigInt(extract(unit, ms(time)));
}

/** `YEAR(ts)` and its kin: EXTRACT of one unit under a name of its own. */
function part(
  name: string,
  unit: TimeUnit,
  what: string,
  example: string,
  spark: string,
  aliases: readonly string[] = [],
): FunctionSpec {
  return declare('datetime', {
    name,
    aliases,
    signatures: [takes({ time: 'time' }, BIGINT)],
    doc: `${what} The same as \`EXTRACT(${unit} FROM time)\`.`,
    example: [`${name}(TIMESTAMP '2026-11-22 15:04:05')`, `CAST(${example} AS BIGINT)`],
    bind: ({ args }) => extracting(unit, args[0]!.type),
    flink: ([time]) => `EXTRACT(${unit} FROM ${time})`,
    spark: ([time]) => `CAST(${spark}(${time}) AS BIGINT)`,
  });
}

const SPARK_UNITS: Partial<Readonly<Record<TimeUnit, string>>> = { DOW: 'DAYOFWEEK', ISODOW: 'DAYOFWEEK_ISO' };

function sparkExtract([unit, time]: readonly string[]): string {
  switch (unit) {
    case 'EPOCH':
      return `unix_timestamp(${time})`;
    case 'MILLISECOND':
      return `pmod(unix_millis(${time}), 1000)`;
    default:
      return `CAST(extract(${SPARK_UNITS[unit as TimeUnit] ?? unit} FROM ${time}) AS BIGINT)`;
  }
}

/** TIMESTAMPADD keeps a DATE a DATE while the unit is no part of a day. */
function addedType(args: readonly ArgumentInfo[]): DataType {
  const unit = args[0]!.literal as TimeUnit;
  const isLong = UNIT_MONTHS[unit] !== undefined || unit === 'DAY' || unit === 'WEEK';
  return args[2]!.type.kind === 'DATE' && isLong ? DATE : TIMESTAMP;
}

function adding({ args, result }: CallInfo): Implementation {
  const unit = args[0]!.literal as TimeUnit;
  const ms = toMs(args[2]!.type);
  const months = UNIT_MONTHS[unit];
  const size = UNIT_MS[unit] ?? 0;
  const fromMs = result.kind === 'DATE' ? (time: number) => time / DAY_MS : (time: number) => time;
  if (months === undefined) return (_: string, count: bigint, time: number) => fromMs(ms(time) + Number(count) * size);
  return (_: string, count: bigint, time: number) => {
    const at = ms(time);
    const days = Math.floor(at / DAY_MS);
    return fromMs(addMonths(days, Number(count) * months) * DAY_MS + (at - days * DAY_MS));
  };
}

function between({ args }: CallInfo): Implementation {
  const unit = args[0]!.literal as TimeUnit;
  const [from, to] = [toMs(args[1]!.type), toMs(args[2]!.type)];
  const months = UNIT_MONTHS[unit];
  const size = UNIT_MS[unit] ?? 1;
  return months === undefined
    ? (_: string, a: number, b: number) => Math.trunc((to(b) - from(a)) / size) | 0
    : (_: string, a: number, b: number) => Math.trunc(monthsBetween(from(a), to(b)) / months) | 0;
}

/** Units that count, and so can be added. */
function checkCountingUnit(smallest: TimeUnit): (args: readonly ArgumentInfo[]) => Fault {
  return ([unit]) => {
    const name = unit?.literal as TimeUnit;
    if (
      UNIT_MONTHS[name] !== undefined ||
      (UNIT_MS[name] !== undefined && (name !== 'MILLISECOND' || smallest === name))
    )
      return null;
    const hint = name === 'MILLISECOND' ? say`: subtract the times to get milliseconds` : '';
    return { argument: 0, message: say`${name} cannot be counted here${hint}` };
  };
}

function checkPattern(argument: number): (args: readonly ArgumentInfo[]) => Fault {
  return (args) => {
    const pattern = args[argument]?.literal;
    const fault = typeof pattern === 'string' ? patternFault(pattern) : null;
    return fault === null ? null : { argument, message: fault };
  };
}

function checkZones(args: readonly ArgumentInfo[]): Fault {
  const wrong = args.findIndex(
    ({ literal }, i) => i > 0 && typeof literal === 'string' && findTimeZone(literal) === null,
  );
  return wrong < 0 ? null : { argument: wrong, message: say`${JSON.stringify(args[wrong]!.literal)} is no time zone` };
}

function ltz(text: string): string {
  return `CAST(${text} AS TIMESTAMP_LTZ(3))`;
}

export const DATETIME_FUNCTIONS: readonly FunctionSpec[] = [
  declare('datetime', {
    name: 'CURRENT_TIMESTAMP',
    aliases: ['NOW', 'CURRENT_ROW_TIMESTAMP'],
    signatures: [takes({}, TIMESTAMP, 'never')],
    doc: 'The time of processing. Results that depend on it differ from run to run.',
    example: ["CURRENT_TIMESTAMP > TIMESTAMP '2000-01-01 00:00:00'", 'TRUE'],
    isDeterministic: false,
    isBare: true,
    needsContext: true,
    evaluate: ({ now }: EvaluationContext) => now(),
    text: () => 'CURRENT_TIMESTAMP',
    flink: () => 'CURRENT_ROW_TIMESTAMP()',
    spark: () => 'current_timestamp()',
  }),
  declare('datetime', {
    name: 'CURRENT_DATE',
    signatures: [takes({}, DATE, 'never')],
    doc: 'The day of processing, in UTC.',
    example: ["CURRENT_DATE > DATE '2000-01-01'", 'TRUE'],
    isDeterministic: false,
    isBare: true,
    needsContext: true,
    evaluate: ({ now }: EvaluationContext) => Math.floor(now() / DAY_MS),
    text: () => 'CURRENT_DATE',
    flink: () => 'CURRENT_DATE',
    spark: () => 'current_date()',
  }),
  declare('datetime', {
    name: 'EXTRACT',
    signatures: [takes({ unit: 'unit', time: 'time' }, BIGINT)],
    doc: 'A part of a time: MILLISECOND, SECOND, MINUTE, HOUR, DAY, WEEK (ISO), MONTH, QUARTER, YEAR, DOW (Sunday = 1), ISODOW (Monday = 1), DOY or EPOCH (seconds). Written `EXTRACT(HOUR FROM ts)`.',
    example: ["EXTRACT(HOUR FROM TIMESTAMP '2026-11-22 15:04:05')", 'CAST(15 AS BIGINT)'],
    bind: ({ args }) => {
      const read = extracting(args[0]!.literal as TimeUnit, args[1]!.type) as (time: number) => bigint;
      return (_: string, time: number) => read(time);
    },
    text: ([unit, time]) => `EXTRACT(${unit} FROM ${time})`,
    spark: sparkExtract,
  }),
  part('YEAR', 'YEAR', 'The year.', '2026', 'year'),
  part('QUARTER', 'QUARTER', 'The quarter, 1 to 4.', '4', 'quarter'),
  part('MONTH', 'MONTH', 'The month, 1 to 12.', '11', 'month'),
  part('WEEK', 'WEEK', 'The ISO week of the year, 1 to 53.', '47', 'weekofyear'),
  part('DAYOFYEAR', 'DOY', 'The day of the year, from 1.', '326', 'dayofyear'),
  part('DAYOFMONTH', 'DAY', 'The day of the month, from 1.', '22', 'dayofmonth', ['DAY']),
  part('DAYOFWEEK', 'DOW', 'The day of the week: Sunday = 1.', '1', 'dayofweek'),
  part('HOUR', 'HOUR', 'The hour, 0 to 23.', '15', 'hour'),
  part('MINUTE', 'MINUTE', 'The minute, 0 to 59.', '4', 'minute'),
  part('SECOND', 'SECOND', 'The second, 0 to 59.', '5', 'second'),
  declare('datetime', {
    name: 'TIMESTAMPADD',
    signatures: [takes({ unit: 'unit', count: BIGINT, time: 'time' }, addedType)],
    doc: 'The time `count` units later. Months and years keep the day, or take the last of the month.',
    example: ["TIMESTAMPADD(MONTH, 1, DATE '2026-01-31')", "DATE '2026-02-28'"],
    bind: adding,
    checkLiterals: checkCountingUnit('MILLISECOND'),
    flink: ([unit, count, time]) =>
      unit === 'MILLISECOND'
        ? `(${time} + ${count} * INTERVAL '0.001' SECOND)`
        : `TIMESTAMPADD(${unit}, CAST(${count} AS INT), ${time})`,
    spark: ([unit, count, time], { result }) => {
      const added = `timestampadd(${unit}, CAST(${count} AS INT), ${time})`;
      return result.kind === 'DATE' ? `CAST(${added} AS DATE)` : added;
    },
  }),
  declare('datetime', {
    name: 'TIMESTAMPDIFF',
    signatures: [takes({ unit: 'unit', from: 'time', to: 'time' }, INT)],
    doc: 'Full units from one time to another; negative when `to` is earlier. Milliseconds come from subtracting the times.',
    example: ["TIMESTAMPDIFF(DAY, DATE '2026-11-22', DATE '2026-12-24')", '32'],
    bind: between,
    checkLiterals: checkCountingUnit('SECOND'),
    spark: (args) => `CAST(timestampdiff(${args.join(', ')}) AS INT)`,
  }),
  declare('datetime', {
    name: 'DATE_FORMAT',
    signatures: [takes({ time: TIMESTAMP, pattern: STRING }, STRING)],
    doc: "The time as text, by a pattern such as `yyyy-MM-dd HH:mm:ss.SSS`; other letters stand in quotes: `yyyy'T'`.",
    example: ["DATE_FORMAT(TIMESTAMP '2026-11-22 15:04:05', 'dd.MM.yyyy HH:mm')", "'22.11.2026 15:04'"],
    evaluate: formatTime,
    checkLiterals: checkPattern(1),
  }),
  declare('datetime', {
    name: 'TO_TIMESTAMP',
    signatures: [takes({ text: STRING, 'pattern?': STRING }, TIMESTAMP, 'always')],
    doc: 'The time in a text, by a pattern (ISO 8601 or `yyyy-MM-dd HH:mm:ss` unless given); NULL when it is none.',
    example: ["TO_TIMESTAMP('22.11.2026 15:04', 'dd.MM.yyyy HH:mm')", "TIMESTAMP '2026-11-22 15:04:00'"],
    evaluate: (text: string, pattern?: string) =>
      pattern === undefined ? timestampFromText(text) : parseTime(text, pattern),
    checkLiterals: checkPattern(1),
    flink: (args) => ltz(`TO_TIMESTAMP(${args.join(', ')})`),
    spark: 'try_to_timestamp',
  }),
  declare('datetime', {
    name: 'TO_TIMESTAMP_LTZ',
    signatures: [takes({ epoch: BIGINT, precision: INT }, TIMESTAMP)],
    doc: 'The time of a number of seconds (precision 0) or milliseconds (precision 3) since 1970-01-01.',
    example: ['TO_TIMESTAMP_LTZ(1000, 3)', "TIMESTAMP '1970-01-01 00:00:01'"],
    evaluate: (epoch: bigint, precision: number) => Number(epoch) * (precision === 0 ? 1000 : 1),
    inline: ([epoch, precision]) => `(${longToNumber(epoch!)} * (${precision} === 0 ? 1000 : 1))`,
    checkLiterals: ([, precision]) =>
      precision?.literal === 0 || precision?.literal === 3
        ? null
        : { argument: 1, message: say`The precision is 0 (seconds) or 3 (milliseconds)` },
    spark: ([epoch, precision]) => `${precision === '0' ? 'timestamp_seconds' : 'timestamp_millis'}(${epoch})`,
  }),
  declare('datetime', {
    name: 'TO_DATE',
    signatures: [takes({ text: STRING, 'pattern?': STRING }, DATE, 'always')],
    doc: 'The day in a text, by a pattern (`yyyy-MM-dd` unless given); NULL when it is none.',
    example: ["TO_DATE('22.11.2026', 'dd.MM.yyyy')", "DATE '2026-11-22'"],
    evaluate: (text: string, pattern?: string) => {
      const ms = pattern === undefined ? timestampFromText(text) : parseTime(text, pattern);
      return ms === null ? null : Math.floor(ms / DAY_MS);
    },
    checkLiterals: checkPattern(1),
    spark: (args) => `CAST(try_to_timestamp(${args.join(', ')}) AS DATE)`,
  }),
  declare('datetime', {
    name: 'UNIX_TIMESTAMP',
    signatures: [
      takes({}, BIGINT, 'never'),
      takes({ time: TIMESTAMP }, BIGINT),
      takes({ text: STRING, 'pattern?': STRING }, BIGINT, 'always'),
    ],
    doc: `Seconds since 1970-01-01: now, of a time, or of a text by a pattern (\`${DEFAULT_PATTERN}\` unless given).`,
    example: ["UNIX_TIMESTAMP('1970-01-02 00:00:00')", 'CAST(86400 AS BIGINT)'],
    isDeterministic: false,
    needsContext: true,
    bind: ({ args }) => {
      const seconds = (ms: number): bigint => BigInt(Math.floor(ms / 1000));
      if (args.length === 0) return ({ now }: EvaluationContext) => seconds(now());
      if (args[0]!.type.kind === 'TIMESTAMP') return (_: EvaluationContext, ms: number) => seconds(ms);
      return (_: EvaluationContext, text: string, pattern?: string) => {
        const ms = parseTime(text, pattern ?? DEFAULT_PATTERN);
        return ms === null ? null : seconds(ms);
      };
    },
    checkLiterals: checkPattern(1),
    flink: (args, call) =>
      call.args[0]?.type.kind === 'TIMESTAMP'
        ? `UNIX_TIMESTAMP(DATE_FORMAT(${args[0]}, '${DEFAULT_PATTERN}'))`
        : `UNIX_TIMESTAMP(${args.join(', ')})`,
    // A text that cannot be read gives NULL, and not an error.
    spark: (args, call) =>
      call.args[0]?.type.kind === 'STRING'
        ? `unix_timestamp(try_to_timestamp(${[args[0], args[1] ?? `'${DEFAULT_PATTERN}'`].join(', ')}))`
        : `unix_timestamp(${args.join(', ')})`,
  }),
  declare('datetime', {
    name: 'FROM_UNIXTIME',
    signatures: [takes({ seconds: BIGINT, 'pattern?': STRING }, STRING)],
    doc: `A number of seconds since 1970-01-01 as text, by a pattern (\`${DEFAULT_PATTERN}\` unless given).`,
    example: ['FROM_UNIXTIME(44)', "'1970-01-01 00:00:44'"],
    evaluate: (seconds: bigint, pattern?: string) => formatTime(Number(seconds) * 1000, pattern ?? DEFAULT_PATTERN),
    checkLiterals: checkPattern(1),
  }),
  declare('datetime', {
    name: 'CONVERT_TZ',
    signatures: [takes({ text: STRING, from: STRING, to: STRING }, STRING, 'always')],
    doc: `A time (\`${DEFAULT_PATTERN}\`) that clocks of one zone show as those of another show it; NULL when it has another form. Zones are \`Europe/Berlin\`, \`UTC\` or \`GMT+8\`.`,
    example: ["CONVERT_TZ('2026-07-01 12:00:00', 'UTC', 'Europe/Berlin')", "'2026-07-01 14:00:00'"],
    evaluate: (text: string, from: string, to: string) => {
      const local = parseTime(text, DEFAULT_PATTERN);
      return local === null ? null : formatTime(localTime(instantOf(local, from), to), DEFAULT_PATTERN);
    },
    checkLiterals: checkZones,
    spark: ([text, from, to]) =>
      `date_format(convert_timezone(${from}, ${to}, CAST(try_to_timestamp(${text}, '${DEFAULT_PATTERN}') AS TIMESTAMP_NTZ)), '${DEFAULT_PATTERN}')`,
  }),
  declare('datetime', {
    name: 'DATE_ADD',
    signatures: [takes({ date: DATE, days: INT }, DATE)],
    doc: 'The day so many days later.',
    example: ["DATE_ADD(DATE '2026-11-26', 7)", "DATE '2026-12-03'"],
    evaluate: (date: number, days: number) => (date + days) | 0,
    flink: ([date, days]) => `TIMESTAMPADD(DAY, ${days}, ${date})`,
  }),
  declare('datetime', {
    name: 'DATE_SUB',
    signatures: [takes({ date: DATE, days: INT }, DATE)],
    doc: 'The day so many days earlier.',
    example: ["DATE_SUB(DATE '2026-11-26', 26)", "DATE '2026-10-31'"],
    evaluate: (date: number, days: number) => (date - days) | 0,
    flink: ([date, days]) => `TIMESTAMPADD(DAY, -(${days}), ${date})`,
  }),
  declare('datetime', {
    name: 'DATEDIFF',
    signatures: [takes({ end: DATE, start: DATE }, INT)],
    doc: 'Days from `start` to `end`; negative when `end` is earlier.',
    example: ["DATEDIFF(DATE '2026-12-24', DATE '2026-11-26')", '28'],
    evaluate: (end: number, start: number) => (end - start) | 0,
    flink: ([end, start]) => `TIMESTAMPDIFF(DAY, ${start}, ${end})`,
  }),
  declare('datetime', {
    name: 'LAST_DAY',
    signatures: [takes({ date: DATE }, DATE)],
    doc: 'The last day of the month.',
    example: ["LAST_DAY(DATE '2028-02-03')", "DATE '2028-02-29'"],
    evaluate: (date: number) => {
      const { year, month } = civilDate(date);
      return daysOf(year, month + 1, 1) - 1;
    },
    flink: ([date]) => `TIMESTAMPADD(DAY, -1, TIMESTAMPADD(MONTH, 1, FLOOR(${date} TO MONTH)))`,
  }),
  declare('datetime', {
    name: 'UNIX_MILLIS',
    signatures: [takes({ time: TIMESTAMP }, BIGINT)],
    doc: 'Milliseconds since 1970-01-01 00:00:00 UTC.',
    example: ["UNIX_MILLIS(TIMESTAMP '1970-01-01 00:00:01.5')", 'CAST(1500 AS BIGINT)'],
    evaluate: (ms: number) => BigInt(Math.floor(ms)),
    flink: ([time]) => `(CAST(EXTRACT(EPOCH FROM ${time}) AS BIGINT) * 1000 + EXTRACT(MILLISECOND FROM ${time}))`,
  }),
];
