import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import { ROW_WISE, type OperatorSpec } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { field, fieldIndex } from '../../core/schema.ts';
import { STRING } from '../../core/types.ts';

const config = configSpec({
  rows: c.withDefault(
    c.choice(
      {
        label: 'Rows',
        help: 'All changes, or upserts: without the rows before an update, for readers that overwrite by key.',
      },
      { all: 'All changes', upserts: 'Upserts' },
    ),
    'all',
  ),
  field: c.withDefault(
    c.text({ label: 'Change field', help: 'Name of the first field of the output: +I, -U, +U or -D.' }),
    'op',
  ),
});
export type ChangelogConfig = ConfigOf<typeof config>;

export const changelogSpec: OperatorSpec<ChangelogConfig> = {
  type: 'changelog',
  version: 1,
  label: 'To changelog',
  summary: 'Turns a stream with updates into one of plain rows that say what changed.',
  category: 'transform',
  keywords: ['updates', 'retract', 'upsert', 'append', 'changes', 'op', 'cdc'],
  config,
  ports: () => ({
    inputs: [{ name: 'in', label: 'Input' }],
    outputs: [{ name: 'out', label: 'Changes' }],
  }),
  traits: () => ROW_WISE,
  infer({ field: name }, [input], report) {
    if (input === undefined) return {};
    const { schema } = input.shape;
    if (fieldIndex(schema, name) >= 0) {
      report({ code: 'MR1402', message: say`the input has a field "${name}" already`, path: 'field' });
      return {};
    }
    return {
      out: {
        ...input.shape,
        schema: { fields: [field(name, STRING, false), ...schema.fields] },
        changelog: 'append',
      },
    };
  },
  mends: (code) => (code === 'MR1503' ? {} : null),
  describe: ({ rows }, say) => (rows === 'all' ? say`all changes` : say`upserts`),
};
