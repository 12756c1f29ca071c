import { describe, expect, it } from 'vitest';
import type { PhysicalOperator } from '../compiler/physical-plan.ts';
import { nodeId } from '../core/ids.ts';
import type { JobEvent, LinkMetrics, SubtaskCheckpoint } from '../protocol/job.ts';
import { subtaskMetrics } from '../testing/subtask-metrics.ts';
import { CompositeView } from './composite-view.ts';

const id = nodeId;
const view = new CompositeView({
  operators: ['rows', 'q/where', 'q/join', 'q/select'].map(
    (one) => ({ nodeId: id(one), outputs: { kept: {} } }) as unknown as PhysicalOperator,
  ),
  composites: [
    {
      nodeId: id('q'),
      label: 'Query',
      inputs: [
        { outerPort: 'a', nodeId: id('q/where'), port: 'in' },
        { outerPort: 'a', nodeId: id('q/join'), port: 'right' },
        { outerPort: 'b', nodeId: id('q/join'), port: 'left' },
      ],
      outputs: [{ outerPort: 'out', nodeId: id('q/select'), port: 'kept' }],
    },
  ],
});

function link(from: string, to: string, queueUsage: number): LinkMetrics {
  const [[fromId, fromPort], [toId, toPort]] = [from.split('.'), to.split('.')];
  return { from: id(fromId!), fromPort: fromPort!, to: id(toId!), toPort: toPort!, exchange: 'hash', queueUsage };
}

describe("the document's view of a plan", () => {
  it('tells of the hottest keys in a composite by the names of those who keep them', () => {
    expect(view.operatorsOf([id('q')])).toEqual(['q/where', 'q/join', 'q/select']);
    expect(view.operatorsOf([id('rows'), id('none')])).toEqual(['rows']);
    const table = { name: 'left', fields: ['a'], sampled: 1, keys: [] };
    const event: JobEvent = { type: 'hot-keys', report: { nodeId: id('q/join'), subtask: 0, tables: [table] } };
    expect(view.show(event)).toEqual({
      type: 'hot-keys',
      report: { nodeId: 'q', subtask: 0, tables: [{ ...table, name: 'join left' }] },
    });
  });

  it('gathers the metrics of a composite', () => {
    const metrics = {
      at: 1,
      operators: [
        { nodeId: id('s'), subtasks: [subtaskMetrics({ numRecordsOut: { out: 10 } })] },
        {
          nodeId: id('q/where'),
          subtasks: [
            subtaskMetrics({
              numRecordsIn: 6,
              currentInputWatermark: 7,
              busyTimeMsPerSecond: 100,
              idleTimeMsPerSecond: 900,
            }),
            subtaskMetrics({ subtask: 1, numRecordsIn: 4, currentInputWatermark: 8 }),
          ],
        },
        {
          nodeId: id('q/join'),
          subtasks: [
            subtaskMetrics({
              numRecordsIn: 5,
              currentInputWatermark: 3,
              stateSize: 20,
              numLateRecordsDropped: 2,
              busyTimeMsPerSecond: 700,
              idleTimeMsPerSecond: 200,
              backPressuredTimeMsPerSecond: 100,
            }),
          ],
        },
        {
          nodeId: id('q/select'),
          subtasks: [
            subtaskMetrics({
              numRecordsOut: { kept: 3 },
              numRecordsOutPerSecond: { kept: 1 },
              stateSize: 1,
              currentOutputWatermark: 2,
            }),
          ],
        },
      ],
      links: [
        link('s.out', 'q/where.in', 0.1),
        link('s.out', 'q/join.right', 0.6),
        link('q/where.out', 'q/select.in', 1),
        link('q/select.kept', 'k.in', 0.3),
      ],
      memoryBytes: 0,
      managedMemory: { usedBytes: 0, budgetBytes: 0 },
    };
    const shown = view.show({ type: 'metrics', metrics });
    expect(shown).toMatchObject({
      metrics: {
        operators: [
          { nodeId: 's' },
          {
            nodeId: 'q',
            subtasks: [
              {
                subtask: 0,
                numRecordsIn: 11,
                numRecordsOut: { out: 3 },
                numRecordsOutPerSecond: { out: 1 },
                numLateRecordsDropped: 2,
                busyTimeMsPerSecond: 700,
                idleTimeMsPerSecond: 200,
                backPressuredTimeMsPerSecond: 100,
                currentInputWatermark: 3,
                currentOutputWatermark: 2,
                stateSize: 21,
              },
              { subtask: 1, numRecordsIn: 4, numRecordsOut: {}, currentOutputWatermark: null },
            ],
          },
        ],
        links: [link('s.out', 'q.a', 0.6), link('q.out', 'k.in', 0.3)],
      },
    });
  });

  it('names the composite where the engine names one of its operators', () => {
    const error = {
      name: 'E',
      code: null,
      message: '',
      remedy: null,
      nodeId: id('q/where'),
      isRetryable: false,
      stack: null,
    };
    const record = { at: 0, level: 'info', message: '', nodeId: id('q/join'), subtask: 0 } as const;
    const sample = { nodeId: id('q/select'), port: 'kept', fields: [], rows: [], seen: 0 };
    const events: JobEvent[] = [
      { type: 'state', state: 'FAILED', at: 0, error, attempt: 1 },
      { type: 'log', record },
      { type: 'print', nodeId: id('q/x'), text: '' },
      { type: 'rows', sample },
    ];
    expect(events.map((event) => view.show(event))).toMatchObject([
      { error: { nodeId: 'q' } },
      { record: { nodeId: 'q' } },
      { nodeId: 'q' },
      { sample: { nodeId: 'q', port: 'out' } },
    ]);
  });

  it('adds up what a checkpoint took in the tasks of a composite', () => {
    const detail = (nodeId: string, ms: number): SubtaskCheckpoint => ({
      nodeId: id(nodeId),
      subtask: 0,
      startDelayMs: ms,
      alignmentMs: ms,
      syncMs: ms,
      asyncMs: ms,
      sizeBytes: ms,
      stateBytes: ms,
      processedBytes: ms,
      persistedBytes: ms,
      isUnaligned: ms === 2,
    });
    const checkpoint = {
      id: 1,
      kind: 'checkpoint',
      status: 'completed',
      triggeredAt: 0,
      durationMs: 1,
      sizeBytes: 1,
      stateBytes: 1,
      acknowledged: 3,
      subtasks: 3,
      failure: null,
      path: null,
      details: [detail('s', 5), detail('q/where', 1), detail('q/join', 2)],
    } as const;
    expect(view.show({ type: 'checkpoint', checkpoint })).toMatchObject({
      checkpoint: { details: [{ nodeId: 's' }, { nodeId: 'q', startDelayMs: 2, sizeBytes: 3, isUnaligned: true }] },
    });
  });

  it('knows all that can be watched', () => {
    expect(view.ports().map(({ nodeId: node, port }) => `${node}.${port}`)).toEqual([
      'rows.kept',
      'rows.in',
      'q/select.kept',
    ]);
  });

  it('watches the operator behind a port', () => {
    expect(view.watched({ nodeId: id('q'), port: 'out' })).toEqual({ nodeId: 'q/select', port: 'kept' });
    expect(view.watched({ nodeId: id('s'), port: 'out' })).toEqual({ nodeId: 's', port: 'out' });
  });
});
