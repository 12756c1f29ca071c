import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import { ROW_WISE, type OperatorSpec } from '../../core/operator.ts';

const config = configSpec({
  rowsPerSecond: c.number(
    {
      label: 'Rows per second',
      help: 'At most so many rows go through in a second: of all subtasks together, each of which has an equal share.',
    },
    { min: 0.001, unit: 'rows/s' },
  ),
});
export type RateLimitConfig = ConfigOf<typeof config>;

export const rateLimitSpec: OperatorSpec<RateLimitConfig> = {
  type: 'rateLimit',
  version: 1,
  label: 'Rate limit',
  summary: 'Lets at most so many rows through in a second, and loses none.',
  category: 'transform',
  keywords: ['throttle', 'slow', 'backpressure', 'rows per second'],
  config,
  ports: () => ({
    inputs: [{ name: 'in', label: 'Input' }],
    outputs: [{ name: 'out', label: 'Output' }],
  }),
  traits: () => ROW_WISE,
  infer(_config, [input]) {
    return input === undefined ? {} : { out: input.shape };
  },
  rowsPerSecond: ({ rowsPerSecond }) => rowsPerSecond,
  describe: ({ rowsPerSecond }, say) => say`${rowsPerSecond} rows/s`,
};
