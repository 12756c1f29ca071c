/**
 * Murmur3 (32 bit, Austin Appleby's reference `MurmurHash3_x86_32`) over columns: decides key groups, so it is part of
 * the savepoint format and must not change.
 */
import type { Column } from './column.ts';

export const KEY_GROUPS = 128;

/** Murmur3's finaliser: spreads the bits of `h`. */
export function mix32(h: number): number {
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Folds one 32-bit word into a running hash. */
export function mixWord(h: number, word: number): number {
  word = Math.imul(word, 0xcc9e2d51);
  word = (word << 15) | (word >>> 17);
  h ^= Math.imul(word, 0x1b873593);
  h = (h << 13) | (h >>> 19);
  return (Math.imul(h, 5) + 0xe6546b64) | 0;
}

/** Hash of `bytes[start, end)` on top of `seed`, not finalised. */
export function mixBytes(seed: number, bytes: Uint8Array, start: number, end: number): number {
  let h = seed;
  let i = start;
  for (; i + 4 <= end; i += 4) {
    h = mixWord(h, bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24));
  }
  let tail = 0;
  for (let shift = 0; i < end; i++, shift += 8) tail |= bytes[i]! << shift;
  return mixWord(h, tail) ^ (end - start);
}

const NULL_WORD = 0x9e3779b9 | 0;

/**
 * Hash of each of the first `count` rows over `columns` into `out`. Equal keys hash equally whatever batch they come in:
 * -0 as 0, every NaN as one.
 */
export function hashRows(columns: readonly Column[], count: number, out: Int32Array): void {
  out.fill(0, 0, count);
  for (const column of columns) foldColumn(column, count, out);
  for (let i = 0; i < count; i++) out[i] = mix32(out[i]!);
}

export function keyGroupOf(hash: number): number {
  return hash & (KEY_GROUPS - 1);
}

/** Subtask that owns a key group at a parallelism (Flink's KeyGroupRangeAssignment). */
export function subtaskOfKeyGroup(keyGroup: number, parallelism: number): number {
  return Math.floor((keyGroup * parallelism) / KEY_GROUPS);
}

/** Key groups `[start, end)` that a subtask owns: the inverse of `subtaskOfKeyGroup`. */
export function keyGroupRange(subtask: number, parallelism: number): { readonly start: number; readonly end: number } {
  return {
    start: Math.ceil((subtask * KEY_GROUPS) / parallelism),
    end: Math.ceil(((subtask + 1) * KEY_GROUPS) / parallelism),
  };
}

function foldColumn(column: Column, count: number, out: Int32Array): void {
  if (column.validity === null) {
    foldValues(column, count, out);
    return;
  }
  // A null's value bytes are whatever the kernel left there: one fixed word takes their place.
  const before = out.slice(0, count);
  foldValues(column, count, out);
  for (let i = 0; i < count; i++) if (column.isNull(i)) out[i] = mixWord(before[i]!, NULL_WORD);
}

function foldValues(column: Column, count: number, out: Int32Array): void {
  const { values, offsets } = column;
  switch (column.type.kind) {
    case 'INT':
    case 'DATE':
      foldWords(values as Int32Array, count, out);
      break;
    case 'BIGINT':
      foldLongs(new Int32Array(values.buffer, values.byteOffset, count * 2), count, out);
      break;
    case 'DECIMAL': {
      const words = new Int32Array(values.buffer, values.byteOffset, count * 4);
      for (let i = 0; i < count; i++) {
        let h = out[i]!;
        for (let w = 0; w < 4; w++) h = mixWord(h, words[4 * i + w]!);
        out[i] = h;
      }
      break;
    }
    case 'DOUBLE':
    case 'TIMESTAMP':
      foldDoubles(values as Float64Array, count, out);
      break;
    case 'BOOLEAN': {
      const bits = values as Uint8Array;
      for (let i = 0; i < count; i++) out[i] = mixWord(out[i]!, (bits[i >> 3]! >> (i & 7)) & 1);
      break;
    }
    case 'STRING':
    case 'BYTES':
      foldBytes(values as Uint8Array, offsets!, count, out);
      break;
    default:
      throw new Error(`Millrace bug: ${column.type.kind} cannot be a key`);
  }
}

function foldWords(words: Int32Array, count: number, out: Int32Array): void {
  for (let i = 0; i < count; i++) out[i] = mixWord(out[i]!, words[i]!);
}

function foldLongs(words: Int32Array, count: number, out: Int32Array): void {
  for (let i = 0; i < count; i++) out[i] = mixWord(mixWord(out[i]!, words[2 * i]!), words[2 * i + 1]!);
}

const scratch = new Float64Array(1);
const scratchWords = new Int32Array(scratch.buffer);

function foldDoubles(doubles: Float64Array, count: number, out: Int32Array): void {
  for (let i = 0; i < count; i++) {
    // Adding 0 turns -0 into 0; writing NaN to a typed array may keep its payload, so fix it.
    const value = doubles[i]! + 0;
    scratch[0] = value === value ? value : NaN;
    out[i] = mixWord(mixWord(out[i]!, scratchWords[0]!), scratchWords[1]!);
  }
}

function foldBytes(bytes: Uint8Array, offsets: Int32Array, count: number, out: Int32Array): void {
  for (let i = 0; i < count; i++) out[i] = mixBytes(out[i]!, bytes, offsets[i]!, offsets[i + 1]!);
}
