import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import { ROW_WISE, type OperatorSpec, type Report } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { fieldIndex, type Schema } from '../../core/schema.ts';
import { printDataType } from '../../core/types.ts';
import { isHashable } from '../shared/row-hash.ts';

const config = configSpec({
  size: c.variant({ label: 'Sample', help: 'Which rows are kept.' }, 'type', {
    share: {
      label: 'A share of the rows',
      fields: {
        share: c.number(
          { label: 'Share', help: 'From 0 (none) to 1 (all): 0.1 is one row in ten.' },
          { min: 0, max: 1 },
        ),
        seed: c.withDefault(
          c.integer({
            label: 'Seed',
            help: 'Another seed, another sample; the same seed, the same rows in every run.',
          }),
          0,
        ),
      },
    },
    every: {
      label: 'One of so many',
      fields: {
        rows: c.integer(
          { label: 'Of so many rows', help: 'The first row of every so many is kept, in order of arrival.' },
          { min: 1, unit: 'rows' },
        ),
      },
    },
  }),
  keys: c.withDefault(
    c.fields({
      label: 'Keys',
      help: 'Fields of a key: a share is of whole keys, all rows of a key are in or out; one of so many is counted for each key. None: rows by themselves.',
    }),
    [],
  ),
});
export type SampleConfig = ConfigOf<typeof config>;

export const sampleSpec: OperatorSpec<SampleConfig> = {
  type: 'sample',
  version: 1,
  label: 'Sample',
  summary: 'Keeps a share of the rows, or one of so many.',
  category: 'transform',
  keywords: ['random', 'share', 'percent', 'every nth', 'tablesample', 'filter'],
  config,
  ports: () => ({
    inputs: [{ name: 'in', label: 'Input' }],
    outputs: [{ name: 'out', label: 'Rows kept' }],
  }),
  traits: ({ size, keys }) => {
    if (size.type === 'share') return ROW_WISE;
    return { ...ROW_WISE, isStateful: true, acceptsUpdates: false, maxParallelism: keys.length === 0 ? 1 : null };
  },
  distribution({ size, keys }) {
    if (size.type === 'share') return { type: 'any' };
    return keys.length === 0 ? { type: 'single' } : { type: 'hash', fields: keys };
  },
  infer({ size, keys }, [input], report) {
    if (input === undefined) return {};
    const { schema } = input.shape;
    reportKeys(keys, schema, report);
    if (size.type === 'share' && keys.length === 0 && !schema.fields.some(isHashable)) {
      const message = say`no field of the input has plain values to draw by: project one out, or keep one of so many`;
      report({ code: 'MR1405', message, path: 'size' });
    }
    return { out: input.shape };
  },
  describe({ size, keys }, say) {
    const what = size.type === 'share' ? `${Number((size.share * 100).toPrecision(6))} %` : say`1 of ${size.rows}`;
    return keys.length === 0 ? what : say`${what} by ${keys.join(', ')}`;
  },
};

function reportKeys(keys: readonly string[], schema: Schema, report: Report): void {
  keys.forEach((name, i) => {
    const path = `keys[${i}]`;
    const key = schema.fields[fieldIndex(schema, name)];
    if (key === undefined) {
      report({ code: 'MR1403', message: say`the input has no field "${name}"`, path });
    } else if (!isHashable(key)) {
      const type = printDataType(key.type);
      report({ code: 'MR1405', message: say`${type} cannot be a key: project a plain value out of "${name}"`, path });
    }
  });
}
