/**
 * The file a task writes at a checkpoint: the state of each of its operators, and what was under way in its input channels. Layout,
 * little endian: magic, number of operators, per operator [length of node id, node id in UTF-8, length of state, state as
 * `encodeStateSnapshot` gives it], then [length of channels, channels as `encodeChannels` gives them].
 */
import { StreamError } from '../../core/errors.ts';
import { nodeId, type NodeId } from '../../core/ids.ts';
import { say } from '../../core/say.ts';
import { decodeUtf8, encodeUtf8 } from '../../core/utf8.ts';
import { decodeChannels, encodeChannels, type ChannelSnapshot } from '../network/channel-state.ts';
import { decodeStateSnapshot, encodeStateSnapshot, type StateSnapshot } from '../state/index.ts';

/** "MRS2": the last digit is the version. */
const MAGIC = 0x3253524d;

export interface TaskState {
  readonly operators: ReadonlyMap<NodeId, StateSnapshot>;
  readonly channels: readonly ChannelSnapshot[];
}

export function encodeTaskState(
  operators: ReadonlyMap<NodeId, StateSnapshot>,
  channels: readonly ChannelSnapshot[] = [],
): Uint8Array {
  const parts: Uint8Array[] = [word(MAGIC), word(operators.size)];
  const add = (part: Uint8Array): number => parts.push(word(part.length), part);
  for (const [id, snapshot] of operators) {
    add(encodeUtf8(id));
    add(encodeStateSnapshot(snapshot));
  }
  add(encodeChannels(channels));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Throws StreamError MR2202 when the bytes are not such a file. */
export function decodeTaskState(bytes: Uint8Array): TaskState {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const operators = new Map<NodeId, StateSnapshot>();
  try {
    if (view.getUint32(0, true) !== MAGIC) throw new RangeError(say`bad magic`);
    let at = 8;
    const take = (): Uint8Array => {
      const length = view.getUint32(at, true);
      const part = bytes.subarray(at + 4, at + 4 + length);
      if (part.length !== length) throw new RangeError(say`cut off`);
      at += 4 + length;
      return part;
    };
    for (let left = view.getUint32(4, true); left > 0; left--) {
      const id = nodeId(decodeUtf8(take()));
      operators.set(id, decodeStateSnapshot(take()));
    }
    return { operators, channels: decodeChannels(take()) };
  } catch (cause) {
    if (cause instanceof RangeError) {
      throw new StreamError('MR2202', say`A state file of the checkpoint is damaged.`, { retryable: false, cause });
    }
    throw cause;
  }
}

function word(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}
