/**
 * Other configs near a given one, found through the form alone: flags, choices, durations and numbers change, variants take
 * another case, what may be left out comes and goes. Texts, paths, fields and expressions stay as they are.
 */
import fc, { type Arbitrary } from 'fast-check';
import { defaultConfig, type FormField } from '../core/config.ts';

type Forms = Readonly<Record<string, FormField>>;
type Raw = Readonly<Record<string, unknown>>;

const DURATIONS = ['0 seconds', '5 seconds', '10 seconds', '20 seconds', '1 minute'];
const NUMBERS = [0, 1, 2, 5];
/** A choice inside a list seldom fits what stands beside it; another case or duration is what most depends on. */
const WEIGHTS: Readonly<Partial<Record<FormField['widget'], number>>> = { variant: 12, duration: 3 };

/** Not every one passes the operator's own checks. */
export function anyVariantOf(forms: Forms, raw: Raw): Arbitrary<Raw> {
  const keys = Object.keys(forms);
  return fc
    .tuple(...keys.map((key) => anyField(forms[key]!, raw[key])))
    .map((values) =>
      Object.fromEntries(keys.map((key, i) => [key, values[i]] as const).filter(([, v]) => v !== undefined)),
    );
}

function anyField(form: FormField, value: unknown): Arbitrary<unknown> {
  const isLeftOut = value === undefined || value === null;
  const base = isLeftOut ? startValue(form) : value;
  const changed = { weight: WEIGHTS[form.widget] ?? 1, arbitrary: anyValueOf(form, base) };
  const kept = { weight: 3, arbitrary: fc.constant(value) };
  return form.optional
    ? fc.oneof(kept, changed, { weight: 1, arbitrary: fc.constant(undefined) })
    : fc.oneof(kept, changed);
}

/** What the field would begin with if it had to be there. */
function startValue(form: FormField): unknown {
  const { defaultValue, ...rest } = form;
  const needed: FormField = {
    ...rest,
    optional: false,
    ...(defaultValue === undefined || defaultValue === null ? {} : { defaultValue }),
  };
  return defaultConfig({ field: needed }).field;
}

function anyValueOf(form: FormField, value: unknown): Arbitrary<unknown> {
  switch (form.widget) {
    case 'flag':
      return fc.boolean();
    case 'choice':
      return fc.constantFrom(...form.options.map((option) => option.value));
    case 'duration':
      return fc.constantFrom(...DURATIONS);
    case 'number':
      return fc.constantFrom(value, ...NUMBERS);
    case 'list':
      return Array.isArray(value) ? fc.tuple(...value.map((item) => anyField(form.item, item))) : fc.constant(value);
    case 'object':
      return anyVariantOf(form.fields, recordOf(value));
    case 'variant':
      return fc.constantFrom(...Object.keys(form.cases)).chain((tag) => {
        const { fields } = form.cases[tag]!;
        // Fields that both cases have keep their values; the new ones begin as in the form.
        const start = { ...defaultConfig(fields), ...recordOf(value) };
        return anyVariantOf(fields, start).map((rest) => ({ ...rest, [form.tag]: tag }));
      });
    default:
      return fc.constant(value);
  }
}

function recordOf(value: unknown): Raw {
  return typeof value === 'object' && value !== null ? (value as Raw) : {};
}
