import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import { ROW_WISE, type OperatorSpec } from '../../core/operator.ts';

const config = configSpec({
  rows: c.withDefault(
    c.integer({ label: 'Rows', help: 'How many of the latest rows the table shows.' }, { min: 1, max: 10_000 }),
    200,
  ),
});
export type SinkTableConfig = ConfigOf<typeof config>;

export const sinkTableSpec: OperatorSpec<SinkTableConfig> = {
  type: 'sink.table',
  version: 1,
  label: 'Table',
  summary: 'Shows the latest rows in the app while the job runs.',
  category: 'sink',
  showsOnly: true,
  keywords: ['preview', 'view', 'live', 'show'],
  config,
  ports: () => ({ inputs: [{ name: 'in', label: 'Rows' }], outputs: [] }),
  traits: () => ROW_WISE,
  infer: () => ({}),
  mends: (code) => (code === 'MR1109' ? {} : null),
  describe: ({ rows }, say) => say`latest ${rows} rows`,
};
