import { describe, expect, it } from 'vitest';
import { generator, metricsOf, planOf, simulatedNode } from '../../testing/simulated-job.ts';
import { recordLatency } from './latency-histogram.ts';
import { MetricsReader } from './metrics-reader.ts';
import { MetricsLayout, RECORDS_IN, STATE_BYTES } from './metrics-layout.ts';

const plan = planOf({
  settings: { parallelism: 2, managedMemoryMb: 64 },
  nodes: [generator('in', [['n', 'BIGINT', 'n']], { rows: 1 }), simulatedNode('out', 'sink.print', {})],
  edges: [{ from: 'in', to: 'out' }],
});
const layout = new MetricsLayout(plan);
const [source, sink] = plan.operators.map((operator) => operator.nodeId);

describe('the metrics reader', () => {
  it('adds up what state takes of the managed memory', () => {
    const slots = layout.allocate();
    for (const subtask of [0, 1]) slots[layout.at(source!, subtask) + STATE_BYTES] = 1000 + subtask;
    const { managedMemory } = new MetricsReader(plan, slots, 0).read(1000);
    expect(managedMemory).toEqual({ usedBytes: 2001, budgetBytes: 64 * 2 ** 20 });
  });

  it('makes rates of counts since the last time', () => {
    const slots = layout.allocate();
    const reader = new MetricsReader(plan, slots, 0);
    const at = layout.at(sink!, 1) + RECORDS_IN;
    const rates = [100, 300].map((rows, i) => {
      slots[at] = rows;
      return metricsOf(reader.read((i + 1) * 2000), 'out')[1]!.numRecordsInPerSecond;
    });
    expect(rates).toEqual([50, 100]);
  });

  it('sums up latency where it is measured: at sinks', () => {
    const slots = layout.allocate();
    const reader = new MetricsReader(plan, slots, 0);
    for (let ms = 1; ms <= 100; ms++) recordLatency(slots, layout.latencyAt(sink!, 1)!, ms);
    const metrics = reader.read(1000);
    const latencies = ['in', 'out'].map((id) => metricsOf(metrics, id).map(({ latency }) => latency?.count ?? null));
    expect(latencies).toEqual([
      [null, null],
      [null, 100],
    ]);
    expect(layout.latencyAt(source!, 0)).toBeNull();
  });
});
