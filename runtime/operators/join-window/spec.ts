import { configSpec, type ConfigOf } from '../../core/config.ts';
import type { OperatorSpec, Report } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { field } from '../../core/schema.ts';
import { TIMESTAMP, type Field } from '../../core/types.ts';
import { conditionField, describeOn, kindField, onField } from '../shared/joins/config.ts';
import { inferJoin, JOIN_PORTS, joinDistribution } from '../shared/joins/infer.ts';
import { checkWindow, describeWindow, firingOf, windowField, type WindowConfig } from '../shared/windows.ts';

const config = configSpec({
  on: onField,
  window: windowField,
  kind: kindField,
  condition: conditionField,
});
export type JoinWindowConfig = ConfigOf<typeof config>;

export const WINDOW_FIELDS: readonly Field[] = [
  field('window_start', TIMESTAMP, false),
  field('window_end', TIMESTAMP, false),
];

export const joinWindowSpec: OperatorSpec<JoinWindowConfig> = {
  type: 'join.window',
  version: 1,
  label: 'Window join',
  summary: 'Joins rows of two streams that are in the same window of time.',
  category: 'join',
  keywords: ['join', 'tumbling', 'hopping', 'sliding', 'cumulative', 'inner', 'left', 'right', 'full', 'outer'],
  config,
  ports: () => JOIN_PORTS,
  traits: () => ({
    isStateful: true,
    passesRows: true,
    keepsOrder: false,
    needsEventTime: true,
    assignsWatermarks: false,
    emitsBehindWatermark: false,
    acceptsUpdates: false,
    maxParallelism: null,
  }),
  distribution: ({ on }, port) => joinDistribution(on, port),
  infer(checked, inputs, report) {
    checkWindow(checked.window, report);
    reportUnfit(checked.window, report);
    return inferJoin(checked, inputs, WINDOW_FIELDS, report);
  },
  firing: ({ window }) => firingOf(window),
  describe: ({ on, window }, say) => say`${describeOn(on)} in ${describeWindow(window, say)}`,
};

/** Rows are joined in windows that lie the same for all keys and both inputs, by event time. */
function reportUnfit(window: WindowConfig, report: Report): void {
  if (window.type === 'session') {
    report({
      code: 'MR1203',
      message: say`rows are not joined in sessions: choose tumbling, hopping or cumulative windows`,
      path: 'window.type',
    });
  }
  if (window.time === 'processing') {
    report({
      code: 'MR1203',
      message: say`rows are joined by event time: set time to "event", with an event time "ingestion" at the sources if need be`,
      path: 'window.time',
    });
  }
}
