/**
 * The sending end of a link between chains: deals rows out over channels into batches of their own. A batch without credit waits in
 * `pending`; the task takes no further input until it is gone, so at most what one input element makes waits there.
 */
import type { Batch } from '../core/batch.ts';
import { BatchBuilder } from '../core/batch.ts';
import { hashRows, keyGroupOf, subtaskOfKeyGroup, KEY_GROUPS } from '../core/hash.ts';
import type { Schema } from '../core/schema.ts';
import type { Exchange } from '../compiler/physical-plan.ts';
import type { ChannelSender } from './channel.ts';
import type { StreamElement } from './stream-element.ts';

export interface WriterOptions {
  readonly schema: Schema;
  readonly exchange: Exchange;
  /** Field indexes of the hash key. */
  readonly keys: readonly number[];
  readonly batchRows: number;
}

/** What a writer takes from its task. */
export interface WriterContext {
  /** ms since the epoch. */
  now(): number;
  readonly metrics: Float64Array;
  /** Slot for the share of credits in use. */
  readonly usageAt: number;
}

export class OutputWriter {
  readonly #channels: readonly ChannelSender[];
  readonly #builders: readonly BatchBuilder[];
  readonly #pending: StreamElement[][];
  readonly #options: WriterOptions;
  readonly #context: WriterContext;
  #pendingBatches = 0;
  /** When the oldest row in a builder came; Infinity when they are empty. */
  #oldestAt = Infinity;
  #nextChannel = 0;
  #hashes = new Int32Array(0);
  #selections: Int32Array[];
  readonly #counts: Int32Array;
  readonly #channelOfKeyGroup: Uint8Array;

  constructor(channels: readonly ChannelSender[], options: WriterOptions, context: WriterContext) {
    this.#channels = channels;
    this.#options = options;
    this.#context = context;
    this.#builders = channels.map(() => new BatchBuilder(options.schema, Math.min(options.batchRows, 2048)));
    this.#pending = channels.map(() => []);
    this.#selections = channels.map(() => new Int32Array(0));
    this.#counts = new Int32Array(channels.length);
    this.#channelOfKeyGroup = Uint8Array.from({ length: KEY_GROUPS }, (_, group) =>
      subtaskOfKeyGroup(group, channels.length),
    );
  }

  /** False while a batch waits for credit. */
  get isReady(): boolean {
    return this.#pendingBatches === 0;
  }

  /** Sends what waits for credit, as far as there is credit now; whether any went. */
  drain(): boolean {
    if (this.#pendingBatches === 0) return false;
    let hasSent = false;
    for (let c = 0; c < this.#channels.length; c++) if (this.#drain(c)) hasSent = true;
    return hasSent;
  }

  /** Writes down how full the fullest channel is, 0 to 1. */
  measureUsage(): void {
    let fullest = 0;
    for (const channel of this.#channels) fullest = Math.max(fullest, channel.usage);
    this.#context.metrics[this.#context.usageAt] = fullest;
  }

  write(batch: Batch): void {
    if (batch.length === 0) return;
    if (this.#oldestAt === Infinity) this.#oldestAt = this.#context.now();
    switch (this.#options.exchange) {
      case 'hash':
        this.#writeByKey(batch);
        break;
      case 'broadcast':
        for (let c = 0; c < this.#channels.length; c++) this.#append(c, batch);
        break;
      case 'rebalance':
        this.#append(this.#nextChannel, batch);
        this.#nextChannel = (this.#nextChannel + 1) % this.#channels.length;
        break;
      default:
        this.#append(0, batch);
    }
  }

  /** Sends a mark to every channel, behind all rows written so far. */
  mark(element: Exclude<StreamElement, { type: 'batch' }>): void {
    this.flush();
    for (let c = 0; c < this.#channels.length; c++) this.#enqueue(c, element);
  }

  /** Sends what waits in builders on its way; whether there was any. */
  flush(): boolean {
    if (this.#oldestAt === Infinity) return false;
    this.#oldestAt = Infinity;
    let flushed = false;
    for (let c = 0; c < this.#channels.length; c++) if (this.#flushChannel(c)) flushed = true;
    return flushed;
  }

  /** As `flush`, when the oldest row came before `time` (ms). */
  flushOlderThan(time: number): void {
    if (this.#oldestAt < time) this.flush();
  }

  #append(channel: number, batch: Batch): void {
    const builder = this.#builders[channel]!;
    const { batchRows } = this.#options;
    // A full batch needs no copy into a builder: it goes as it is.
    if (builder.length === 0 && batch.length <= batchRows && batch.length * 2 > batchRows) {
      this.#enqueue(channel, { type: 'batch', batch });
      return;
    }
    for (let start = 0; start < batch.length;) {
      const end = Math.min(batch.length, start + batchRows - builder.length);
      builder.appendRange(batch, start, end);
      if (builder.length >= batchRows) this.#flushChannel(channel);
      start = end;
    }
  }

  #writeByKey(batch: Batch): void {
    const channels = this.#channels.length;
    if (channels === 1) {
      this.#append(0, batch);
      return;
    }
    const count = batch.length;
    if (this.#hashes.length < count) {
      this.#hashes = new Int32Array(count);
      this.#selections = this.#selections.map(() => new Int32Array(count));
    }
    const hashes = this.#hashes;
    hashRows(
      this.#options.keys.map((key) => batch.columns[key]!),
      count,
      hashes,
    );
    const counts = this.#counts.fill(0);
    const selections = this.#selections;
    const channelOf = this.#channelOfKeyGroup;
    for (let row = 0; row < count; row++) {
      const channel = channelOf[keyGroupOf(hashes[row]!)]!;
      selections[channel]![counts[channel]!++] = row;
    }
    const { batchRows } = this.#options;
    for (let channel = 0; channel < channels; channel++) {
      const builder = this.#builders[channel]!;
      builder.appendRows(batch, selections[channel]!, counts[channel]!);
      if (builder.length >= batchRows) this.#flushChannel(channel);
    }
  }

  #flushChannel(channel: number): boolean {
    const builder = this.#builders[channel]!;
    if (builder.length === 0) return false;
    this.#enqueue(channel, { type: 'batch', batch: builder.finish() });
    return true;
  }

  #enqueue(channel: number, element: StreamElement): void {
    const pending = this.#pending[channel]!;
    if (element.type === 'batch') this.#pendingBatches++;
    pending.push(element);
    this.#drain(channel);
  }

  #drain(channel: number): boolean {
    const pending = this.#pending[channel]!;
    const sender = this.#channels[channel]!;
    let sent = 0;
    while (sent < pending.length) {
      const element = pending[sent]!;
      if (element.type === 'batch') {
        if (!sender.hasCredit) break;
        this.#pendingBatches--;
      }
      sender.send(element);
      sent++;
    }
    if (sent > 0) pending.splice(0, sent);
    return sent > 0;
  }
}
