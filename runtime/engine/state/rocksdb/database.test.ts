import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PackedReader, PackedWriter } from './packed.ts';
import { STATE_THREAD } from './rocksdb-fixture.ts';
import { StateClient } from './state-client.ts';
import { DELETE, PUT } from './state-protocol.ts';

let folder: string;
let client: StateClient;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-database-'));
  client = new StateClient(STATE_THREAD);
});
afterEach(() => {
  client.close();
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // A thread that was ended in the middle of its work may still make a file: the system clears its temporary folder.
  }
});

/** A small write buffer: files and compactions come soon. */
function open(name: string, writeBufferBytes = 64 << 10): number {
  const db = client.nextDatabase();
  client.call({
    type: 'open',
    db,
    options: { folder: path.join(folder, name), writeBufferBytes, hasBlockCache: false },
  });
  return db;
}

function keyOf(i: number): Uint8Array {
  const key = new Uint8Array(12);
  // Scattered, so that all files overlap.
  new DataView(key.buffer).setUint32(0, Math.imul(i, 0x9e3779b1));
  new DataView(key.buffer).setUint32(8, i);
  return key;
}

/** Gives `count` keys a value, and takes away one that the round before gave. */
function writeRound(db: number, round: number, count: number): void {
  const out = new PackedWriter();
  for (let i = 0; i < count; i++) {
    out.byte(PUT);
    out.put(keyOf(i));
    const value = new Uint8Array(100);
    new DataView(value.buffer).setInt32(0, round);
    out.put(value);
  }
  out.byte(DELETE);
  out.put(keyOf(round % count));
  client.write(db, out.take(), count + 1);
}

/** Rounds of the values that a database has, by key. */
function roundsIn(db: number): Map<number, number> {
  const rounds = new Map<number, number>();
  let from = new Uint8Array(0);
  for (let isFromExclusive = false; ; isFromExclusive = true) {
    const { data, count } = client.call({
      type: 'scan',
      db,
      from,
      isFromExclusive,
      to: new Uint8Array(13).fill(255),
      limit: 1000,
      snapshot: null,
    });
    if (count === 0) return rounds;
    const reader = new PackedReader(data!);
    for (let i = 0; i < count!; i++) {
      from = reader.part().slice();
      reader.next();
      rounds.set(new DataView(from.buffer).getUint32(8), reader.view.getInt32(reader.start));
    }
  }
}

describe('a database of a state thread', () => {
  it('links exactly what was written before, while writes and compactions go on', () => {
    const KEYS = 500;
    const db = open('live');
    const taken: {
      readonly round: number;
      readonly folder: string;
      readonly pending: ReturnType<StateClient['post']>;
    }[] = [];
    for (let round = 0; round < 120; round++) {
      writeRound(db, round, KEYS);
      if (round % 15 !== 7) continue;
      const links = path.join(folder, `links-${round}`);
      taken.push({ round, folder: links, pending: client.post({ type: 'checkpoint', db, folder: links }) });
    }
    for (const { round, pending } of taken) {
      const { files } = pending.wait();
      expect(files!.map(({ name }) => name)).toContain('CURRENT');
      const copy = open(`links-${round}`);
      const rounds = roundsIn(copy);
      expect(rounds.size).toBe(KEYS - 1);
      expect(new Set(rounds.values())).toEqual(new Set([round]));
      expect(rounds.has(round % KEYS)).toBe(false);
    }
    // The one that goes on does not mind.
    expect(new Set(roundsIn(db).values())).toEqual(new Set([119]));
    for (let id = 1; id <= taken.length + 1; id++) client.call({ type: 'close', db: id });
  });

  it('shares files between checkpoints', () => {
    const db = open('live', 4 << 20);
    writeRound(db, 1, 100);
    const first = client.post({ type: 'checkpoint', db, folder: path.join(folder, 'a') }).wait();
    const out = new PackedWriter();
    out.byte(PUT);
    out.put(keyOf(1000));
    out.put(new Uint8Array(4));
    client.write(db, out.take(), 1);
    const second = client.post({ type: 'checkpoint', db, folder: path.join(folder, 'b') }).wait();
    const tables = (files: typeof first.files): string[] =>
      files!.map(({ name }) => name).filter((name) => name.endsWith('.sst'));
    expect(tables(second.files)).toEqual(expect.arrayContaining(tables(first.files)));
    expect(tables(second.files).length).toBe(tables(first.files).length + 1);
    client.call({ type: 'close', db });
  });

  it('scans a snapshot as it was', () => {
    const db = open('live');
    writeRound(db, 1, 50);
    const snapshot = client.nextSnapshot();
    client.call({ type: 'snapshot', db, snapshot });
    writeRound(db, 2, 50);
    const request = {
      type: 'scan',
      db,
      from: new Uint8Array(0),
      isFromExclusive: false,
      to: new Uint8Array(13).fill(255),
      limit: 100,
      snapshot,
    } as const;
    const reader = new PackedReader(client.call(request).data!);
    reader.next();
    reader.next();
    expect(reader.view.getInt32(reader.start)).toBe(1);
    client.call({ type: 'release', db, snapshot });
    client.call({ type: 'close', db });
  });

  it('is removed with its folder', () => {
    const db = open('live');
    client.call({ type: 'close', db });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says which folder cannot be used, and what to do', () => {
    writeFileSync(path.join(folder, 'file'), '');
    expect(() => open('file/below')).toThrow(
      expect.objectContaining({
        code: 'MR2209',
        message: expect.stringContaining(path.join(folder, 'file/below')) as unknown,
        remedy: expect.any(String) as unknown,
      }),
    );
  });

  it('tells of a write that failed at the next call', () => {
    const db = open('live');
    const out = new PackedWriter();
    out.byte(99);
    out.put(new Uint8Array(1));
    out.put(new Uint8Array(0));
    // A range that ends before it begins.
    client.write(db, out.take(), 1);
    expect(() => {
      client.call({ type: 'get', db, keys: new PackedWriter().take(), count: 0 });
      writeRound(db, 1, 1);
      writeRound(db, 1, 1);
    }).toThrow(expect.objectContaining({ code: 'MR2209' }));
  });
});
