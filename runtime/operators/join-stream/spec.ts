import { configSpec, type ConfigOf } from '../../core/config.ts';
import type { OperatorSpec, Report } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import type { StreamShape } from '../../core/schema.ts';
import { conditionField, describeOn, kindField, onField } from '../shared/joins/config.ts';
import { inferJoined, JOIN_INPUTS, joinDistribution } from '../shared/joins/infer.ts';
import { stateTtlField } from '../shared/state-ttl.ts';

const config = configSpec({
  on: onField,
  kind: kindField,
  condition: conditionField,
  stateTtl: stateTtlField(
    'A row that neither came nor changed for so long, in processing time, is forgotten: nothing matches it any more.',
  ),
  leftStateTtl: stateTtlField('In place of the state TTL, for left rows.', 'Left state TTL'),
  rightStateTtl: stateTtlField('In place of the state TTL, for right rows.', 'Right state TTL'),
});
export type JoinStreamConfig = ConfigOf<typeof config>;

export const joinStreamSpec: OperatorSpec<JoinStreamConfig> = {
  type: 'join.stream',
  version: 1,
  label: 'Stream join',
  summary: 'Joins all rows of two streams that match, however far apart they come.',
  category: 'join',
  keywords: ['join', 'regular', 'unbounded', 'inner', 'left', 'right', 'full', 'outer', 'changelog', 'updates'],
  config,
  ports: () => ({ inputs: JOIN_INPUTS, outputs: [{ name: 'out', label: 'Joined rows' }] }),
  traits: () => ({
    isStateful: true,
    passesRows: true,
    keepsOrder: false,
    needsEventTime: false,
    assignsWatermarks: false,
    emitsBehindWatermark: false,
    acceptsUpdates: true,
    maxParallelism: null,
  }),
  distribution: ({ on }, port) => joinDistribution(on, port),
  infer(checked, inputs, report) {
    const joined = inferJoined(checked, inputs, [], report);
    if (joined === null) return {};
    const { left, right, out } = joined;
    warnOfGrowth(checked, left, right, report);
    const isAppend = checked.kind === 'inner' && left.changelog === 'append' && right.changelog === 'append';
    return {
      out: {
        schema: out,
        // A match may come long after both of its rows' times have passed. A watermark operator gives it one.
        eventTime: false,
        changelog: isAppend ? 'append' : 'update',
        bounded: left.bounded && right.bounded,
      },
    };
  },
  describe: ({ on }) => describeOn(on),
};

/** How long rows of either side are kept, in ms; 0: for ever. */
export function ttlsOf({ stateTtl, leftStateTtl, rightStateTtl }: JoinStreamConfig): { left: number; right: number } {
  return { left: leftStateTtl ?? stateTtl ?? 0, right: rightStateTtl ?? stateTtl ?? 0 };
}

function warnOfGrowth(checked: JoinStreamConfig, left: StreamShape, right: StreamShape, report: Report): void {
  const ttls = ttlsOf(checked);
  const growing = [
    ...(left.bounded || ttls.left > 0 ? [] : [say`left`]),
    ...(right.bounded || ttls.right > 0 ? [] : [say`right`]),
  ];
  if (growing.length === 0) return;
  const whose = growing.length === 2 ? say`all rows of both inputs are` : say`every row of the ${growing[0]!} input is`;
  report({
    severity: 'warning',
    code: 'MR1504',
    message: say`${whose} kept for ever: give a stateTtl after which a row matches nothing more, or join within a time (join.interval)`,
    path: 'stateTtl',
    setting: { path: 'config.stateTtl', value: '1 day' },
  });
}
