/** The same logic as `pipelines.ts`, written as people write it without an engine. */
import { Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { KEYS, WINDOW_MS } from './pipelines.ts';

interface InputRow {
  readonly key: number;
  readonly amount: number;
  readonly kind: number;
  readonly ts: number;
  readonly page: string;
  readonly country: string;
}

interface ShapedRow {
  readonly key: number | string;
  readonly doubled: number;
  readonly ts: number;
}

const PAGES = Array.from({ length: 8 }, (_, i) => `/page/of/many/others/${i}`);
const COUNTRIES = Array.from({ length: 5 }, (_, i) => `/country/of/many/others/${i}`);

function inputRow(n: number): InputRow {
  return {
    key: n % KEYS,
    amount: n % 100,
    kind: n % 4,
    ts: 1_750_000_000_000 + n,
    page: PAGES[n % 8]!,
    country: COUNTRIES[n % 5]!,
  };
}

function isKept(row: InputRow): boolean {
  return row.kind < 3;
}

function shape(row: InputRow, hasText: boolean): ShapedRow {
  return { key: hasText ? `${row.page}\n${row.country}` : row.key, doubled: row.amount * 2 + 1, ts: row.ts };
}

/** Counts per key of the window that is open; returns how many results it gave. */
class Counter {
  #windowEnd = -Infinity;
  #counts = new Map<number | string, number>();
  results = 0;

  add(row: ShapedRow): void {
    if (row.ts >= this.#windowEnd) {
      this.fire();
      this.#windowEnd = row.ts - (row.ts % WINDOW_MS) + WINDOW_MS;
    }
    this.#counts.set(row.key, (this.#counts.get(row.key) ?? 0) + 1);
  }

  fire(): void {
    this.results += this.#counts.size;
    this.#counts.clear();
  }
}

/** Seconds for `rows` row objects in one loop. */
export function rowLoopSeconds(rows: number, hasText: boolean): number {
  const startedAt = performance.now();
  const counter = new Counter();
  for (let n = 0; n < rows; n++) {
    const row = inputRow(n);
    if (isKept(row)) counter.add(shape(row, hasText));
  }
  counter.fire();
  return (performance.now() - startedAt) / 1000;
}

/** Seconds for `rows` row objects through Node streams in object mode. */
export async function nodeStreamSeconds(rows: number, hasText: boolean): Promise<number> {
  const startedAt = performance.now();
  const counter = new Counter();
  let n = 0;
  await pipeline(
    new Readable({
      objectMode: true,
      read() {
        this.push(n < rows ? inputRow(n++) : null);
      },
    }),
    new Transform({
      objectMode: true,
      transform: (row: InputRow, _encoding, done) => (isKept(row) ? done(null, row) : done()),
    }),
    new Transform({
      objectMode: true,
      transform: (row: InputRow, _encoding, done) => done(null, shape(row, hasText)),
    }),
    new Writable({
      objectMode: true,
      write(row: ShapedRow, _encoding, done) {
        counter.add(row);
        done();
      },
    }),
  );
  counter.fire();
  return (performance.now() - startedAt) / 1000;
}
