/**
 * What was under way in a channel at a checkpoint whose barriers overtake, and its form in a task's file. Batches stay encoded until
 * the plan that is restored says what schema they must have.
 */
import { StreamError } from '../../core/errors.ts';
import { nodeId, type NodeId } from '../../core/ids.ts';
import { say } from '../../core/say.ts';
import type { Schema } from '../../core/schema.ts';
import { printDataType } from '../../core/types.ts';
import { decodeUtf8, encodeUtf8 } from '../../core/utf8.ts';
import { encodeBatch } from '../../core/wire-batch.ts';
import type { RecordedChannel } from './channel-recording.ts';

/** Which channel: of which link, between which subtasks. */
export interface ChannelId {
  readonly from: NodeId;
  readonly fromPort: string;
  readonly to: NodeId;
  readonly toPort: string;
  /** Subtask of `from`. */
  readonly sender: number;
  /** Subtask of `to`. */
  readonly receiver: number;
  /** Subtasks of `from`, of `to`. */
  readonly senders: number;
  readonly receivers: number;
  /** Of its rows. */
  readonly schema: Schema;
}

export interface ChannelSnapshot extends Omit<ChannelId, 'schema'> {
  /** Printed: rows of another one cannot be restored. */
  readonly schema: string;
  /** What the receiver had taken from it. */
  readonly watermark: number;
  readonly isIdle: boolean;
  /** Behind that, in order. */
  readonly elements: readonly SavedElement[];
}

export type SavedElement =
  | { readonly type: 'batch'; readonly buffer: ArrayBuffer }
  | { readonly type: 'watermark'; readonly watermark: number }
  | { readonly type: 'status'; readonly isIdle: boolean };

export function snapshotChannel({ id, watermark, isIdle, elements }: RecordedChannel): ChannelSnapshot {
  return {
    ...id,
    schema: printSchema(id.schema),
    watermark,
    isIdle,
    elements: elements.flatMap((element): SavedElement[] => {
      if (element.type === 'batch') return [{ type: 'batch', buffer: encodeBatch(element.batch) }];
      return element.type === 'watermark' || element.type === 'status' ? [element] : [];
    }),
  };
}

/** Names and types of the fields: what decoding a batch goes by. */
export function printSchema({ fields }: Schema): string {
  return fields.map(({ name, type }) => `${name} ${printDataType(type)}`).join(', ');
}

/** In the file: an element is the length of a batch, a watermark as text (JSON has no infinities), or whether idle. */
type FileElement = number | string | boolean;

type FileChannel = Omit<ChannelSnapshot, 'watermark' | 'elements'> & {
  readonly watermark: string;
  readonly elements: readonly FileElement[];
};

/** Little endian: length of the header, the header (JSON: a `FileChannel` each), then the batches of all of them, one behind the other. */
export function encodeChannels(channels: readonly ChannelSnapshot[]): Uint8Array {
  if (channels.length === 0) return new Uint8Array(0);
  const buffers: ArrayBuffer[] = [];
  const header = channels.map((channel): FileChannel => ({
    ...channel,
    watermark: String(channel.watermark),
    elements: channel.elements.map((element) => {
      if (element.type === 'watermark') return String(element.watermark);
      if (element.type === 'status') return element.isIdle;
      buffers.push(element.buffer);
      return element.buffer.byteLength;
    }),
  }));
  const json = encodeUtf8(JSON.stringify(header));
  const bytes = new Uint8Array(4 + json.length + buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0));
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, 4);
  let at = 4 + json.length;
  for (const buffer of buffers) {
    bytes.set(new Uint8Array(buffer), at);
    at += buffer.byteLength;
  }
  return bytes;
}

/** Throws StreamError MR2202 when the bytes are not what `encodeChannels` gave. */
export function decodeChannels(bytes: Uint8Array): readonly ChannelSnapshot[] {
  if (bytes.length === 0) return [];
  try {
    const jsonLength = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
    const header = JSON.parse(decodeUtf8(bytes.subarray(4, 4 + jsonLength))) as readonly FileChannel[];
    let at = 4 + jsonLength;
    const take = (length: number): ArrayBuffer => {
      const part = new Uint8Array(bytes.subarray(at, at + length));
      if (part.length !== length) throw new RangeError(say`cut off`);
      at += length;
      // Copied: batches are read on 8-byte boundaries.
      return part.buffer;
    };
    return header.map((channel) => ({
      ...channel,
      from: nodeId(channel.from),
      to: nodeId(channel.to),
      watermark: Number(channel.watermark),
      elements: channel.elements.map((element): SavedElement => {
        if (typeof element === 'string') return { type: 'watermark', watermark: Number(element) };
        if (typeof element === 'boolean') return { type: 'status', isIdle: element };
        return { type: 'batch', buffer: take(element) };
      }),
    }));
  } catch (cause) {
    if (!(cause instanceof RangeError || cause instanceof SyntaxError)) throw cause;
    throw new StreamError('MR2202', say`Rows under way in a state file of the checkpoint are damaged.`, {
      retryable: false,
      cause,
    });
  }
}
