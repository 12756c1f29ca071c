/**
 * Reads files, each as one split, in order, by one subtask.
 *
 * Bounded: the files that are there at the start are dealt out by their place in the list of names; a subtask reads its own in
 * turn, a batch from each (of Parquet a row group, which it then has to hold only once), and its watermark waits for the one that is
 * furthest behind: so files do not make each other late.
 * Followed: a file belongs to the subtask that its name's hash says, so that new ones need no agreement; every 200 ms files are
 * looked at again for more bytes and the folder for more files.
 */
import { dirname, relative } from 'node:path';
import type { DeadLetters } from '../../core/dead-letters.ts';
import { assert, StreamError } from '../../core/errors.ts';
import { mix32, mixBytes } from '../../core/hash.ts';
import type {
  OperatorContext,
  OperatorFactory,
  OperatorPlan,
  Output,
  SourceOperator,
  SourceStatus,
} from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import type { Schema } from '../../core/schema.ts';
import type { ListState } from '../../core/state.ts';
import { encodeUtf8 } from '../../core/utf8.ts';
import { createEventTimes, type EventTimes, type SplitTime } from '../shared/event-time.ts';
import { Pacer } from '../shared/pacer.ts';
import { readText, RejectedRows, type KeptLetter } from '../shared/sources/rejected-rows.ts';
import type { RejectedRow } from '../../formats/index.ts';
import type { FileSplit, SplitState, StartState } from './file-split.ts';
import { ParquetSplit } from './parquet-split.ts';
import { PartitionColumns } from './partition-columns.ts';
import { REJECTED, type SourceFileConfig } from './spec.ts';
import { TextSplit } from './text-split.ts';

export const createSourceFile: OperatorFactory<SourceFileConfig> = (plan, context) =>
  new SourceFileOperator(plan, context);

const LOOK_AGAIN_MS = 200;

class SourceFileOperator implements SourceOperator {
  readonly #plan: OperatorPlan<SourceFileConfig>;
  readonly #context: OperatorContext;
  readonly #path: string;
  readonly #state: ListState<SplitState>;
  readonly #out: Output;
  readonly #rejected: RejectedRows;
  readonly #eventTimes: EventTimes | null;
  readonly #pacer: Pacer;
  readonly #schema: Schema;
  /** By what their paths say of partitions: files of one folder share it. */
  readonly #partitions = new Map<string, PartitionColumns>();
  /** Files of this subtask that have more rows, or may get more. */
  #splits: FileSplit[] = [];
  /** What state keeps of those that are read to their end. */
  #done: SplitState[] = [];
  /** Index of the split whose turn is next. */
  #turn = 0;
  /** The split that was read last. */
  #current: FileSplit | null = null;
  /** Splits that had nothing since files were last looked at. */
  readonly #silent = new Set<FileSplit>();
  #lookAgainAt = -Infinity;

  constructor(plan: OperatorPlan<SourceFileConfig>, context: OperatorContext) {
    const { config } = plan;
    const { schema } = plan.outputs.out!;
    this.#plan = plan;
    this.#context = context;
    this.#path = context.files.resolve(plan.baseFolder, config.path);
    this.#state = context.state.list<SplitState>('files', 'union');
    this.#out = context.output('out');
    this.#rejected = new RejectedRows(
      { onError: config.onError, schema: REJECTED, readAgain: (letter, text) => this.#readAgain(letter, text) },
      context,
    );
    this.#eventTimes =
      config.eventTime === null ? null : createEventTimes(config.eventTime, schema, context, this.#out);
    this.#pacer = new Pacer(config.rowsPerSecond, 1, context);
    this.#schema = schema;
  }

  get deadLetters(): DeadLetters {
    return this.#rejected.letters;
  }

  open(): void {
    this.#rejected.open();
    const restored = new Map(this.#state.get().map((entry) => [entry.path, entry]));
    // What a bounded source reads was settled when it began: files that came since are not part of it.
    const paths = restored.size > 0 && !this.#follows ? [...restored.keys()].sort() : this.#list();
    const known = new Set(paths);
    for (const path of restored.keys()) if (!known.has(path)) paths.push(path);
    paths.forEach((path, index) => {
      if (this.#isOurs(path, index)) this.#addSplit(restored.get(path) ?? { path, isDone: false });
    });
    this.#takeShare(paths.length);
    this.#eventTimes?.announce();
  }

  poll(): SourceStatus {
    if (this.#rejected.readMended()) return 'ready';
    const limit = this.#pacer.allow(this.#plan.batchRows);
    if (limit === 0) return 'waiting';
    if (this.#follows) this.#lookAgain();
    for (let tries = this.#splits.length; tries > 0; tries--) {
      const split = this.#nextSplit();
      if (this.#silent.has(split)) continue;
      const rows = split.read(this.#partitionOf(split.path).rows, limit);
      this.#pacer.took(rows);
      this.#rejected.take(this.#nameOf(split.path), split.takeRejected(), split.layout);
      this.#emit(split);
      if (split.isDone && rows < limit) this.#retire(split);
      else if (rows === 0) this.#fallSilent(split);
      if (rows > 0) return 'ready';
    }
    return this.#follows ? this.#wait() : this.#end();
  }

  processBatch(): void {
    assert(false, 'a source has no input');
  }

  onTimer(): void {
    this.#eventTimes?.onTimer();
  }

  snapshot(): void {
    this.#state.set([...this.#done, ...this.#splits.map((split) => split.state)]);
    this.#rejected.snapshot();
  }

  close(): void {
    this.#rejected.close();
  }

  get #follows(): boolean {
    return this.#plan.config.follow;
  }

  #list(): string[] {
    const found = [...this.#context.files.list(this.#path)];
    const mayCome = this.#follows && (isPattern(this.#path) || this.#context.files.exists(this.#path));
    if (found.length === 0 && !mayCome) {
      throw new StreamError('MR2101', say`there is no file ${this.#path}`, {
        domain: 'user',
        remedy: say`Check the path: relative ones start at the folder of the document. To wait for files to come, follow a folder or a pattern.`,
      });
    }
    return found;
  }

  #isOurs(path: string, index: number): boolean {
    const { subtask, parallelism } = this.#plan;
    if (!this.#follows) return index % parallelism === subtask;
    const bytes = encodeUtf8(path);
    return (mix32(mixBytes(0, bytes, 0, bytes.length)) >>> 0) % parallelism === subtask;
  }

  #addSplit(state: StartState): void {
    if (state.isDone) {
      this.#done.push(state as SplitState);
      return;
    }
    const time = this.#eventTimes?.addSplit(state.maxEventTime ?? undefined) ?? null;
    this.#splits.push(this.#openSplit(state, time));
  }

  #openSplit(state: StartState, time: SplitTime | null): FileSplit {
    const { format, header, delimiter } = this.#plan.config;
    const { files } = this.#context;
    const file = this.#nameOf(state.path);
    const { schema } = this.#partitionOf(state.path).rows;
    const required = this.#required;
    return format === 'parquet'
      ? new ParquetSplit(state, { schema, file, required, follows: this.#follows }, files, time)
      : new TextSplit(state, { format, header, delimiter, schema, file, required }, files, this.#follows, time);
  }

  /** Fields that must not be NULL, beside those whose schema says so. */
  get #required(): readonly string[] {
    const { eventTime } = this.#plan.config;
    return eventTime?.time === 'event' ? [eventTime.field] : [];
  }

  #partitionOf(path: string): PartitionColumns {
    const folder = dirname(path);
    let partition = this.#partitions.get(folder);
    if (partition === undefined) {
      partition = new PartitionColumns(this.#schema, this.#nameOf(path), this.#required, this.#plan.batchRows);
      this.#partitions.set(folder, partition);
    }
    return partition;
  }

  /** As the document would write it. */
  #nameOf(path: string): string {
    const name = relative(this.#plan.baseFolder, path);
    return name.startsWith('..') ? path : name;
  }

  #nextSplit(): FileSplit {
    if (this.#current?.keepsTurn === true) return this.#current;
    if (this.#turn >= this.#splits.length) this.#turn = 0;
    const next = this.#splits[this.#turn++]!;
    if (this.#current !== next) this.#current?.release();
    this.#current = next;
    return next;
  }

  #emit(split: FileSplit): void {
    const partition = this.#partitionOf(split.path);
    if (partition.rows.length === 0) return;
    const batch = partition.finish();
    if (this.#eventTimes === null) this.#out.emit(batch);
    else this.#eventTimes.emit(batch, split.time!);
  }

  #readAgain(letter: KeptLetter, text: string): readonly RejectedRow[] {
    const { format, delimiter } = this.#plan.config;
    const partition = this.#partitionOf(this.#context.files.resolve(this.#plan.baseFolder, letter.origin));
    const { schema } = partition.rows;
    const options = { format: format === 'csv' ? 'csv' : 'json', schema, delimiter, required: this.#required } as const;
    const rejected = readText(options, letter, text, partition.rows);
    const batch = partition.finish();
    if (this.#eventTimes === null) this.#out.emit(batch);
    else if (batch.length > 0) this.#eventTimes.emitAside(batch);
    return rejected;
  }

  /** The split is read to its end. */
  #retire(split: FileSplit): void {
    this.#done.push(split.state);
    this.#remove(split);
  }

  #remove(split: FileSplit): void {
    const index = this.#splits.indexOf(split);
    this.#splits.splice(index, 1);
    if (this.#current === split) this.#current = null;
    if (this.#turn > index) this.#turn--;
    this.#silent.delete(split);
    if (split.time !== null) this.#eventTimes!.removeSplit(split.time);
  }

  #fallSilent(split: FileSplit): void {
    this.#silent.add(split);
    if (split.time !== null) this.#eventTimes!.foundNothing(split.time);
  }

  #lookAgain(): void {
    const now = this.#context.clock.now();
    if (now < this.#lookAgainAt) return;
    this.#lookAgainAt = now + LOOK_AGAIN_MS;
    for (const split of this.#silent) this.#checkSilent(split);
    this.#silent.clear();
    const paths = this.#context.files.list(this.#path);
    this.#forgetRemoved(new Set(paths));
    const known = new Set([...this.#splits, ...this.#done].map((split) => split.path));
    for (const path of paths) if (!known.has(path) && this.#isOurs(path, 0)) this.#addSplit({ path, isDone: false });
    this.#takeShare(paths.length);
  }

  /** State would grow with every file that ever was. One that comes back under its name is new. */
  #forgetRemoved(there: ReadonlySet<string>): void {
    if (this.#done.some(({ path }) => !there.has(path))) this.#done = this.#done.filter(({ path }) => there.has(path));
    const folders = new Set(this.#splits.map(({ path }) => dirname(path)));
    for (const folder of this.#partitions.keys()) if (!folders.has(folder)) this.#partitions.delete(folder);
  }

  /** A subtask that has one file of three to read gives a third of the rate. */
  #takeShare(files: number): void {
    const ours = this.#splits.length + this.#done.length;
    if (ours > 0) this.#pacer.share = Math.min(1, ours / files);
  }

  /** Followed files get cut or removed by those who rotate logs. */
  #checkSilent(split: FileSplit): void {
    if (!this.#context.files.exists(split.path)) {
      this.#context.log('warn', `${this.#nameOf(split.path)} was removed`);
      this.#remove(split);
    } else if (split.startOverIfCut()) {
      this.#context.log('warn', `${this.#nameOf(split.path)} was written anew: reading from its start`);
    }
  }

  #wait(): SourceStatus {
    // Without a file this subtask has no say in how far event time has come.
    if (this.#eventTimes !== null && this.#splits.length === 0) this.#context.emitIdle();
    this.#context.setTimer(this.#lookAgainAt);
    return 'waiting';
  }

  #end(): SourceStatus {
    return this.#splits.length === 0 ? 'ended' : 'ready';
  }
}

function isPattern(path: string): boolean {
  return /[*?[{]/.test(path);
}
