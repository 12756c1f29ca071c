import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import type { OperatorSpec } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { printDuration } from '../../core/time.ts';
import { conditionField, describeOn, kindField, onField } from '../shared/joins/config.ts';
import { inferJoin, JOIN_PORTS, joinDistribution } from '../shared/joins/infer.ts';

const config = configSpec({
  on: onField,
  lowerBound: c.duration(
    {
      label: 'Lower bound',
      help: 'The time of a right row that matches is not below that of the left row plus this. Negative for rows before it: -5 minutes.',
    },
    { signed: true },
  ),
  upperBound: c.duration(
    {
      label: 'Upper bound',
      help: 'The time of a right row that matches is not above that of the left row plus this. May be negative.',
    },
    { signed: true },
  ),
  kind: kindField,
  condition: conditionField,
});
export type JoinIntervalConfig = ConfigOf<typeof config>;

export const joinIntervalSpec: OperatorSpec<JoinIntervalConfig> = {
  type: 'join.interval',
  version: 1,
  label: 'Interval join',
  summary: 'Joins rows of two streams whose times lie close to each other.',
  category: 'join',
  keywords: ['join', 'between', 'time-bounded', 'correlate', 'inner', 'left', 'right', 'full', 'outer'],
  config,
  ports: () => JOIN_PORTS,
  traits: () => ({
    isStateful: true,
    passesRows: true,
    keepsOrder: false,
    // Matches leave at once; `infer` asks for event time all the same.
    needsEventTime: false,
    assignsWatermarks: false,
    emitsBehindWatermark: false,
    acceptsUpdates: false,
    maxParallelism: null,
  }),
  distribution: ({ on }, port) => joinDistribution(on, port),
  infer(checked, inputs, report) {
    const { lowerBound, upperBound } = checked;
    if (lowerBound > upperBound) {
      report({
        code: 'MR1203',
        message: say`the lower bound, ${printBound(lowerBound)}, is above the upper bound, ${printBound(upperBound)}, so nothing could match: swap them`,
        path: 'lowerBound',
      });
    }
    return inferJoin(checked, inputs, [], report);
  },
  describe: ({ on, lowerBound, upperBound }, say) =>
    say`${describeOn(on)} within ${printBound(lowerBound)} to ${printBound(upperBound)}`,
};

function printBound(ms: number): string {
  return ms < 0 ? `-${printDuration(-ms)}` : printDuration(ms);
}
