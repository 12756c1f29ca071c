import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import type { OperatorSpec } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { fieldIndex } from '../../core/schema.ts';
import { printDataType } from '../../core/types.ts';
import { stateTtlField } from '../shared/state-ttl.ts';

const config = configSpec({
  keys: c.fields({ label: 'Keys', help: 'Rows that are equal in these fields are duplicates.' }, { minLength: 1 }),
  keep: c.withDefault(
    c.choice(
      {
        label: 'Keep',
        help: 'Which row of a key is kept. The last one changes with every row: a stream with updates.',
      },
      { first: 'First row', last: 'Last row' },
    ),
    'first',
  ),
  time: c.withDefault(
    c.choice(
      { label: 'Time', help: 'What first and last go by: when rows arrive, or their event time.' },
      { processing: 'Processing time', event: 'Event time' },
    ),
    'processing',
  ),
  stateTtl: stateTtlField(
    'A key is forgotten when nothing was kept for it for so long; its next row is then a first one.',
  ),
});
export type DedupConfig = ConfigOf<typeof config>;

export const dedupSpec: OperatorSpec<DedupConfig> = {
  type: 'dedup',
  version: 1,
  label: 'Deduplicate',
  summary: 'Keeps the first or the last row of each key.',
  category: 'transform',
  keywords: ['distinct', 'unique', 'duplicates', 'first', 'last', 'latest', 'upsert', 'row_number'],
  config,
  ports: () => ({
    inputs: [{ name: 'in', label: 'Input' }],
    outputs: [{ name: 'out', label: 'Rows kept' }],
  }),
  traits: ({ keep, time }) => {
    const isFirstToArrive = keep === 'first' && time === 'processing';
    return {
      isStateful: true,
      passesRows: true,
      keepsOrder: isFirstToArrive,
      needsEventTime: keep === 'first' && time === 'event',
      assignsWatermarks: false,
      // Rows that are taken back have the time they came with; first rows may be as old as the watermark.
      emitsBehindWatermark: !isFirstToArrive,
      // A first row that has passed is not taken back: what it makes is only inserts.
      acceptsUpdates: keep === 'last',
      maxParallelism: null,
    };
  },
  distribution: ({ keys }) => ({ type: 'hash', fields: keys }),
  infer({ keys, keep, time, stateTtl }, [input], report) {
    if (input === undefined) return {};
    const { schema, eventTime } = input.shape;
    if (!input.shape.bounded && (stateTtl ?? 0) === 0) {
      report({
        severity: 'warning',
        code: 'MR1504',
        message: say`every key is remembered for ever: give a stateTtl after which it is forgotten`,
        path: 'stateTtl',
        setting: { path: 'config.stateTtl', value: '1 day' },
      });
    }
    keys.forEach((name, i) => {
      const path = `keys[${i}]`;
      const key = schema.fields[fieldIndex(schema, name)];
      if (key === undefined) {
        const names = schema.fields.map((f) => f.name).join(', ');
        report({
          code: 'MR1403',
          message: say`the input has no field "${name}"; it has ${names || 'none'}: choose one of them`,
          path,
        });
      } else if (key.type.kind === 'ARRAY' || key.type.kind === 'MAP' || key.type.kind === 'ROW') {
        const type = printDataType(key.type);
        report({ code: 'MR1405', message: say`${type} cannot be a key: project a plain value out of "${name}"`, path });
      }
    });
    if (time === 'event' && !eventTime) {
      report({
        code: 'MR1501',
        message: say`the input has no event time: give its source one, or set time to "processing"`,
        path: 'time',
      });
    }
    return { out: { ...input.shape, changelog: keep === 'first' ? 'append' : 'update' } };
  },
  describe({ keys, keep }, say) {
    const fields = keys.join(', ');
    return keep === 'first' ? say`first by ${fields}` : say`last by ${fields}`;
  },
};
