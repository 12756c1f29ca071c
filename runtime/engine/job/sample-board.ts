/** Latest rows of each port that is watched or was kept, gathered over its subtasks, as a screen shows them. */
import { CHANGE_SIGNS } from '../../core/batch.ts';
import type { NodeId } from '../../core/ids.ts';
import { decodeBatch } from '../../core/wire-batch.ts';
import type { Schema } from '../../core/schema.ts';
import type { PhysicalPlan } from '../../compiler/physical-plan.ts';
import { formatValue } from '../../formats/index.ts';
import type { RowSample, SampledRow } from '../../protocol/job.ts';
import { SAMPLE_ROWS } from '../task/row-tap.ts';
import type { EncodedSample } from '../worker/worker-protocol.ts';

interface SubtaskSample {
  readonly rows: readonly SampledRow[];
  readonly seen: number;
}

export class SampleBoard {
  readonly #plan: PhysicalPlan;
  readonly #ports = new Map<string, Map<number, SubtaskSample>>();

  constructor(plan: PhysicalPlan) {
    this.#plan = plan;
  }

  /** Takes the newest rows of one subtask; returns those of the whole port. */
  update(sample: EncodedSample): RowSample {
    const { nodeId, port, subtask, seen, seenAt, isWhole } = sample;
    const schema = this.#schemaOf(nodeId, port);
    const batch = decodeBatch(schema, sample.rows);
    const rows = Array.from({ length: batch.length }, (_, row): SampledRow => {
      const eventTime = batch.eventTimes?.[row] ?? NaN;
      return {
        values: batch.columns.map((column, c) => formatValue(schema.fields[c]!.type, column, row)),
        eventTime: Number.isNaN(eventTime) ? null : eventTime,
        changeKind: CHANGE_SIGNS[batch.kind(row)],
        seenAt: Math.floor(seenAt[row]!),
        subtask,
      };
    });
    const key = `${nodeId}\n${port}`;
    let subtasks = this.#ports.get(key);
    if (subtasks === undefined) this.#ports.set(key, (subtasks = new Map()));
    // A tap gives what came since its last report: few rows of a slow stream.
    const before = subtasks.get(subtask)?.rows ?? [];
    subtasks.set(subtask, { rows: isWhole ? rows : [...before, ...rows].slice(-SAMPLE_ROWS), seen });
    const all = [...subtasks.values()];
    const allRows = all.flatMap((s) => s.rows);
    return {
      nodeId,
      port,
      fields: schema.fields.map((f) => f.name),
      // What is whole is in an order of its own.
      rows: isWhole ? allRows : allRows.sort((a, b) => a.seenAt - b.seenAt),
      seen: all.reduce((sum, s) => sum + s.seen, 0),
    };
  }

  #schemaOf(nodeId: NodeId, port: string): Schema {
    const operator = this.#plan.operators.find((o) => o.nodeId === nodeId)!;
    return (operator.outputs[port] ?? operator.inputs[0]!.shape).schema;
  }
}
