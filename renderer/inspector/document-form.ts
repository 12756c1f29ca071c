/** The document's settings as a form, made from the schema that checks them: a new setting needs no more than its texts. */
import { z } from 'zod';
import type { FormField, FormText } from '../../runtime/core/config.ts';
import { settingsSchema, type Settings } from '../../runtime/graph/index.ts';
import type { t as translate } from '../app/i18n/index.ts';

type Translate = typeof translate;
type Fields = Readonly<Record<string, FormField>>;

/** Whose texts are named after the setting's place. */
const NAMESPACE = 'inspector';

/** Keys are those of `settings` in the document. Parameters have an editor of their own. */
export function settingsFields(t: Translate, settings: Settings): Fields {
  const fields = fieldsOf(settingsSchema.shape, `${NAMESPACE}:settings`, t);
  const { checkpoint } = fields;
  if (checkpoint?.widget !== 'object' || settings.checkpoint.alignment === 'unaligned') return fields;
  // What a setting that is off would do need not be asked.
  const { alignedTimeoutMs: _, ...aligned } = checkpoint.fields;
  return { ...fields, checkpoint: { ...checkpoint, fields: aligned } };
}

function fieldsOf(shape: Readonly<Record<string, z.core.$ZodType>>, textKey: string, t: Translate): Fields {
  const entries = Object.entries(shape).flatMap(([key, schema]): readonly (readonly [string, FormField])[] => {
    const field = fieldOf(key, schema, `${textKey}.${key}`, t);
    return field === null ? [] : [[key, field]];
  });
  return Object.fromEntries(entries);
}

/** null: nothing to choose, or edited elsewhere. */
function fieldOf(key: string, schema: z.core.$ZodType, textKey: string, t: Translate): FormField | null {
  const { inner, defaultValue } = unwrapped(schema);
  const text = (): FormText => ({
    label: t(`${textKey}.label`),
    help: t(`${textKey}.help`),
    optional: defaultValue !== undefined,
    ...(defaultValue === undefined ? {} : { defaultValue }),
  });
  if (inner instanceof z.ZodNumber) return { ...text(), widget: 'number', ...rangeOf(inner), ...unitOf(key, t) };
  if (inner instanceof z.ZodEnum) {
    const options = inner.options.map((value) => ({
      value: String(value),
      label: t(`${textKey}.options.${String(value)}`),
    }));
    return options.length < 2 ? null : { ...text(), widget: 'choice', options };
  }
  if (inner instanceof z.ZodString) return { ...text(), widget: 'text' };
  if (inner instanceof z.ZodObject) {
    return { ...text(), optional: false, widget: 'object', fields: fieldsOf(inner.shape, `${textKey}.fields`, t) };
  }
  if (inner instanceof z.ZodDiscriminatedUnion) {
    const tag = inner.def.discriminator;
    const cases = inner.options.map((option) => {
      const { [tag]: name, ...rest } = (option as z.ZodObject).shape;
      const value = String((name as z.ZodLiteral).value);
      const fields = fieldsOf(rest, `${textKey}.fields`, t);
      return [value, { label: t(`${textKey}.options.${value}`), fields }] as const;
    });
    return { ...text(), optional: false, widget: 'variant', tag, cases: Object.fromEntries(cases) };
  }
  return null;
}

/** Without what says that it may be left out; `defaultValue` null: nothing stands for it then. */
function unwrapped(schema: z.core.$ZodType): { readonly inner: z.core.$ZodType; readonly defaultValue: unknown } {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return { inner: schema.unwrap(), defaultValue: schema.def.defaultValue };
  }
  if (schema instanceof z.ZodOptional) return { inner: schema.unwrap(), defaultValue: null };
  return { inner: schema, defaultValue: undefined };
}

function rangeOf({ minValue, maxValue }: z.ZodNumber): { readonly min?: number; readonly max?: number } {
  const isLimited = (value: number | null): value is number => value !== null && Number.isSafeInteger(value);
  return {
    ...(isLimited(minValue) && minValue > Number.MIN_SAFE_INTEGER ? { min: minValue } : {}),
    ...(isLimited(maxValue) && maxValue < Number.MAX_SAFE_INTEGER ? { max: maxValue } : {}),
  };
}

/** Keys end with their unit. */
function unitOf(key: string, t: Translate): { readonly unit?: string } {
  if (key.endsWith('Ms')) return { unit: t('inspector:units.ms') };
  if (key.endsWith('Mb')) return { unit: t('inspector:units.mb') };
  return {};
}
