/**
 * Config of an operator, declared once. From a `ConfigSpec` come the TypeScript type (`ConfigOf`), the check
 * (`checkConfig`), the JSON Schema (through zod) and the form in the inspector (`FormField`). A new widget is a new builder here
 * and a component in renderer/inspector, useful to every operator.
 */
import { z } from 'zod';
import type { DiagnosticCode } from './diagnostic-codes.ts';
import { say } from './say.ts';
import type { StreamShape } from './schema.ts';
import { printDuration, parseDuration } from './time.ts';
import { parseDataType, type DataType, type Field } from './types.ts';

/** How a value is edited. What is in a document is always the raw JSON, not what `schema` makes of it. */
export type FormField = FormText & FormWidget;

export interface FormText {
  readonly label: string;
  readonly help: string;
  /** A value may be left out; the raw default otherwise. */
  readonly optional: boolean;
  readonly defaultValue?: unknown;
}

export type FormWidget =
  /** `isGiven`: a name of a field that data or code outside the document gives it. */
  | { readonly widget: 'text'; readonly placeholder?: string; readonly isGiven?: true }
  /** `of`: which files are meant, where not data. */
  | { readonly widget: 'path'; readonly of?: 'pipelines' }
  | { readonly widget: 'code'; readonly language: string }
  /** A JavaScript module; `typings`: the declarations it is checked against while it is typed, from raw config that may be half edited. */
  | { readonly widget: 'script'; readonly typings: ScriptTypings }
  | { readonly widget: 'number'; readonly min?: number; readonly max?: number; readonly unit?: string }
  | { readonly widget: 'flag' }
  | { readonly widget: 'choice'; readonly options: readonly { readonly value: string; readonly label: string }[] }
  | { readonly widget: 'duration' }
  /** `input`: whose fields are in scope (null = all, qualified by port); `expects`: the type needed, null = any. `literals`: constant texts allowed beside expressions, such as `*`. */
  | {
      readonly widget: 'expression';
      readonly expects: DataType | null;
      readonly literals: readonly string[];
      readonly rowNumber: boolean;
    }
  | { readonly widget: 'data-type' }
  /** Name of a field of the inputs, or of the one at the port `input`; `fields`: a list of them. */
  | { readonly widget: 'field'; readonly input?: string }
  | { readonly widget: 'fields' }
  | { readonly widget: 'list'; readonly item: FormField; readonly itemLabel: string }
  | { readonly widget: 'object'; readonly fields: Readonly<Record<string, FormField>> }
  | {
      readonly widget: 'variant';
      readonly tag: string;
      /** Meant where the tag is left out. */
      readonly defaultCase?: string;
      readonly cases: Readonly<
        Record<string, { readonly label: string; readonly fields: Readonly<Record<string, FormField>> }>
      >;
    };

/** Text of a TypeScript declaration file (`.d.ts`) without imports. */
export type ScriptTypings = (raw: Readonly<Record<string, unknown>>, inputs: readonly StreamShape[]) => string;

export interface ConfigField<T> {
  readonly schema: z.ZodType<T>;
  readonly form: FormField;
}

export type ConfigShape = Readonly<Record<string, ConfigField<unknown>>>;
/** The checked value of a shape. */
export type ShapeOf<S extends ConfigShape> = { readonly [K in keyof S]: S[K] extends ConfigField<infer T> ? T : never };

export interface ConfigSpec<C> {
  readonly schema: z.ZodType<C>;
  readonly fields: Readonly<Record<string, FormField>>;
}

export type ConfigOf<S> = S extends ConfigSpec<infer C> ? C : never;

/** What a user reads about a field. */
interface Text {
  readonly label: string;
  readonly help: string;
}

function make<T>(text: Text, schema: z.ZodType<T>, widget: FormWidget): ConfigField<T> {
  return { schema, form: { label: text.label, help: text.help, optional: false, ...widget } };
}

function choiceSchema<const V extends string>(options: Readonly<Record<V, string>>): z.ZodType<V> {
  return z.enum(Object.keys(options) as [V, ...V[]]) as unknown as z.ZodType<V>;
}

const durationSchema = z
  .string()
  .refine((text) => parseDuration(text).ok, { error: (issue) => problemOf(parseDuration(String(issue.input))) })
  .transform((text) => {
    const parsed = parseDuration(text);
    return parsed.ok ? parsed.value : 0;
  });

/** As `durationSchema`, or behind a minus sign: `"-5 seconds"`. */
const signedDurationSchema = z
  .string()
  .refine((text) => parseDuration(unsigned(text)).ok, {
    error: (issue) => problemOf(parseDuration(unsigned(String(issue.input)))),
  })
  .transform((text) => {
    const parsed = parseDuration(unsigned(text));
    const ms = parsed.ok ? parsed.value : 0;
    return text.trimStart().startsWith('-') && ms !== 0 ? -ms : ms;
  });

function unsigned(text: string): string {
  return text.replace(/^\s*-/, '');
}

const dataTypeSchema = z
  .string()
  .refine((text) => parseDataType(text).ok, {
    error: (issue) => problemOf(parseDataType(String(issue.input))),
    params: { code: 'MR1401' },
  })
  .transform((text): DataType => {
    const parsed = parseDataType(text);
    return parsed.ok ? parsed.value : { kind: 'NULL' };
  });

function problemOf(result: { readonly ok: boolean; readonly error?: string }): string {
  return result.error ?? say`is not valid`;
}

/** The builders. Every one takes the label and a sentence of help first. */
export const c = {
  text: (
    text: Text,
    { minLength = 1, ...widget }: { placeholder?: string; minLength?: number; isGiven?: true } = {},
  ): ConfigField<string> =>
    make(text, z.string().min(minLength, { error: say`must not be empty` }), { widget: 'text', ...widget }),

  /** A path or glob, relative to the document's folder. */
  path: (text: Text, options: { of?: 'pipelines' } = {}): ConfigField<string> =>
    make(text, z.string().min(1, { error: say`must not be empty` }), { widget: 'path', ...options }),

  code: (text: Text, language: string): ConfigField<string> => make(text, z.string(), { widget: 'code', language }),

  /** A JavaScript module, which starts as `start`. In it `${name}` is JavaScript's, and no parameter. */
  script: (text: Text, options: { start: string; typings: ScriptTypings }): ConfigField<string> => {
    const { schema, form } = make(text, z.string(), { widget: 'script', typings: options.typings });
    return { schema, form: { ...form, defaultValue: options.start } };
  },

  number: (text: Text, range: { min?: number; max?: number; unit?: string } = {}): ConfigField<number> =>
    make(
      text,
      z
        .number()
        .min(range.min ?? -Infinity)
        .max(range.max ?? Infinity),
      { widget: 'number', ...range },
    ),

  integer: (text: Text, range: { min?: number; max?: number; unit?: string } = {}): ConfigField<number> =>
    make(
      text,
      z
        .int()
        .min(range.min ?? Number.MIN_SAFE_INTEGER)
        .max(range.max ?? Number.MAX_SAFE_INTEGER),
      {
        widget: 'number',
        ...range,
      },
    ),

  flag: (text: Text): ConfigField<boolean> => make(text, z.boolean(), { widget: 'flag' }),

  choice: <const V extends string>(text: Text, options: Readonly<Record<V, string>>): ConfigField<V> =>
    make(text, choiceSchema(options), {
      widget: 'choice',
      options: Object.entries<string>(options).map(([value, label]) => ({ value, label })),
    }),

  /** In the document `"5 seconds"`; checked: milliseconds. `signed`: also `"-5 seconds"`. */
  duration: (text: Text, options: { signed?: boolean } = {}): ConfigField<number> =>
    make(text, options.signed === true ? signedDurationSchema : durationSchema, { widget: 'duration' }),

  /** An expression over the input; the operator's `infer` checks its types. `rowNumber`: the only field in scope is BIGINT `n`. */
  expression: (
    text: Text,
    options: { expects?: DataType; literals?: readonly string[]; rowNumber?: boolean } = {},
  ): ConfigField<string> =>
    make(text, z.string(), {
      widget: 'expression',
      expects: options.expects ?? null,
      literals: options.literals ?? [],
      rowNumber: options.rowNumber ?? false,
    }),

  /** In the document `"DECIMAL(10,2)"`; checked: the type. */
  dataType: (text: Text): ConfigField<DataType> => make(text, dataTypeSchema, { widget: 'data-type' }),

  /** `input`: the port whose fields are meant; all of them when left out. */
  field: (text: Text, options: { input?: string } = {}): ConfigField<string> =>
    make(text, z.string().min(1, { error: say`choose a field` }), { widget: 'field', ...options }),

  fields: (text: Text, options: { minLength?: number } = {}): ConfigField<readonly string[]> =>
    make(
      text,
      z.array(z.string()).min(options.minLength ?? 0, { error: say`choose at least one field` }) as z.ZodType<
        readonly string[]
      >,
      { widget: 'fields' },
    ),

  /** Declared fields of what data or code gives: name, type, nullable unless it says otherwise. */
  columns: (text: Text): ConfigField<readonly Field[]> => {
    const item = c.object(
      { label: 'Field', help: 'One field of the rows.' },
      {
        name: c.text({ label: 'Name', help: 'Name of the field.' }, { isGiven: true }),
        type: c.dataType({ label: 'Type', help: 'Type of the field, such as STRING or DECIMAL(10,2).' }),
        nullable: c.withDefault(c.flag({ label: 'Nullable', help: 'Whether the field may be NULL.' }), true),
      },
    );
    return c.list(text, item, { itemLabel: 'field', minLength: 1 });
  },

  list: <T>(
    text: Text,
    item: ConfigField<T>,
    options: { itemLabel: string; minLength?: number },
  ): ConfigField<readonly T[]> =>
    make(
      text,
      z
        .array(item.schema)
        .min(options.minLength ?? 0, { error: say`needs at least one ${options.itemLabel}` }) as z.ZodType<
        readonly T[]
      >,
      { widget: 'list', item: item.form, itemLabel: options.itemLabel },
    ),

  object: <S extends ConfigShape>(text: Text, shape: S): ConfigField<ShapeOf<S>> =>
    make(text, strictShape(shape), { widget: 'object', fields: formsOf(shape) }),

  /** One of several shapes, told apart by the key `tag`; without it `defaultCase` is meant. */
  variant: <
    const Tag extends string,
    const Cases extends Readonly<Record<string, { label: string; fields: ConfigShape }>>,
  >(
    text: Text,
    tag: Tag,
    cases: Cases,
    options: { defaultCase?: keyof Cases & string } = {},
  ): ConfigField<
    { [K in keyof Cases & string]: { readonly [T in Tag]: K } & ShapeOf<Cases[K]['fields']> }[keyof Cases & string]
  > => {
    const { defaultCase } = options;
    const shapes = Object.entries(cases).map(([value, one]) => {
      const name = z.literal(value);
      return z.strictObject({
        [tag]: value === defaultCase ? name.default(value) : name,
        ...schemasOf(one.fields),
      });
    });
    const names = Object.keys(cases).map((name) => `'${name}'`);
    const error = (issue: { readonly code?: string }): string | undefined =>
      issue.code === 'invalid_union' ? say`Invalid discriminator value. Expected ${names.join(' | ')}` : undefined;
    return make(text, z.discriminatedUnion(tag, shapes as never, { error }) as never, {
      widget: 'variant',
      tag,
      ...(defaultCase === undefined ? {} : { defaultCase }),
      cases: Object.fromEntries(
        Object.entries(cases).map(([value, one]) => [value, { label: one.label, fields: formsOf(one.fields) }]),
      ),
    });
  },

  /** May be left out or null: checked as null. */
  optional: <T>(field: ConfigField<T>): ConfigField<T | null> => ({
    schema: field.schema.nullable().default(null) as z.ZodType<T | null>,
    form: { ...field.form, optional: true, defaultValue: null },
  }),

  /** May be left out: `raw` (as a document would write it) is checked in its place. */
  withDefault: <T>(field: ConfigField<T>, raw: unknown): ConfigField<T> => ({
    schema: (field.schema as z.ZodType<T, unknown>).prefault(raw as never) as unknown as z.ZodType<T>,
    form: { ...field.form, optional: true, defaultValue: raw },
  }),
};

function schemasOf(shape: ConfigShape): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(shape).map(([key, field]) => [key, field.schema]));
}

function formsOf(shape: ConfigShape): Readonly<Record<string, FormField>> {
  return Object.fromEntries(Object.entries(shape).map(([key, field]) => [key, field.form]));
}

function strictShape<S extends ConfigShape>(shape: S): z.ZodType<ShapeOf<S>> {
  return z.strictObject(schemasOf(shape)) as unknown as z.ZodType<ShapeOf<S>>;
}

export function configSpec<S extends ConfigShape>(shape: S): ConfigSpec<ShapeOf<S>> {
  return { schema: strictShape(shape), fields: formsOf(shape) };
}

export interface ConfigProblem {
  readonly code: DiagnosticCode;
  readonly message: string;
  /** `aggregates[1].expr`; '' for the config as a whole. */
  readonly path: string;
}

/** Checks raw config; `value` is null iff there are problems. */
export function checkConfig<C>(
  spec: ConfigSpec<C>,
  raw: unknown,
): { readonly value: C | null; readonly problems: readonly ConfigProblem[] } {
  const result = spec.schema.safeParse(raw);
  if (result.success) return { value: result.data, problems: [] };
  return { value: null, problems: result.error.issues.flatMap(toProblems) };
}

function toProblems(issue: z.core.$ZodIssue): ConfigProblem[] {
  const path = printPath(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      code: 'MR1202' as const,
      message: say`unknown key "${key}"`,
      path: printPath([...issue.path, key]),
    }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // The case that was followed furthest is the one that was meant.
    const [meant] = issue.errors.toSorted((a, b) => depthOf(b) - depthOf(a));
    return meant!.flatMap((inner) => toProblems({ ...inner, path: [...issue.path, ...inner.path] }));
  }
  const code =
    issue.code === 'custom' && issue.params?.code === 'MR1401' ? 'MR1401' : rangeIssue(issue) ? 'MR1203' : 'MR1201';
  return [{ code, message: issue.message, path }];
}

function depthOf(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(...issues.map((issue) => issue.path.length));
}

function rangeIssue(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'too_big' || issue.code === 'too_small' || issue.code === 'custom';
}

/** `['aggregates', 1, 'expr']` → `aggregates[1].expr`. */
export function printPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

/** Raw config with every default written out: what a freshly dropped node starts with. */
export function defaultConfig(fields: Readonly<Record<string, FormField>>): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(fields)) {
    const value = field.optional ? undefined : emptyValue(field);
    if (value !== undefined) out[key] = value;
  }
  return out;
}

function emptyValue(field: FormField): unknown {
  if (field.defaultValue !== undefined) return field.defaultValue;
  switch (field.widget) {
    case 'list':
    case 'fields':
      return [];
    case 'object':
      return defaultConfig(field.fields);
    case 'variant': {
      const [first] = Object.entries(field.cases);
      return first === undefined ? undefined : { [field.tag]: first[0], ...defaultConfig(first[1].fields) };
    }
    case 'choice':
      return field.options[0]?.value;
    case 'number':
      return field.min ?? 0;
    case 'flag':
      return false;
    case 'duration':
      return printDuration(60_000);
    case 'data-type':
      return 'STRING';
    default:
      return '';
  }
}

/** Which case of a variant a raw value is, or says it is. */
export function caseOf(
  form: Extract<FormWidget, { widget: 'variant' }>,
  raw: Readonly<Record<string, unknown>>,
): string {
  return String(raw[form.tag] ?? form.defaultCase ?? '');
}

/** A leaf value in a raw config together with how it is edited. */
export interface ConfigLeaf {
  readonly path: readonly (string | number)[];
  readonly form: FormField;
  readonly value: unknown;
}

/** Every leaf of a raw config that fits its form, in order: how expressions and field names are found without asking for a type. */
export function configLeaves(
  fields: Readonly<Record<string, FormField>>,
  raw: unknown,
  path: readonly (string | number)[] = [],
): ConfigLeaf[] {
  if (!isRecord(raw)) return [];
  return Object.entries(fields).flatMap(([key, form]) => leavesOf(form, raw[key], [...path, key]));
}

function leavesOf(form: FormField, value: unknown, path: readonly (string | number)[]): ConfigLeaf[] {
  if (value === undefined || value === null) return [];
  switch (form.widget) {
    case 'list':
      return Array.isArray(value) ? value.flatMap((item, i) => leavesOf(form.item, item, [...path, i])) : [];
    case 'object':
      return configLeaves(form.fields, value, path);
    case 'variant': {
      const one = isRecord(value) ? form.cases[caseOf(form, value)] : undefined;
      return one === undefined ? [] : configLeaves(one.fields, value, path);
    }
    default:
      return [{ path, form, value }];
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
