/** How a function is declared: once, with all that checker, interpreter, kernels, editor and exporters ask. */
import type { DataType, Value } from '../../core/types.ts';

/** All that an expression may know of the outside; everything else is a function of the row. */
export interface EvaluationContext {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
}

/**
 * What a parameter takes: that type (arguments widen to it), or
 * `number` any numeric type as it is · `any` any type as it is · `common` the type common to all `common` arguments ·
 * `comparable` as `common`, but with an order · `time` DATE or TIMESTAMP · `array`, `map` any of them · `element` the element type of the first array ·
 * `unit` a bare word such as DAY.
 */
export type Accepts =
  DataType | 'number' | 'any' | 'common' | 'comparable' | 'time' | 'array' | 'map' | 'element' | 'unit';

export interface Parameter {
  readonly name: string;
  readonly accepts: Accepts;
  readonly optional: boolean;
  /** The last parameter may be given any number of times, at least once. */
  readonly repeated: boolean;
}

/** What is known of an argument before a row is. */
export interface ArgumentInfo {
  readonly type: DataType;
  readonly nullable: boolean;
  /** Undefined when the argument is no literal. */
  readonly literal: Value | undefined;
}

export type ResultType = DataType | ((args: readonly ArgumentInfo[]) => DataType);

/** When the result may be NULL: if an argument may, always, never, or only if all arguments may. */
export type ResultNull = 'any' | 'always' | 'never' | 'all';

export interface Signature {
  readonly parameters: readonly Parameter[];
  readonly result: ResultType;
  readonly nullable: ResultNull;
}

export interface CallInfo {
  readonly args: readonly ArgumentInfo[];
  readonly result: DataType;
}

/** Called with the arguments' values; with `context` in front when the function asks for it. */
export type Implementation = (...args: never[]) => Value;

export interface Unsupported {
  readonly unsupported: string;
}

/** Another name, or the text from the arguments' texts, which may depend on the arguments; undefined = as written here. */
export type Spelling = string | ((args: readonly string[], call: CallInfo) => string | Unsupported) | Unsupported;

export type Family = 'string' | 'math' | 'datetime' | 'conditional' | 'json' | 'regex' | 'hash' | 'collection';

export interface FunctionSpec {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly family: Family;
  readonly signatures: readonly Signature[];
  /** What it gives, in a sentence or two. */
  readonly doc: string;
  /** Both are expressions; a test evaluates them and compares. */
  readonly example: { readonly expression: string; readonly result: string };
  /** False: the same arguments may give different results, so nothing is computed ahead. */
  readonly isDeterministic: boolean;
  /** Called without parentheses too: CURRENT_TIMESTAMP. */
  readonly isBare: boolean;
  /** `strict`: not called when an argument is NULL; the result is NULL then. */
  readonly nulls: 'strict' | 'custom';
  /** Arguments that are only evaluated when needed; interpreter and kernels know these forms themselves. */
  readonly lazy: 'coalesce' | 'if' | null;
  readonly needsContext: boolean;
  /** Made once per call site, so that types are looked at once and not per row. */
  readonly bind: (call: CallInfo) => Implementation;
  /** JavaScript for a kernel, from the arguments' (each a name or a literal); null = call the implementation. */
  readonly inline: (args: readonly string[], call: CallInfo) => string | null;
  /** What is wrong with literal arguments, such as a pattern that cannot be read: the argument's position and a message. */
  readonly checkLiterals: (
    args: readonly ArgumentInfo[],
  ) => { readonly argument: number; readonly message: string } | null;
  /** Own canonical text, for the special forms. */
  readonly text: Spelling | undefined;
  readonly flink: Spelling | undefined;
  readonly spark: Spelling | undefined;
}

interface Declaration {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly signatures: readonly Signature[];
  readonly doc: string;
  readonly example: readonly [expression: string, result: string];
  readonly isDeterministic?: false;
  readonly isBare?: true;
  readonly nulls?: 'custom';
  readonly lazy?: 'coalesce' | 'if';
  readonly needsContext?: true;
  readonly evaluate?: Implementation;
  readonly bind?: (call: CallInfo) => Implementation;
  readonly inline?: (args: readonly string[], call: CallInfo) => string | null;
  readonly checkLiterals?: FunctionSpec['checkLiterals'];
  readonly text?: Spelling;
  readonly flink?: Spelling;
  readonly spark?: Spelling;
}

/** `evaluate` or `bind` must be there unless the function is lazy. */
export function declare(family: Family, declaration: Declaration): FunctionSpec {
  const { evaluate, example } = declaration;
  return {
    name: declaration.name,
    aliases: declaration.aliases ?? [],
    family,
    signatures: declaration.signatures,
    doc: declaration.doc,
    example: { expression: example[0], result: example[1] },
    isDeterministic: declaration.isDeterministic ?? true,
    isBare: declaration.isBare ?? false,
    nulls: declaration.nulls ?? 'strict',
    lazy: declaration.lazy ?? null,
    needsContext: declaration.needsContext ?? false,
    bind: declaration.bind ?? (() => evaluate ?? notCalled),
    inline: declaration.inline ?? (() => null),
    checkLiterals: declaration.checkLiterals ?? (() => null),
    text: declaration.text,
    flink: declaration.flink,
    spark: declaration.spark,
  };
}

function notCalled(): never {
  throw new Error('Millrace bug: a lazy function was called');
}

/**
 * A signature. Parameters in order, by name: `takes({ text: STRING, 'length?': INT }, STRING)`; `?` marks an optional one and
 * `…` the one that repeats.
 */
export function takes(
  parameters: Readonly<Record<string, Accepts>>,
  result: ResultType,
  nullable: ResultNull = 'any',
): Signature {
  return {
    parameters: Object.entries(parameters).map(([key, accepts]) => ({
      name: key.replace(/[?…]$/, ''),
      accepts,
      optional: key.endsWith('?'),
      repeated: key.endsWith('…'),
    })),
    result,
    nullable,
  };
}

/** The type of the argument at `index`, as the result type. */
export function typeOfArgument(index: number): ResultType {
  return (args) => args[index]!.type;
}

export function unsupported(reason: string): Unsupported {
  return { unsupported: reason };
}
