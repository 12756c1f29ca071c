import { describe, expect, it } from 'vitest';
import type { FormField } from '../../../runtime/core/config.ts';
import { catalog } from '../../../runtime/operators/catalog.ts';
import { formText } from './use-form-text.ts';

/** Labels, options and names of items: what a form cannot be read without. */
function labelsOf(form: FormField): readonly string[] {
  const inside: readonly FormField[] =
    form.widget === 'list'
      ? [form.item]
      : form.widget === 'object'
        ? Object.values(form.fields)
        : form.widget === 'variant'
          ? Object.values(form.cases).flatMap((one) => Object.values(one.fields))
          : [];
  const own =
    form.widget === 'choice'
      ? form.options.map((option) => option.label)
      : form.widget === 'variant'
        ? Object.values(form.cases).map((one) => one.label)
        : form.widget === 'list'
          ? [form.itemLabel]
          : [];
  return [form.label, ...own, ...inside.flatMap(labelsOf)];
}

/** `COUNT`, `CSV`, `JSON Lines`, `SQLite`: names that are the same in every language. */
const PROPER_NAME = /^([A-Z_]+( Lines)?|SQLite|Parquet)$/;

describe('texts of forms', () => {
  it('has every label of every operator in Chinese', () => {
    const labels = new Set(
      Object.values(catalog).flatMap((spec) => Object.values<FormField>(spec.config.fields).flatMap(labelsOf)),
    );
    const missing = [...labels].filter((label) => !PROPER_NAME.test(label) && formText('zh-CN', label) === label);
    expect(missing).toEqual([]);
  });

  it('leaves a text without a translation as it is', () => {
    expect(formText('zh-CN', 'Brand new')).toBe('Brand new');
    expect(formText('en', 'Condition')).toBe('Condition');
  });
});
