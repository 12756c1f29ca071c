import { describe, expect, it } from 'vitest';
import { catalog } from '../../../runtime/operators/catalog.ts';
import { parsePath } from './config-path.ts';
import { placeName } from './place-name.ts';
import { formText } from './use-form-text.ts';

const nameIn = (type: keyof typeof catalog, path: string, language = 'en'): string =>
  placeName(catalog[type].config.fields, parsePath(path), (label) => formText(language, label));

describe('the name of a place in a config', () => {
  it('has the labels of the form, and numbers of items', () => {
    expect(nameIn('filter', 'condition')).toBe('Condition');
    expect(nameIn('project', 'fields[1].as')).toBe('Fields 2 › Name');
    expect(nameIn('aggregate.running', 'groupBy[0]')).toBe('Group by 1');
    expect(nameIn('filter', 'condition', 'zh-CN')).toBe(formText('zh-CN', 'Condition'));
  });

  it('keeps keys that the form does not have', () => {
    expect(nameIn('filter', 'conditions')).toBe('conditions');
    expect(nameIn('source.file', 'schema[0].name.x')).toBe('Schema 1 › Name › x');
  });
});
