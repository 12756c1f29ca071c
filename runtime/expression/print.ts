/** Typed trees to text: our own canonical one here, and the frame that Flink's and Spark's dialects vary. */
import { printDecimal } from '../core/decimal.ts';
import { printDate, printTimestamp } from '../core/time.ts';
import { printDataType, type DataType, type Value } from '../core/types.ts';
import { argumentInfos } from './check-call.ts';
import type { Spelling } from './functions/declare.ts';
import { functionNamed } from './functions/index.ts';
import { RESERVED_WORDS, SOFT_WORDS } from './tokens.ts';
import type { TypedExpression } from './typed-expression.ts';

/** How tightly a text holds together; a looser operand is put in parentheses. */
export const Level = {
  or: 1,
  and: 2,
  not: 3,
  is: 4,
  comparison: 5,
  range: 6,
  sum: 7,
  product: 8,
  sign: 9,
  postfix: 10,
  primary: 11,
} as const;
export type Level = (typeof Level)[keyof typeof Level];

export interface Printed {
  readonly text: string;
  readonly level: Level;
}

export interface Dialect {
  readonly name: (text: string) => string;
  readonly string: (text: string) => string;
  readonly type: (type: DataType) => string;
  readonly timestamp: (text: string) => string;
  readonly interval: (ms: number) => string;
  readonly spelling: 'text' | 'flink' | 'spark';
  /** What this dialect writes differently; null = as everyone. `print` gives an operand that holds at least as tightly as asked. */
  readonly special: (e: TypedExpression, print: (e: TypedExpression, level: Level) => string) => Printed | null;
}

/** The text in `dialect`, without parentheses around it. */
export function printIn(dialect: Dialect, expression: TypedExpression): string {
  return new Printer(dialect).print(expression, Level.or);
}

/** Canonical text: reading it again gives the same tree. */
export function printExpression(expression: TypedExpression): string {
  return printIn(OWN, expression);
}

const QUOTED_WORDS = new Set<string>([...RESERVED_WORDS, ...SOFT_WORDS]);

/** A name as this language writes it: in backquotes when it would be read as something else. */
export function printName(name: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) && !QUOTED_WORDS.has(name.toUpperCase()) ? name : backquoted(name);
}

export function backquoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

const INTERVAL_UNITS = [
  ['DAY', 86_400_000],
  ['HOUR', 3_600_000],
  ['MINUTE', 60_000],
  ['SECOND', 1000],
  ['MILLISECOND', 1],
] as const;

/** The largest unit that counts an INTERVAL in whole numbers. */
export function wholeUnits(ms: number): { count: number; unit: (typeof INTERVAL_UNITS)[number][0] } {
  const [unit, size] = INTERVAL_UNITS.find(([, size]) => ms % size === 0) ?? INTERVAL_UNITS[4];
  return { count: ms / size, unit };
}

const OWN: Dialect = {
  name: printName,
  string: quoted,
  type: printDataType,
  timestamp: (text) => `TIMESTAMP '${text}'`,
  interval: (ms) => {
    const { count, unit } = wholeUnits(ms);
    return `INTERVAL '${count}' ${unit}`;
  },
  spelling: 'text',
  special: () => null,
};

class Printer {
  readonly #dialect: Dialect;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  print(e: TypedExpression, level: Level): string {
    const printed = this.#dialect.special(e, (operand, needed) => this.print(operand, needed)) ?? this.#printed(e);
    return printed.level < level ? `(${printed.text})` : printed.text;
  }

  #list(items: readonly TypedExpression[]): string {
    return items.map((item) => this.print(item, Level.or)).join(', ');
  }

  #printed(e: TypedExpression): Printed {
    const { name, type } = this.#dialect;
    switch (e.node) {
      case 'literal':
        return this.#literal(e.type, e.value);
      case 'unit':
        return primary(e.unit);
      case 'column':
        return primary(e.input === null ? name(e.name) : `${name(e.input)}.${name(e.name)}`);
      case 'field':
        return { text: `${this.print(e.operand, Level.postfix)}.${name(e.name)}`, level: Level.postfix };
      case 'element':
        return {
          text: `${this.print(e.operand, Level.postfix)}[${this.print(e.key, Level.or)}]`,
          level: Level.postfix,
        };
      case 'negate': {
        const operand = this.print(e.operand, Level.sign);
        // Two dashes would begin a comment.
        return { text: operand.startsWith('-') ? `-(${operand})` : `-${operand}`, level: Level.sign };
      }
      case 'arithmetic':
        return this.#binary(
          e.left,
          e.operator,
          e.right,
          e.operator === '+' || e.operator === '-' ? Level.sum : Level.product,
        );
      case 'concat':
        return this.#binary(e.left, '||', e.right, Level.product);
      case 'comparison':
        return this.#binary(e.left, e.operator, e.right, Level.comparison);
      case 'logical':
        return this.#binary(e.left, e.operator, e.right, e.operator === 'OR' ? Level.or : Level.and);
      case 'not':
        return { text: `NOT ${this.print(e.operand, Level.not)}`, level: Level.not };
      case 'is':
        return { text: `${this.print(e.operand, Level.is)} IS${negation(e.negated)} ${e.test}`, level: Level.is };
      case 'distinct':
        return {
          text: `${this.print(e.left, Level.is)} IS${negation(e.negated)} DISTINCT FROM ${this.print(e.right, Level.sum)}`,
          level: Level.is,
        };
      case 'between':
        return this.#range(e, `BETWEEN ${this.print(e.low, Level.sum)} AND ${this.print(e.high, Level.sum)}`);
      case 'in':
        return this.#range(e, `IN (${this.#list(e.items)})`);
      case 'like': {
        const escape = e.escape === null ? '' : ` ESCAPE ${this.print(e.escape, Level.sum)}`;
        return this.#range(e, `LIKE ${this.print(e.pattern, Level.sum)}${escape}`);
      }
      case 'case': {
        const operand = e.operand === null ? '' : ` ${this.print(e.operand, Level.or)}`;
        const branches = e.branches.map(
          (b) => ` WHEN ${this.print(b.when, Level.or)} THEN ${this.print(b.then, Level.or)}`,
        );
        const otherwise = e.otherwise === null ? '' : ` ELSE ${this.print(e.otherwise, Level.or)}`;
        return primary(`CASE${operand}${branches.join('')}${otherwise} END`);
      }
      case 'cast':
        return e.implicit
          ? this.#transparent(e.operand)
          : primary(`${e.safe ? 'TRY_CAST' : 'CAST'}(${this.print(e.operand, Level.or)} AS ${type(e.type)})`);
      case 'call':
        return this.#call(e);
      case 'array':
      case 'map':
        return primary(`${e.node.toUpperCase()}[${this.#list(e.items)}]`);
      case 'row':
        return primary(`ROW(${this.#list(e.items)})`);
    }
  }

  /** An operand in the place of the cast around it. */
  #transparent(e: TypedExpression): Printed {
    return this.#dialect.special(e, (operand, needed) => this.print(operand, needed)) ?? this.#printed(e);
  }

  #binary(left: TypedExpression, operator: string, right: TypedExpression, level: Level): Printed {
    return { text: `${this.print(left, level)} ${operator} ${this.print(right, (level + 1) as Level)}`, level };
  }

  #range(e: Extract<TypedExpression, { negated: boolean; operand: TypedExpression }>, rest: string): Printed {
    return { text: `${this.print(e.operand, Level.range)}${negation(e.negated)} ${rest}`, level: Level.range };
  }

  #call(e: Extract<TypedExpression, { node: 'call' }>): Printed {
    const spec = functionNamed(e.function);
    // Flink has the special forms of SQL that are ours.
    const spelling: Spelling | undefined =
      spec[this.#dialect.spelling] ?? (this.#dialect.spelling === 'flink' ? spec.text : undefined);
    if (typeof spelling === 'function') {
      const args = e.args.map((arg) => this.print(arg, Level.postfix));
      const text = spelling(args, { args: argumentInfos(e.args), result: e.type });
      // What has no spelling is only ever shown: `untranslatable` tells of it.
      if (typeof text === 'string') return fromTemplate(this.#withoutDoubles(text, e.args));
    }
    return primary(`${typeof spelling === 'string' ? spelling : spec.name}(${this.#list(e.args)})`);
  }

  /** `floor((a + b))` is `floor(a + b)`. Not where there are texts, whose parentheses stay. */
  #withoutDoubles(text: string, args: readonly TypedExpression[]): string {
    if (!text.includes('((') || text.includes("'")) return text;
    return args.reduce((result, arg) => {
      const whole = `(${this.print(arg, Level.or)})`;
      return result.replaceAll(`(${whole})`, () => whole);
    }, text);
  }

  #literal(type: DataType, value: Value): Printed {
    if (value === null) return primary('NULL');
    switch (type.kind) {
      case 'BOOLEAN':
        return primary(value === true ? 'TRUE' : 'FALSE');
      case 'STRING':
        return primary(this.#dialect.string(value as string));
      case 'DATE':
        return primary(`DATE '${printDate(value as number)}'`);
      case 'TIMESTAMP':
        return primary(this.#dialect.timestamp(timestampText(value as number)));
      case 'INTERVAL':
        return primary(this.#dialect.interval(value as number));
      case 'DECIMAL':
        return signed(decimalText(value as bigint, type.precision, type.scale));
      case 'DOUBLE':
        return signed(doubleText(value as number));
      default:
        return signed(String(value));
    }
  }
}

function primary(text: string): Printed {
  return { text, level: Level.primary };
}

function signed(text: string): Printed {
  return { text, level: text.startsWith('-') ? Level.sign : Level.primary };
}

/** A template may be more than a call: then it needs parentheses everywhere. */
function fromTemplate(text: string): Printed {
  return /^\w+(?:\(.*\))?$/s.test(text) && closesAtEnd(text)
    ? primary(text)
    : { text, level: /^CASE\b.*\bEND$/s.test(text) ? Level.primary : Level.or };
}

/** Whether the first parenthesis closes with the last character: `f(a)`, not `f(a) - g(b)`. */
export function closesAtEnd(text: string): boolean {
  let depth = 0;
  let quote = false;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "'") quote = !quote;
    if (quote) continue;
    if (text[i] === '(') depth++;
    if (text[i] === ')' && --depth === 0) return i === text.length - 1;
  }
  return depth === 0;
}

function negation(negated: boolean): string {
  return negated ? ' NOT' : '';
}

/** `2026-11-22 15:04:05.123`. */
function timestampText(ms: number): string {
  return printTimestamp(ms).replace(/^\+/, '').replace('T', ' ').replace('Z', '');
}

function doubleText(value: number): string {
  const text = String(value);
  return text.includes('e') ? text : `${text}e0`;
}

const LONG_LIMIT = 2n ** 63n;

/** With as many digits as the precision, so that it is read back in the same type. */
function decimalText(unscaled: bigint, precision: number, scale: number): string {
  const sign = unscaled < 0n ? '-' : '';
  const [whole = '', fraction = ''] = printDecimal(unscaled < 0n ? -unscaled : unscaled, scale).split('.');
  const digits = precision === scale ? '' : whole.padStart(precision - scale, '0');
  if (scale > 0) return `${sign}${digits}.${fraction}`;
  const isLong = unscaled < LONG_LIMIT && unscaled >= -LONG_LIMIT;
  return `${sign}${digits}${isLong ? '.' : ''}`;
}
