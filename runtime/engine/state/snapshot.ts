/** What a state backend hands to the checkpoint storage, and its form in a file. */
import { StreamError } from '../../core/errors.ts';
import { say } from '../../core/say.ts';
import type { Json, StateColumnType } from '../../core/state.ts';
import { decodeUtf8, encodeUtf8 } from '../../core/utf8.ts';
import { summariseNative, type NativeSnapshot } from './rocksdb/native-snapshot.ts';

/** State of one subtask: plain data that structured clone can carry. */
export interface StateSnapshot {
  /** The subtask that wrote it. */
  readonly subtask: number;
  readonly lists: readonly ListSnapshot[];
  readonly tables: readonly TableSnapshot[];
  /** Further tables, in a form that only their backend reads. */
  readonly native?: NativeSnapshot;
}

export interface ListSnapshot {
  readonly name: string;
  readonly redistribution: 'split' | 'union';
  readonly values: readonly Json[];
}

export interface TableSnapshot {
  readonly name: string;
  readonly layout: TableLayout;
  /** Those with entries, ascending. */
  readonly keyGroups: readonly KeyGroupSnapshot[];
}

/** The shape of a table's entries: a restore into another one is refused. */
export interface TableLayout {
  readonly keys: readonly { readonly name: string; readonly type: string }[];
  readonly namespaced: boolean;
  readonly columns: readonly { readonly name: string; readonly type: StateColumnType }[];
}

export interface KeyGroupSnapshot {
  readonly keyGroup: number;
  readonly entries: number;
  /** In the form of table-snapshot.ts; begins on a multiple of 8 bytes of its buffer. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * File form, little endian: `MRST`, version (u32), length of the header (u32), 4 bytes of 0, the header (JSON: the snapshot with
 * `[offset, length]` for bytes), then the key groups' bytes, each from a multiple of 8 bytes on.
 */
const MAGIC = 0x5453524d;
const VERSION = 2;
const PREFIX_BYTES = 16;

interface FileHeader {
  readonly subtask: number;
  readonly lists: readonly ListSnapshot[];
  readonly tables: readonly (Omit<TableSnapshot, 'keyGroups'> & {
    readonly keyGroups: readonly {
      readonly keyGroup: number;
      readonly entries: number;
      readonly at: number;
      readonly length: number;
    }[];
  })[];
  readonly native?: NativeSnapshot;
}

export function encodeStateSnapshot(snapshot: StateSnapshot): Uint8Array<ArrayBuffer> {
  let used = 0;
  const header: FileHeader = {
    subtask: snapshot.subtask,
    lists: snapshot.lists,
    tables: snapshot.tables.map((table) => ({
      ...table,
      keyGroups: table.keyGroups.map(({ keyGroup, entries, bytes }) => {
        const at = used;
        used += align8(bytes.length);
        return { keyGroup, entries, at, length: bytes.length };
      }),
    })),
    ...(snapshot.native === undefined ? {} : { native: snapshot.native }),
  };
  const json = encodeUtf8(JSON.stringify(header));
  const start = align8(PREFIX_BYTES + json.length);
  const out = new Uint8Array(start + used);
  new Uint32Array(out.buffer, 0, 3).set([MAGIC, VERSION, json.length]);
  out.set(json, PREFIX_BYTES);
  snapshot.tables.forEach((table, t) =>
    table.keyGroups.forEach(({ bytes }, g) => out.set(bytes, start + header.tables[t]!.keyGroups[g]!.at)),
  );
  return out;
}

/** Throws StreamError MR2202 when the bytes are cut short, damaged or of a newer version. Tables are views of `bytes` where its alignment allows. */
export function decodeStateSnapshot(bytes: Uint8Array): StateSnapshot {
  if (bytes.length < PREFIX_BYTES) throw damaged(say`it is cut short`);
  // A constructor copies; `slice` of a Node Buffer is a view of the same, unaligned bytes.
  const all =
    bytes.byteOffset % 8 === 0 && bytes.buffer instanceof ArrayBuffer
      ? (bytes as Uint8Array<ArrayBuffer>)
      : new Uint8Array(bytes);
  const [magic, version, headerLength] = new Uint32Array(all.buffer, all.byteOffset, 3);
  if (magic !== MAGIC) throw damaged(say`it is not a state file`);
  if (version !== VERSION) throw damaged(say`it is of version ${version}, this Millrace reads version ${VERSION}`);
  const start = align8(PREFIX_BYTES + headerLength!);
  const header = parseHeader(all.subarray(PREFIX_BYTES, PREFIX_BYTES + headerLength!));
  return {
    ...header,
    tables: header.tables.map((table) => ({
      ...table,
      keyGroups: table.keyGroups.map(({ keyGroup, entries, at, length }) => {
        if (start + at + length > all.length) throw damaged(say`it is cut short`);
        return { keyGroup, entries, bytes: all.subarray(start + at, start + at + length) };
      }),
    })),
  };
}

function parseHeader(bytes: Uint8Array): FileHeader {
  try {
    return JSON.parse(decodeUtf8(bytes)) as FileHeader;
  } catch (cause) {
    throw damaged(say`its header cannot be read`, cause);
  }
}

function damaged(why: string, cause?: unknown): StreamError {
  return new StreamError('MR2202', say`a state file is damaged: ${why}`, { cause });
}

function align8(bytes: number): number {
  return (bytes + 7) & ~7;
}

export interface StateSummary {
  readonly lists: readonly {
    readonly name: string;
    readonly redistribution: 'split' | 'union';
    readonly entries: number;
  }[];
  readonly tables: readonly TableSummary[];
}

export interface TableSummary {
  readonly name: string;
  readonly layout: TableLayout;
  readonly entries: number;
  readonly bytes: number;
  /** How many of the 128 have entries. */
  readonly keyGroups: number;
}

/** What an operator's state holds, over the snapshots of all its subtasks. */
export function summariseState(snapshots: readonly StateSnapshot[]): StateSummary {
  const lists = new Map<string, StateSummary['lists'][number]>();
  const tables = new Map<string, TableSummary>();
  for (const snapshot of snapshots) {
    for (const { name, redistribution, values } of snapshot.lists) {
      lists.set(name, { name, redistribution, entries: (lists.get(name)?.entries ?? 0) + values.length });
    }
    for (const { name, layout, keyGroups } of snapshot.tables) {
      addTo(tables, {
        name,
        layout,
        entries: keyGroups.reduce((sum, group) => sum + group.entries, 0),
        bytes: keyGroups.reduce((sum, group) => sum + group.bytes.length, 0),
        keyGroups: keyGroups.length,
      });
    }
    if (snapshot.native !== undefined) for (const table of summariseNative(snapshot.native)) addTo(tables, table);
  }
  return { lists: [...lists.values()], tables: [...tables.values()] };
}

function addTo(tables: Map<string, TableSummary>, table: TableSummary): void {
  const known = tables.get(table.name);
  tables.set(table.name, {
    ...table,
    entries: table.entries + (known?.entries ?? 0),
    bytes: table.bytes + (known?.bytes ?? 0),
    keyGroups: table.keyGroups + (known?.keyGroups ?? 0),
  });
}
