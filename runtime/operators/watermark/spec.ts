import { configSpec, type ConfigOf } from '../../core/config.ts';
import { ROW_WISE, type OperatorSpec } from '../../core/operator.ts';
import { checkEventTime, describeEventTime, eventTimeConfig } from '../shared/event-time-config.ts';

const config = configSpec({ eventTime: eventTimeConfig() });
export type WatermarkConfig = ConfigOf<typeof config>;

export const watermarkSpec: OperatorSpec<WatermarkConfig> = {
  type: 'watermark',
  version: 1,
  label: 'Watermark',
  summary: 'Says when rows happened, by one of their fields.',
  category: 'transform',
  keywords: ['event time', 'timestamp', 'late', 'out of order', 'idle'],
  config,
  ports: () => ({ inputs: [{ name: 'in', label: 'Rows' }], outputs: [{ name: 'out', label: 'Rows with event time' }] }),
  // What it remembers only keeps late rows late over a restart; no row depends on it.
  traits: ({ eventTime }) => ({ ...ROW_WISE, assignsWatermarks: true, rowTime: { time: 'event', ...eventTime } }),
  infer({ eventTime }, inputs, report) {
    const shape = inputs[0]?.shape;
    if (shape === undefined) return {};
    checkEventTime(eventTime, shape.schema, report);
    return { out: { ...shape, eventTime: true } };
  },
  mends(code, { schema }) {
    const time = schema.fields.find(({ type }) => type.kind === 'TIMESTAMP');
    return code !== 'MR1501' || time === undefined
      ? null
      : { eventTime: { field: time.name, maxOutOfOrdernessMs: 5000 } };
  },
  describe: ({ eventTime }, say) => describeEventTime(eventTime, say),
};
