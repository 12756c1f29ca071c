/**
 * The file a task writes at a checkpoint: the state of each of its operators. Layout, little endian: magic, then per
 * operator [length of node id, node id in UTF-8, length of state, state as `encodeStateSnapshot` gives it].
 */
import { StreamError } from '../../core/errors.ts';
import { nodeId, type NodeId } from '../../core/ids.ts';
import { decodeUtf8, encodeUtf8 } from '../../core/utf8.ts';
import { decodeStateSnapshot, encodeStateSnapshot, type StateSnapshot } from '../state/index.ts';

const MAGIC = 0x3153524d; // "MRS1"

export function encodeTaskState(operators: ReadonlyMap<NodeId, StateSnapshot>): Uint8Array {
  const parts: Uint8Array[] = [word(MAGIC)];
  for (const [id, snapshot] of operators) {
    const name = encodeUtf8(id);
    const state = encodeStateSnapshot(snapshot);
    parts.push(word(name.length), name, word(state.length), state);
  }
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Throws StreamError MR2202 when the bytes are not such a file. */
export function decodeTaskState(bytes: Uint8Array): ReadonlyMap<NodeId, StateSnapshot> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const operators = new Map<NodeId, StateSnapshot>();
  try {
    if (view.getUint32(0, true) !== MAGIC) throw new RangeError('bad magic');
    let at = 4;
    const take = (): Uint8Array => {
      const length = view.getUint32(at, true);
      const part = bytes.subarray(at + 4, at + 4 + length);
      if (part.length !== length) throw new RangeError('cut off');
      at += 4 + length;
      return part;
    };
    while (at < bytes.length) {
      const id = nodeId(decodeUtf8(take()));
      operators.set(id, decodeStateSnapshot(take()));
    }
  } catch (cause) {
    if (cause instanceof RangeError) {
      throw new StreamError('MR2202', 'A state file of the checkpoint is damaged.', { retryable: false, cause });
    }
    throw cause;
  }
  return operators;
}

function word(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}
