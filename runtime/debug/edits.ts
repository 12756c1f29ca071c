/** Changes by hand, checked against the run as it stands. */
import { BatchBuilder, CHANGE_SIGNS, type Batch, type ChangeKind } from '../core/batch.ts';
import { hashRows, keyGroupOf, subtaskOfKeyGroup } from '../core/hash.ts';
import { say } from '../core/say.ts';
import type { Schema } from '../core/schema.ts';
import { printDataType, type Value } from '../core/types.ts';
import { valueOfJson } from '../formats/index.ts';
import type { QueuePlace, RowEdit } from '../protocol/debug.ts';
import type { DebugRun } from './debug-run.ts';
import type { ChannelPlace, Decision } from './decisions.ts';

/** A row in a queue becomes another, or (null) goes. Throws when none is there, or a value does not fit. */
export function editAt({ present, debug }: DebugRun, place: QueuePlace, edit: RowEdit | null): Decision {
  const channel = { link: place.link, from: place.fromSubtask, to: place.toSubtask };
  const element = present.channel(channel)?.elements[place.index];
  if (element?.type !== 'batch') {
    const { from, to } = debug.plan.links[place.link] ?? { from: '?', to: '?' };
    throw new Error(say`No row waits at place ${place.index} between "${from}" and "${to}": only rows can be changed.`);
  }
  if (edit === null) return { type: 'drop', channel, index: place.index };
  return { type: 'edit', channel, index: place.index, row: rowOf(element.batch.schema, edit, element.batch) };
}

/** A new row in front of all that waits; to the subtask that its key belongs to, to all where rows go to all, else to the first. */
export function injectInto({ debug: { plan } }: DebugRun, index: number, edit: RowEdit): Decision {
  const link = plan.links[index];
  if (link === undefined) throw new Error(say`There is no edge ${index}.`);
  const shape = plan.operators.find(({ nodeId }) => nodeId === link.from)!.outputs[link.fromPort]!;
  if (shape.eventTime && (edit.eventTime ?? null) === null)
    throw new Error(say`Rows of this edge have an event time: give one.`);
  const row = rowOf(shape.schema, edit, null);
  const receivers = plan.chains.find(({ id }) => id === link.to)!.parallelism;
  const channel: ChannelPlace = { link: index, from: 0, to: 0 };
  if (link.exchange === 'broadcast') {
    const channels = Array.from({ length: receivers }, (_, to) => ({ ...channel, to }));
    return { type: 'inject', channels, row };
  }
  if (link.exchange !== 'hash') return { type: 'inject', channels: [channel], row };
  const hashes = new Int32Array(1);
  hashRows(
    link.keys.map((key) => row.columns[key]!),
    1,
    hashes,
  );
  const to = subtaskOfKeyGroup(keyGroupOf(hashes[0]!), receivers);
  return { type: 'inject', channels: [{ ...channel, to }], row };
}

/** `like`: what is not given is as there. */
function rowOf(schema: Schema, edit: RowEdit, like: Batch | null): Batch {
  const { fields } = schema;
  if (edit.values.length !== fields.length) {
    throw new Error(
      say`The row has ${fields.length} fields (${fields.map(({ name }) => name).join(', ')}), not ${edit.values.length}.`,
    );
  }
  const values = fields.map(({ name, type }, i): Value => {
    const value = valueOfJson(type, edit.values[i] ?? null);
    if (value === undefined)
      throw new Error(say`${JSON.stringify(edit.values[i])} is no ${printDataType(type)}, as "${name}" is.`);
    return value;
  });
  const eventTime = edit.eventTime === undefined ? (like?.eventTimes?.[0] ?? NaN) : (edit.eventTime ?? NaN);
  const kind = edit.changeKind === undefined ? (like?.kind(0) ?? 0) : CHANGE_SIGNS.indexOf(edit.changeKind);
  const builder = new BatchBuilder(schema, 1);
  builder.appendRow(values, eventTime, kind as ChangeKind);
  return builder.finish();
}
