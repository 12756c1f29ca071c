import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import type { OperatorSpec } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { conditionField, describeOn, onField, type JoinKind } from '../shared/joins/config.ts';
import { inferJoin, JOIN_PORTS, joinDistribution } from '../shared/joins/infer.ts';

const config = configSpec({
  on: onField,
  kind: c.withDefault(
    c.choice<Extract<JoinKind, 'inner' | 'left'>>(
      { label: 'Kind', help: 'Whether left rows come out, with NULLs, for which there is no version.' },
      { inner: 'Inner', left: 'Left outer' },
    ),
    'inner',
  ),
  condition: conditionField,
});
export type JoinTemporalConfig = ConfigOf<typeof config>;

export const joinTemporalSpec: OperatorSpec<JoinTemporalConfig> = {
  type: 'join.temporal',
  version: 1,
  label: 'Temporal join',
  summary: "Joins each row with what another stream says was valid at the row's time.",
  category: 'join',
  keywords: ['join', 'versioned table', 'as of', 'system time', 'enrich', 'dimension', 'rates', 'inner', 'left'],
  config,
  ports: () => JOIN_PORTS,
  traits: () => ({
    isStateful: true,
    passesRows: true,
    keepsOrder: false,
    needsEventTime: true,
    assignsWatermarks: false,
    emitsBehindWatermark: false,
    // On the right; `infer` refuses them on the left.
    acceptsUpdates: true,
    maxParallelism: null,
  }),
  distribution: ({ on }, port) => joinDistribution(on, port),
  infer(checked, inputs, report) {
    if (inputs.some(({ port, shape }) => port === 'left' && shape.changelog === 'update')) {
      report({
        code: 'MR1503',
        message: say`the left input has updates: a row that is taken back would come behind the watermark. Join before the operator that makes them, or use join.stream`,
      });
    }
    return inferJoin(checked, inputs, [], report);
  },
  describe: ({ on }, say) => say`${describeOn(on)} as of left's time`,
};
