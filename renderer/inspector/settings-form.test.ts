import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, settingsSchema } from '../../runtime/graph/index.ts';
import type { FormField } from '../../runtime/core/config.ts';
import { t } from '../app/i18n/index.ts';
import { settingsFields } from './document-form.ts';
import { changeSettings, shownSettings } from './settings-draft.ts';

const unaligned = {
  ...DEFAULT_SETTINGS,
  checkpoint: { ...DEFAULT_SETTINGS.checkpoint, alignment: 'unaligned' as const },
};
const fields = settingsFields(t, unaligned);

/** Every text of a form. */
function textsOf(form: FormField): readonly string[] {
  const inner =
    form.widget === 'object'
      ? Object.values(form.fields)
      : form.widget === 'variant'
        ? Object.values(form.cases).flatMap((one) => Object.values(one.fields))
        : [];
  const options = form.widget === 'choice' ? form.options.map((one) => one.label) : [];
  const cases = form.widget === 'variant' ? Object.values(form.cases).map((one) => one.label) : [];
  return [form.label, form.help, ...options, ...cases, ...inner.flatMap(textsOf)];
}

describe('settingsFields', () => {
  it('has a field for every setting that can be chosen', () => {
    // Targets are chosen where exports are made.
    const { processingModel: _, params: __, targets: ___, ...settings } = settingsSchema.shape;
    expect(Object.keys(fields)).toEqual(Object.keys(settings));
    const checkpoint = fields['checkpoint'];
    expect(checkpoint?.widget === 'object' && Object.keys(checkpoint.fields)).toEqual(
      Object.keys(settingsSchema.shape.checkpoint.unwrap().shape),
    );
    const restart = fields['restart'];
    expect(restart?.widget === 'variant' && Object.keys(restart.cases)).toEqual([
      'none',
      'fixed-delay',
      'exponential-delay',
      'failure-rate',
    ]);
  });

  it('takes range, unit, options and default from the schema', () => {
    expect(fields['parallelism']).toMatchObject({ widget: 'number', min: 1, max: 128, defaultValue: 1 });
    expect(fields['managedMemoryMb']).toMatchObject({ min: 16, unit: 'MiB', defaultValue: 2048 });
    expect(fields['stateBackend']).toMatchObject({
      widget: 'choice',
      options: [
        { value: 'memory', label: 'Memory' },
        { value: 'rocksdb', label: 'RocksDB' },
      ],
    });
  });

  it('has a text for everything', () => {
    const missing = Object.values(fields)
      .flatMap(textsOf)
      .filter((text) => text.includes('settings.'));
    expect(missing).toEqual([]);
  });

  it('asks for the time-out of alignment only where barriers may overtake', () => {
    const { checkpoint } = settingsFields(t, DEFAULT_SETTINGS);
    expect(checkpoint?.widget === 'object' && 'alignedTimeoutMs' in checkpoint.fields).toBe(false);
  });
});

describe('settings that are typed', () => {
  const storage = { path: ['checkpoint', 'storage'], value: 'webhdfs' };
  const path = { path: ['checkpoint', 'path'], value: 'webhdfs://name-node:9870/state' };

  it('wait for what belongs to them, and go into the document together', () => {
    const first = changeSettings(DEFAULT_SETTINGS, null, [storage]);
    expect([first.settings, first.waiting]).toEqual([DEFAULT_SETTINGS, [storage]]);
    const draft = { base: DEFAULT_SETTINGS, waiting: first.waiting };
    expect(shownSettings(DEFAULT_SETTINGS, draft)).toMatchObject({
      config: { checkpoint: { storage: 'webhdfs' } },
      problems: [{ path: 'checkpoint.path' }],
    });
    const second = changeSettings(DEFAULT_SETTINGS, draft, [path]);
    expect(second.waiting).toEqual([]);
    expect(second.settings.checkpoint).toMatchObject({ storage: 'webhdfs', path: path.value });
  });

  it('are dropped when the document changes under them', () => {
    const draft = { base: DEFAULT_SETTINGS, waiting: [storage] };
    expect(shownSettings(unaligned, draft)).toEqual({ config: unaligned, problems: [] });
  });
});
