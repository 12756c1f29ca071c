import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import { ROW_WISE, type OperatorSpec } from '../../core/operator.ts';

const config = configSpec({
  label: c.optional(
    c.text(
      { label: 'Label', help: 'Stands before each line, to tell several prints apart.' },
      { placeholder: 'alerts' },
    ),
  ),
});
export type SinkPrintConfig = ConfigOf<typeof config>;

export const sinkPrintSpec: OperatorSpec<SinkPrintConfig> = {
  type: 'sink.print',
  version: 1,
  label: 'Print',
  summary: 'Prints rows as lines of JSON.',
  category: 'sink',
  showsOnly: true,
  keywords: ['console', 'log', 'stdout', 'debug'],
  config,
  ports: () => ({ inputs: [{ name: 'in', label: 'Rows' }], outputs: [] }),
  traits: () => ROW_WISE,
  infer: () => ({}),
  describe: ({ label }) => label ?? '',
};
