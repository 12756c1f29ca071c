/**
 * The sending end of a link between chains: deals rows out over channels into batches of their own. A batch without credit waits in
 * `pending`; the task takes no further input until it is gone, so at most what one input element makes waits there. In front of a
 * barrier all of it goes on overdraft: then too the task takes no further input until every channel has credit again.
 *
 * A watermark does not cut the batch that it follows: it waits behind it for rows that it makes no difference to, those of a later
 * event time. Before any others come, batch and watermark go: so what is late does not depend on when batches go.
 */
import type { Batch } from '../../core/batch.ts';
import { BatchBuilder } from '../../core/batch.ts';
import { hashRows, keyGroupOf, subtaskOfKeyGroup, KEY_GROUPS } from '../../core/hash.ts';
import type { Schema } from '../../core/schema.ts';
import type { Exchange } from '../../compiler/physical-plan.ts';
import { BatchSizer } from './batch-sizer.ts';
import type { ChannelSender } from './channel.ts';
import type { Barrier, StreamElement } from './stream-element.ts';

export interface WriterOptions {
  readonly schema: Schema;
  readonly exchange: Exchange;
  /** Field indexes of the hash key. */
  readonly keys: readonly number[];
  readonly batchRows: number;
  /** Batches shrink under backpressure for it; 0 = they do not. */
  readonly latencyTargetMs: number;
  /** Rows do not wait for their batch to fill. */
  readonly sendsAtOnce: boolean;
  /** Of the sender: each begins with another channel where one is as good as the next. */
  readonly subtask: number;
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
  /** Marks that go right behind the rows in a channel's builder, whenever those go. */
  readonly #behind: StreamElement[][];
  /** Largest watermark that may be in `#behind`; -Infinity when there is none. */
  #watermarkBehind = -Infinity;
  readonly #sizers: readonly BatchSizer[];
  /** For the channels together: how many rows may be written at a time. */
  readonly #sizer: BatchSizer;
  readonly #options: WriterOptions;
  readonly #context: WriterContext;
  #pendingBatches = 0;
  /** More batches may be under way than there are credits. */
  #isOverdrawn = false;
  /** When the oldest row in a builder came; Infinity when they are empty. */
  #oldestAt = Infinity;
  #nextChannel = 0;
  #nextLatencyChannel: number;
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
    this.#behind = channels.map(() => []);
    this.#nextLatencyChannel = options.subtask % channels.length;
    const sizerOptions = { latencyTargetMs: options.latencyTargetMs, maxRows: options.batchRows };
    this.#sizers = channels.map(() => new BatchSizer(sizerOptions, context.now()));
    this.#sizer = new BatchSizer(sizerOptions, context.now());
    this.#selections = channels.map(() => new Int32Array(0));
    this.#counts = new Int32Array(channels.length);
    this.#channelOfKeyGroup = Uint8Array.from({ length: KEY_GROUPS }, (_, group) =>
      subtaskOfKeyGroup(group, channels.length),
    );
  }

  /** False while a batch waits for credit, or went without. */
  get isReady(): boolean {
    return this.#pendingBatches === 0 && !(this.#isOverdrawn && this.#lacksCredit());
  }

  /** Most rows that should be written at a time: fewer than a batch's under backpressure. */
  get rowsAtATime(): number {
    return this.#sizer.rows;
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
    if (this.#watermarkBehind > -Infinity && !isAfter(batch, this.#watermarkBehind)) this.flush();
    if (this.#oldestAt === Infinity) this.#oldestAt = this.#context.now();
    switch (this.#options.exchange) {
      case 'hash':
      case 'blocking':
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
    if (this.#options.sendsAtOnce) this.flush();
  }

  /** Sends a mark to every channel, behind all rows written so far. */
  mark(element: Exclude<StreamElement, { type: 'batch' | 'watermark' | 'latency' | 'barrier' }>): void {
    this.flush();
    for (let c = 0; c < this.#channels.length; c++) this.#enqueue(c, element);
  }

  /** As `mark`, but does not cut batches for it. Watermarks only grow. */
  markWatermark(watermark: number): void {
    for (let c = 0; c < this.#channels.length; c++) this.#follow(c, { type: 'watermark', watermark });
  }

  /** To one channel, another one each time, or there would be more with each exchange. Does not cut batches. */
  markLatency(at: number): void {
    this.#follow(this.#nextLatencyChannel, { type: 'latency', at });
    this.#nextLatencyChannel = (this.#nextLatencyChannel + 1) % this.#channels.length;
  }

  /** Sends all rows and marks written so far, with or without credit, and the barrier behind them. */
  barrier(barrier: Barrier): void {
    this.flush();
    for (let c = 0; c < this.#channels.length; c++) {
      const channel = this.#channels[c]!;
      for (const element of this.#pending[c]!.splice(0)) {
        if (element.type === 'batch') {
          channel.overdraw(element);
          this.#noteSent(c, element.batch.length);
        } else channel.send(element);
      }
      channel.send(barrier);
    }
    this.#pendingBatches = 0;
    this.#isOverdrawn = true;
  }

  /** Sends what waits in builders on its way; whether there was any. */
  flush(): boolean {
    if (this.#oldestAt === Infinity) return false;
    this.#oldestAt = Infinity;
    this.#watermarkBehind = -Infinity;
    let flushed = false;
    for (let c = 0; c < this.#channels.length; c++) if (this.#flushChannel(c)) flushed = true;
    return flushed;
  }

  /** As `flush`, when the oldest row came before `time` (ms). */
  flushOlderThan(time: number): void {
    if (this.#oldestAt < time) this.flush();
  }

  /** Whether a channel is still without credit after an overdraft. */
  #lacksCredit(): boolean {
    this.#isOverdrawn = this.#channels.some((channel) => !channel.hasCredit);
    return this.#isOverdrawn;
  }

  #append(channel: number, batch: Batch): void {
    const builder = this.#builders[channel]!;
    const batchRows = this.#sizers[channel]!.rows;
    // A full batch needs no copy into a builder: it goes as it is.
    if (builder.length === 0 && batch.length <= batchRows && batch.length * 2 > batchRows) {
      this.#enqueue(channel, { type: 'batch', batch });
      return;
    }
    for (let start = 0; start < batch.length;) {
      const end = Math.min(batch.length, start + Math.max(0, batchRows - builder.length));
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
    for (let channel = 0; channel < channels; channel++) {
      this.#appendRows(channel, batch, selections[channel]!, counts[channel]!);
    }
  }

  #appendRows(channel: number, batch: Batch, rows: Int32Array, count: number): void {
    const builder = this.#builders[channel]!;
    const batchRows = this.#sizers[channel]!.rows;
    for (let start = 0; start < count;) {
      const end = Math.min(count, start + Math.max(0, batchRows - builder.length));
      builder.appendRows(batch, start === 0 ? rows : rows.subarray(start), end - start);
      if (builder.length >= batchRows) this.#flushChannel(channel);
      start = end;
    }
  }

  /** Sends a mark right behind the rows written so far, with their batch. A watermark takes the place of a smaller one. */
  #follow(channel: number, element: StreamElement & { type: 'watermark' | 'latency' }): void {
    if (this.#builders[channel]!.length === 0) {
      this.#enqueue(channel, element);
      return;
    }
    const behind = this.#behind[channel]!;
    if (element.type === 'watermark') {
      const at = behind.findIndex((e) => e.type === 'watermark');
      if (at >= 0) behind.splice(at, 1);
      this.#watermarkBehind = element.watermark;
    }
    behind.push(element);
  }

  #flushChannel(channel: number): boolean {
    const builder = this.#builders[channel]!;
    if (builder.length === 0) return false;
    this.#enqueue(channel, { type: 'batch', batch: builder.finish() });
    const behind = this.#behind[channel]!;
    if (behind.length > 0) for (const element of behind.splice(0)) this.#enqueue(channel, element);
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
        if (!sender.hasCredit) {
          this.#sizers[channel]!.noteFull();
          this.#sizer.noteFull();
          break;
        }
        this.#pendingBatches--;
        this.#noteSent(channel, element.batch.length);
      }
      sender.send(element);
      sent++;
    }
    if (sent > 0) pending.splice(0, sent);
    return sent > 0;
  }

  #noteSent(channel: number, rows: number): void {
    if (this.#options.latencyTargetMs === 0) return;
    const now = this.#context.now();
    this.#sizers[channel]!.noteSent(rows, now);
    this.#sizer.noteSent(rows, now);
  }
}

/**
 * Whether a watermark could as well come behind these rows: all are of a later event time. By more than 1 ms, for a session that
 * has ended with the watermark would go on with a row that touches it.
 */
function isAfter({ eventTimes, length }: Batch, watermark: number): boolean {
  if (eventTimes === null) return false;
  for (let row = 0; row < length; row++) if (!(eventTimes[row]! > watermark + 1)) return false;
  return true;
}
