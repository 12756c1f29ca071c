/**
 * What a node gave in a session, as a file that later sessions start from: JSON lines, a head and then what left, in order. Each subtask
 * gives again what it gave: the node runs with as many as it was recorded with.
 */
import { BatchBuilder, CHANGE_SIGNS, type Batch, type ChangeKind } from '../core/batch.ts';
import { StreamError } from '../core/errors.ts';
import type { FileIo } from '../core/file-io.ts';
import { say } from '../core/say.ts';
import { printDataType, type Value } from '../core/types.ts';
import { decodeUtf8, encodeUtf8 } from '../core/utf8.ts';
import type { PhysicalOperator } from '../compiler/physical-plan.ts';
import { formatValue, valueOfJson } from '../formats/index.ts';
import type { RecordedFrom, SourceCall, SourceEffect } from './source-recording.ts';

const FORMAT = 'millrace/recording';
const VERSION = 2;

interface Head {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  readonly nodeId: string;
  readonly subtasks: number;
  /** Fields by port, `name TYPE`: rows of others cannot be given. */
  readonly ports: Readonly<Record<string, readonly string[]>>;
}

type Line = { readonly subtask: number } & (
  | {
      readonly port: string;
      readonly values: readonly unknown[];
      /** ms since the epoch; null: the row has none. */
      readonly at: number | null;
      readonly change: string;
    }
  | { readonly watermark: number }
);

/** Writes what a node gave. Throws MR2102 when it cannot, and when another file is in the way. */
export class RecordingWriter {
  readonly #files: FileIo;
  readonly #path: string;
  readonly #lines: string[] = [];
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
    const { nodeId } = operator;
    this.#add({ format: FORMAT, version: VERSION, nodeId, subtasks, ports: portsOf(operator) } satisfies Head);
  }

  addRows(subtask: number, port: string, batch: Batch): void {
    for (let i = 0; i < batch.length; i++) {
      const time = batch.eventTimes?.[i] ?? NaN;
      this.#add({
        subtask,
        port,
        values: batch.schema.fields.map(({ type }, field) => formatValue(type, batch.columns[field]!, i)),
        at: Number.isNaN(time) ? null : time,
        change: CHANGE_SIGNS[batch.kind(i)]!,
      });
      this.rows++;
    }
  }

  addWatermark(subtask: number, watermark: number): void {
    // The last one comes of the end itself.
    if (Number.isSafeInteger(watermark)) this.#add({ subtask, watermark });
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

/** How many subtasks were recorded. Throws MR2101 when the file cannot be read, or is no recording. */
export function recordedSubtasks(files: FileIo, path: string): number {
  return readHead(textOf(files, path), path).subtasks;
}

/** Gives what a subtask gave again, as fast as it is asked for. */
export class RecordingReader implements RecordedFrom {
  readonly #operator: PhysicalOperator;
  readonly #path: string;
  readonly #subtask: number;
  readonly #lines: readonly string[];
  #next = 1;

  /** Throws MR2101 when it cannot be read, is none, or holds rows of other fields than the node has. */
  constructor(files: FileIo, path: string, operator: PhysicalOperator, subtask: number) {
    const text = textOf(files, path);
    const head = readHead(text, path);
    if (JSON.stringify(head.ports) !== JSON.stringify(portsOf(operator))) {
      throw unreadable(
        say`The recording "${path}" holds rows of other fields than "${operator.nodeId}" has: ${JSON.stringify(head.ports)}.`,
      );
    }
    this.#operator = operator;
    this.#path = path;
    this.#subtask = subtask;
    this.#lines = text.split('\n');
  }

  poll(): SourceCall {
    for (let text = this.#lines[this.#next++]; text !== undefined && text !== ''; text = this.#lines[this.#next++]) {
      const line = JSON.parse(text) as Line;
      if (line.subtask === this.#subtask) return { effects: [this.#effectOf(line)], status: 'ready' };
    }
    return { effects: [], status: 'ended' };
  }

  fireTimer(): SourceCall {
    return { effects: [], status: null };
  }

  #effectOf(line: Line): SourceEffect {
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

function readHead(text: string, path: string): Head {
  const head = headOf(text);
  if (head === null) throw unreadable(say`"${path}" is no recording of a debug session.`);
  return head;
}

function unreadable(message: string): StreamError {
  return new StreamError('MR2101', message, {
    domain: 'user',
    remedy: say`Record the node again, or start without the recording.`,
  });
}
