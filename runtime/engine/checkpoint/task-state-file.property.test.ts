import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StreamError } from '../../core/errors.ts';
import { nodeId, type NodeId } from '../../core/ids.ts';
import { encodeBatch } from '../../core/wire-batch.ts';
import { batchOf } from '../../core/batch.ts';
import { anyRow, anySchema } from '../../testing/arbitraries.ts';
import { propertyRuns } from '../../testing/property-runs.ts';
import { printSchema, type ChannelSnapshot, type SavedElement } from '../network/channel-state.ts';
import type { StateSnapshot } from '../state/index.ts';
import { decodeTaskState, encodeTaskState } from './task-state-file.ts';

const anyNodeId = fc.constantFrom('a', 'window 1', 'Größe').map(nodeId);
const anyWatermark = fc.constantFrom(-Infinity, Infinity, 0, 1_767_225_600_000.5, -3);

const anyChannel: fc.Arbitrary<ChannelSnapshot> = anySchema(3).chain((schema) => {
  const anyElement: fc.Arbitrary<SavedElement> = fc.oneof(
    fc
      .array(anyRow(schema), { minLength: 1, maxLength: 5 })
      .map((rows) => ({ type: 'batch' as const, buffer: encodeBatch(batchOf(schema, rows)) })),
    anyWatermark.map((watermark) => ({ type: 'watermark' as const, watermark })),
    fc.boolean().map((isIdle) => ({ type: 'status' as const, isIdle })),
  );
  return fc.record({
    from: anyNodeId,
    fromPort: fc.constantFrom('out', 'late'),
    to: anyNodeId,
    toPort: fc.constant('in'),
    sender: fc.nat(7),
    receiver: fc.nat(7),
    senders: fc.constant(8),
    receivers: fc.constant(8),
    schema: fc.constant(printSchema(schema)),
    watermark: anyWatermark,
    isIdle: fc.boolean(),
    elements: fc.array(anyElement, { maxLength: 6 }),
  });
});

const anyState: fc.Arbitrary<StateSnapshot> = fc.record({
  subtask: fc.nat(9),
  lists: fc.array(
    fc.record({
      name: fc.string(),
      redistribution: fc.constantFrom('split' as const, 'union' as const),
      values: fc.array(fc.oneof(fc.integer(), fc.string())),
    }),
    { maxLength: 2 },
  ),
  tables: fc.constant([]),
});

const anyOperators: fc.Arbitrary<ReadonlyMap<NodeId, StateSnapshot>> = fc
  .array(fc.tuple(anyNodeId, anyState), { maxLength: 3 })
  .map((entries) => new Map(entries));

describe("a task's file", () => {
  it('gives back the state and what was under way', () => {
    fc.assert(
      fc.property(anyOperators, fc.array(anyChannel, { maxLength: 3 }), (operators, channels) => {
        const decoded = decodeTaskState(encodeTaskState(operators, channels));
        expect(decoded.operators).toEqual(operators);
        expect(decoded.channels).toEqual(channels);
      }),
      propertyRuns(100),
    );
  });

  it('says that it is damaged when it is cut off anywhere', () => {
    fc.assert(
      fc.property(
        anyOperators,
        fc.array(anyChannel, { minLength: 1, maxLength: 2 }),
        fc.nat(),
        (operators, channels, at) => {
          const bytes = encodeTaskState(operators, channels);
          expect(() => decodeTaskState(bytes.subarray(0, at % bytes.length))).toThrow(StreamError);
        },
      ),
      propertyRuns(100),
    );
  });
});
