/** What the scripts that make up the templates' data have in common. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../build.mjs';

export const MINUTE_MS = 60_000;

/** Always the same numbers for a seed (Mulberry32). */
export class Chance {
  #state;

  /** @param {number} seed */
  constructor(seed) {
    this.#state = seed;
  }

  /** In [0, 1). */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    const state = this.#state;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
}

/**
 * Rows with a time `ts` (ms) as they arrive: up to `ms` after they happened, so that some overtake others.
 * @param {() => number} random in [0, 1)
 */
export function inOrderOfArrival(rows, ms, random) {
  return rows
    .map((row) => ({ row: { ...row, ts: Math.round(row.ts) }, at: row.ts + random() * ms }))
    .sort((a, b) => a.at - b.at)
    .map(({ row }) => row);
}

/** As JSON Lines, times in ISO form. */
export function jsonLines(rows) {
  return rows.map((row) => `${JSON.stringify({ ...row, ts: new Date(row.ts).toISOString() })}\n`).join('');
}

/** Writes a file of a template's data. */
export function writeData(template, name, text) {
  writeFileSync(path.join(ROOT, 'templates', template, 'data', name), text);
}
