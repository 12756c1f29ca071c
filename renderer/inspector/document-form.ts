/** The document's settings as a form, described with the same builders as an operator's config. */
import { c, configSpec, type ConfigField } from '../../runtime/core/config.ts';
import { DEFAULT_SETTINGS } from '../../runtime/graph/index.ts';
import type { t as translate } from '../app/i18n/index.ts';

type Translate = typeof translate;

const MAX_PARALLELISM = 128;

/** Keys are those of `settings` in the document. Parameters have an editor of their own. */
export function settingsFields(t: Translate): ReturnType<typeof configSpec>['fields'] {
  const text = (key: string): { label: string; help: string } => ({
    label: t(`inspector:settings.${key}.label`),
    help: t(`inspector:settings.${key}.help`),
  });
  const ms = (key: string, preset: number): ConfigField<number> =>
    c.withDefault(c.integer(text(key), { min: 0, unit: 'ms' }), preset);
  const attempts = c.withDefault(c.integer(text('maxAttempts'), { min: 0 }), 10);
  const { parallelism, checkpoint, batchRows, bufferTimeoutMs } = DEFAULT_SETTINGS;
  return configSpec({
    parallelism: c.withDefault(c.integer(text('parallelism'), { min: 1, max: MAX_PARALLELISM }), parallelism),
    checkpoint: c.object(text('checkpoint'), {
      intervalMs: ms('checkpointInterval', checkpoint.intervalMs),
      timeoutMs: ms('checkpointTimeout', checkpoint.timeoutMs),
      retain: c.withDefault(c.integer(text('retain'), { min: 1 }), checkpoint.retain),
    }),
    restart: c.variant(text('restart'), 'strategy', {
      none: { label: t('inspector:settings.restartNone'), fields: {} },
      'fixed-delay': {
        label: t('inspector:settings.restartFixed'),
        fields: { delayMs: ms('delay', 1000), maxAttempts: attempts },
      },
      'exponential-delay': {
        label: t('inspector:settings.restartExponential'),
        fields: {
          initialMs: ms('initialDelay', 200),
          maxMs: ms('maxDelay', 10_000),
          maxAttempts: attempts,
        },
      },
    }),
    batchRows: c.withDefault(c.integer(text('batchRows'), { min: 1, max: 65_536 }), batchRows),
    bufferTimeoutMs: ms('bufferTimeout', bufferTimeoutMs),
  }).fields;
}
