/** Function calls: special forms to plain arguments, then the first signature that fits. */
import type { TextRange } from '../core/diagnostics.ts';
import { say } from '../core/say.ts';
import { BIGINT, isNumeric, NULL, printDataType, STRING, type DataType, type Value } from '../core/types.ts';
import type { Checker } from './check.ts';
import type { ArgumentInfo, FunctionSpec, Parameter, Signature } from './functions/declare.ts';
import { findFunction } from './functions/index.ts';
import type { Syntax } from './syntax.ts';
import { nearest } from './suggest.ts';
import { commonType, isOrdered, widens } from './type-rules.ts';
import { TIME_UNITS, type TimeUnit, type TypedExpression } from './typed-expression.ts';

type Call = Extract<Syntax, { node: 'call' }>;

/** A call in its plain form, or the message why its words do not fit. */
interface PlainCall {
  readonly name: string;
  readonly args: readonly Syntax[];
}

export class CallChecker {
  readonly #checker: Checker;

  constructor(checker: Checker) {
    this.#checker = checker;
  }

  check(syntax: Call): TypedExpression | null {
    const plain = plainForm(syntax);
    const spec = findFunction(plain?.name ?? syntax.name.text);
    if (spec === undefined) {
      syntax.args.forEach((arg) => this.#checker.check(arg));
      const { text, range } = syntax.name;
      return this.#checker.report(
        'MR1303',
        say`No function ${text.toUpperCase()}.`,
        range,
        this.#checker.suggestFunction(text),
      );
    }
    if (plain === null) {
      return this.#checker.report(
        'MR1304',
        say`These words do not belong in ${spec.name}(…). ${usage(spec)}`,
        syntax.range,
      );
    }
    // The parser has reported a missing argument.
    if (plain.args.some((arg) => arg.node === 'missing')) {
      plain.args.forEach((arg) => arg.node !== 'missing' && !this.#unit(arg) && this.#checker.check(arg));
      return null;
    }
    return this.call(spec, plain.args, syntax.range);
  }

  call(spec: FunctionSpec, args: readonly Syntax[], range: TextRange): TypedExpression | null {
    const typed = args.map((arg, i) => (takesUnit(spec, i) ? this.#unitOrReport(arg) : this.#checker.check(arg)));
    if (typed.includes(null)) return null;
    const given = typed as TypedExpression[];
    for (const [index, signature] of spec.signatures.entries()) {
      const fitted = this.#fitted(signature, given);
      if (fitted !== null) return this.#resolved(spec, index, signature, fitted, args, range);
    }
    const types = given.map((e) => (e.node === 'unit' ? e.unit : printDataType(e.type))).join(', ');
    return this.#checker.report('MR1304', say`${spec.name}(${types}) is not defined. ${usage(spec)}`, range);
  }

  /** A bare word that names a unit: DAY, MINUTES. */
  #unit(syntax: Syntax): TypedExpression | null {
    if (syntax.node !== 'name' || syntax.path.length !== 1) return null;
    const unit = timeUnit(syntax.path[0]!.text);
    return unit && { node: 'unit', unit, type: STRING, nullable: false };
  }

  #unitOrReport(syntax: Syntax): TypedExpression | null {
    const unit = this.#unit(syntax);
    if (unit !== null || syntax.node !== 'name') return unit ?? this.#checker.check(syntax);
    const written = syntax.path
      .map((part) => part.text)
      .join('.')
      .toUpperCase();
    return this.#checker.report(
      'MR1304',
      say`${written} is no unit of time.`,
      syntax.range,
      nearest(written, TIME_UNITS),
    );
  }

  /** The arguments widened to a signature, or null when it does not fit. */
  #fitted(signature: Signature, args: readonly TypedExpression[]): readonly TypedExpression[] | null {
    const parameters = expand(signature.parameters, args.length);
    if (parameters === null) return null;
    const shared = args.filter((_, i) => isShared(parameters[i]!));
    const common = commonType(shared.map((e) => e.type));
    const list = args.find((_, i) => parameters[i]!.accepts === 'array');
    const fitted = args.map((e, i) => {
      const target = targetType(parameters[i]!, e, common, list?.type);
      return target === null ? null : this.#checker.widen(e, target);
    });
    return fitted.includes(null) ? null : (fitted as TypedExpression[]);
  }

  #resolved(
    spec: FunctionSpec,
    index: number,
    signature: Signature,
    args: readonly TypedExpression[],
    syntax: readonly Syntax[],
    range: TextRange,
  ): TypedExpression | null {
    const infos = argumentInfos(args);
    const wrong = spec.checkLiterals(infos);
    if (wrong !== null) return this.#checker.report('MR1304', wrong.message, syntax[wrong.argument]?.range ?? range);
    const type = typeof signature.result === 'function' ? signature.result(infos) : signature.result;
    return {
      node: 'call',
      function: spec.name,
      signature: index,
      args,
      type,
      nullable: isNullable(spec, signature, args),
    };
  }
}

function isNullable(spec: FunctionSpec, signature: Signature, args: readonly TypedExpression[]): boolean {
  if (spec.lazy === 'if') return args[1]!.nullable || args[2]!.nullable;
  switch (signature.nullable) {
    case 'any':
      return args.some((e) => e.nullable);
    case 'all':
      return args.every((e) => e.nullable);
    default:
      return signature.nullable === 'always';
  }
}

/** What declarations see of arguments that have been fitted to a signature. */
export function argumentInfos(args: readonly TypedExpression[]): readonly ArgumentInfo[] {
  return args.map((e) => ({ type: e.type, nullable: e.nullable, literal: literalValue(e) }));
}

function literalValue(e: TypedExpression): Value | undefined {
  if (e.node === 'unit') return e.unit;
  if (e.node === 'literal') return e.value;
  // A widened INT literal is still one: BIGINT parameters often take small constants.
  if (
    e.node === 'cast' &&
    e.implicit &&
    e.operand.node === 'literal' &&
    e.operand.type.kind === 'INT' &&
    e.type.kind === BIGINT.kind
  ) {
    return e.operand.value === null ? null : BigInt(e.operand.value as number);
  }
  return undefined;
}

/** One parameter per argument; null when there are too few or too many. */
function expand(parameters: readonly Parameter[], count: number): readonly Parameter[] | null {
  const last = parameters.at(-1);
  const required = parameters.filter((p) => !p.optional).length;
  if (count < required) return null;
  if (last?.repeated === true)
    return [...parameters, ...Array.from({ length: Math.max(0, count - parameters.length) }, () => last)];
  return count <= parameters.length ? parameters : null;
}

function isShared(parameter: Parameter): boolean {
  return parameter.accepts === 'common' || parameter.accepts === 'comparable';
}

/** The type an argument has to widen to; null when it does not fit the parameter. */
function targetType(
  parameter: Parameter,
  e: TypedExpression,
  common: DataType | null,
  list: DataType | undefined,
): DataType | null {
  const { type } = e;
  const { accepts } = parameter;
  if ((e.node === 'unit') !== (accepts === 'unit')) return null;
  switch (accepts) {
    case 'unit':
    case 'any':
      return type.kind === 'NULL' ? STRING : type.kind === 'INTERVAL' ? null : type;
    case 'number':
      return type.kind === 'NULL' ? BIGINT : isNumeric(type) ? type : null;
    case 'time':
      return type.kind === 'NULL'
        ? { kind: 'TIMESTAMP' }
        : type.kind === 'TIMESTAMP' || type.kind === 'DATE'
          ? type
          : null;
    case 'common':
    case 'comparable':
      if (common === null || common.kind === 'INTERVAL' || (accepts === 'comparable' && !isOrdered(common)))
        return null;
      return common.kind === 'NULL' ? NULL : common;
    case 'array':
      return type.kind === 'ARRAY' ? type : null;
    case 'map':
      return type.kind === 'MAP' ? type : null;
    case 'element':
      return list?.kind === 'ARRAY' && widens(type, list.element) ? list.element : null;
    default:
      return widens(type, accepts) ? accepts : null;
  }
}

function takesUnit(spec: FunctionSpec, index: number): boolean {
  return spec.signatures.some((s) => s.parameters[index]?.accepts === 'unit');
}

export function timeUnit(text: string): TimeUnit | null {
  const name = text.toUpperCase();
  return TIME_UNITS.find((unit) => unit === name || `${unit}S` === name) ?? null;
}

/** `SUBSTRING(text STRING, start INT, [length INT])`, for each signature. */
export function usage(spec: FunctionSpec): string {
  return say`Use ${spec.signatures.map((s) => signatureText(spec.name, s)).join(' or ')}.`;
}

export function signatureText(name: string, signature: Signature): string {
  return `${name}(${signature.parameters.map(parameterText).join(', ')})`;
}

export function parameterText({ name, accepts, optional, repeated }: Parameter): string {
  const type = typeof accepts === 'string' ? ACCEPTS_TEXT[accepts] : printDataType(accepts);
  const text = `${name}${type === '' ? '' : ` ${type}`}${repeated ? ', …' : ''}`;
  return optional ? `[${text}]` : text;
}

const ACCEPTS_TEXT = {
  number: 'number',
  any: '',
  common: '',
  comparable: '',
  time: 'DATE or TIMESTAMP',
  array: 'ARRAY',
  map: 'MAP',
  element: 'element',
  unit: '',
} as const;

/** The special forms of SQL as plain calls; null when the words do not fit the function. */
function plainForm({ name, trimSide, args, separators }: Call): PlainCall | null {
  const upper = name.text.toUpperCase();
  const words = separators.filter((s) => s !== ',').join(' ');
  if (trimSide !== null || (upper === 'TRIM' && words === 'FROM')) {
    if (upper !== 'TRIM' || words !== 'FROM') return null;
    // TRIM(side c FROM s) → (s, c); TRIM(side FROM s) → (s).
    const plain = { BOTH: 'TRIM', LEADING: 'LTRIM', TRAILING: 'RTRIM' }[trimSide ?? 'BOTH'];
    return { name: plain, args: args.toReversed() };
  }
  const [first, second] = args;
  if (words === '') {
    // POSITION(a IN (b)) reads as the predicate IN.
    const isPosition = upper === 'POSITION' && args.length === 1 && first?.node === 'in' && first.items.length === 1;
    return { name: upper, args: isPosition ? [first.operand, ...first.items] : args };
  }
  if (separators.length !== args.length - 1) return null;
  switch (`${upper} ${words}`) {
    case 'EXTRACT FROM':
    case 'SUBSTRING FROM':
    case 'SUBSTRING FROM FOR':
      return { name: upper, args };
    case 'POSITION IN':
      return { name: upper, args };
    case 'FLOOR TO':
    case 'CEIL TO':
    case 'CEILING TO':
      return first === undefined || second === undefined ? null : { name: upper, args };
    default:
      return null;
  }
}
