/**
 * What a node gave in a session, as a file that later sessions start from: JSON lines, a head and then what left, in order. It stands for
 * one subtask: what several gave is merged as an exchange merges it, so that event time is that of the slowest.
 */
import { BatchBuilder, CHANGE_SIGNS, type Batch, type ChangeKind } from '../core/batch.ts';
import { StreamError } from '../core/errors.ts';
import type { FileIo } from '../core/file-io.ts';
import { say } from '../core/say.ts';
import { MIN_WATERMARK } from '../core/time.ts';
import { printDataType, type Value } from '../core/types.ts';
import { decodeUtf8, encodeUtf8 } from '../core/utf8.ts';
import type { PhysicalOperator } from '../compiler/physical-plan.ts';
import { formatValue, valueOfJson } from '../formats/index.ts';
import type { RecordedFrom, SourceCall, SourceEffect } from './source-recording.ts';

const FORMAT = 'millrace/recording';
const VERSION = 1;

interface Head {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  readonly nodeId: string;
  /** Fields by port, `name TYPE`: rows of others cannot be given. */
  readonly ports: Readonly<Record<string, readonly string[]>>;
}

type Line =
  | {
      readonly port: string;
      readonly values: readonly unknown[];
      /** ms since the epoch; null: the row has none. */
      readonly at: number | null;
      readonly change: string;
    }
  | { readonly watermark: number };

/** Writes what a node gave. Throws MR2102 when it cannot, and when another file is in the way. */
export class RecordingWriter {
  readonly #files: FileIo;
  readonly #path: string;
  readonly #lines: string[] = [];
  readonly #watermarks: number[];
  #watermark = MIN_WATERMARK;
  rows = 0;

  constructor(files: FileIo, path: string, operator: PhysicalOperator, subtasks: number) {
    if (files.exists(path) && headOf(textOf(files, path)) === null) {
      throw new StreamError('MR2102', say`"${path}" is there already, and is no recording.`, {
        domain: 'user',
        remedy: say`Choose another name.`,
      });
    }
    this.#files = files;
    this.#path = path;
    this.#watermarks = new Array<number>(subtasks).fill(MIN_WATERMARK);
    this.#add({ format: FORMAT, version: VERSION, nodeId: operator.nodeId, ports: portsOf(operator) } satisfies Head);
  }

  addRows(port: string, batch: Batch): void {
    for (let i = 0; i < batch.length; i++) {
      const time = batch.eventTimes?.[i] ?? NaN;
      this.#add({
        port,
        values: batch.schema.fields.map(({ type }, field) => formatValue(type, batch.columns[field]!, i)),
        at: Number.isNaN(time) ? null : time,
        change: CHANGE_SIGNS[batch.kind(i)]!,
      });
      this.rows++;
    }
  }

  addWatermark(subtask: number, watermark: number): void {
    this.#watermarks[subtask] = watermark;
    const slowest = Math.min(...this.#watermarks);
    if (slowest <= this.#watermark || !Number.isSafeInteger(slowest)) return;
    this.#watermark = slowest;
    this.#add({ watermark: slowest });
  }

  /** In place of an earlier recording. */
  finish(): void {
    const partial = `${this.#path}.part`;
    this.#files.remove(partial);
    const writer = this.#files.openAppend(partial);
    writer.write(encodeUtf8(`${this.#lines.join('\n')}\n`));
    writer.sync();
    writer.close();
    this.#files.rename(partial, this.#path);
  }

  #add(line: Head | Line): void {
    this.#lines.push(JSON.stringify(line));
  }
}

/** Gives a recording again, as fast as it is asked for. */
export class RecordingReader implements RecordedFrom {
  readonly #operator: PhysicalOperator;
  readonly #path: string;
  readonly #lines: readonly string[];
  #next = 1;

  /** Throws MR2101 when it cannot be read, is none, or holds rows of other fields than the node has. */
  constructor(files: FileIo, path: string, operator: PhysicalOperator) {
    const text = textOf(files, path);
    const head = headOf(text);
    if (head === null) throw unreadable(say`"${path}" is no recording of a debug session.`);
    if (JSON.stringify(head.ports) !== JSON.stringify(portsOf(operator))) {
      throw unreadable(
        say`The recording "${path}" holds rows of other fields than "${operator.nodeId}" has: ${JSON.stringify(head.ports)}.`,
      );
    }
    this.#operator = operator;
    this.#path = path;
    this.#lines = text.split('\n');
  }

  poll(): SourceCall {
    const line = this.#lines[this.#next++];
    if (line === undefined || line === '') return { effects: [], status: 'ended' };
    return { effects: [this.#effectOf(line)], status: 'ready' };
  }

  fireTimer(): SourceCall {
    return { effects: [], status: null };
  }

  #effectOf(text: string): SourceEffect {
    const line = JSON.parse(text) as Line;
    if ('watermark' in line) return { type: 'watermark', watermark: line.watermark };
    const { schema } = this.#operator.outputs[line.port]!;
    const values = schema.fields.map(({ name, type }, i): Value => {
      const value = valueOfJson(type, line.values[i] ?? null);
      if (value !== undefined) return value;
      throw unreadable(say`Line ${this.#next} of "${this.#path}": "${name}" is no ${printDataType(type)}.`);
    });
    const builder = new BatchBuilder(schema, 1);
    builder.appendRow(values, line.at ?? NaN, CHANGE_SIGNS.indexOf(line.change as never) as ChangeKind);
    return { type: 'rows', port: line.port, batch: builder.finish() };
  }
}

/** Of subtasks beside the one that gives the recording. */
export const NOTHING_RECORDED: RecordedFrom = {
  poll: () => ({ effects: [], status: 'ended' }),
  fireTimer: () => ({ effects: [], status: null }),
};

function portsOf({ outputs }: PhysicalOperator): Head['ports'] {
  return Object.fromEntries(
    Object.entries(outputs).map(([port, { schema }]) => [
      port,
      schema.fields.map(({ name, type }) => `${name} ${printDataType(type)}`),
    ]),
  );
}

function textOf(files: FileIo, path: string): string {
  return decodeUtf8(files.readAll(path));
}

function headOf(text: string): Head | null {
  try {
    const head = JSON.parse(text.slice(0, text.indexOf('\n'))) as Partial<Head>;
    return head.format === FORMAT && head.version === VERSION ? (head as Head) : null;
  } catch {
    return null;
  }
}

function unreadable(message: string): StreamError {
  return new StreamError('MR2101', message, {
    domain: 'user',
    remedy: say`Record the node again, or start without the recording.`,
  });
}
