/** Splits CSV (RFC 4180) into records and cells, by bytes. */
import { say } from '../core/say.ts';
import type { ByteWindow } from './byte-window.ts';

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;

/** How a cell was written. */
export const PLAIN = 0;
export const QUOTED = 1;
/** Quoted, with doubled quotes inside. */
export const ESCAPED = 2;

/** The cells of one record, as ranges of the window's bytes. Quotes inside a plain cell are text. */
export class CsvRecord {
  cells = 0;
  starts = new Int32Array(16);
  ends = new Int32Array(16);
  kinds = new Uint8Array(16);
  /** Where the next record begins. */
  next = 0;
  /** Newlines that the record takes, its own and quoted ones. */
  lines = 0;
  problem: string | null = null;
  readonly #delimiter: number;
  readonly #isLineBased: boolean;

  constructor(delimiter: string, isLineBased = false) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#isLineBased = isLineBased;
  }

  get isBlank(): boolean {
    return this.cells === 1 && this.kinds[0] === PLAIN && this.starts[0] === this.ends[0];
  }

  /** Reads the record at the window's start; false when its end is not there yet (`isLast`: no bytes will follow). */
  scan(window: ByteWindow, isLast: boolean): boolean {
    const { bytes, end } = window;
    const delimiter = this.#delimiter;
    let at = window.start;
    this.cells = 0;
    this.lines = 1;
    this.problem = null;
    if (at === end) return false;
    for (;;) {
      if (bytes[at] === QUOTE && at < end) {
        at = this.#scanQuoted(bytes, at + 1, end, isLast);
        if (at < 0) return false;
      } else {
        const start = at;
        while (at < end && bytes[at] !== delimiter && bytes[at] !== LF) at++;
        if (at === end && !isLast) return false;
        const isLastCell = at === end || bytes[at] === LF;
        this.#add(start, isLastCell && at > start && bytes[at - 1] === CR ? at - 1 : at, PLAIN);
      }
      if (at === end || bytes[at] === LF) {
        this.next = at === end ? end : at + 1;
        return true;
      }
      at++;
    }
  }

  /** From behind the opening quote to the delimiter or line end behind the cell; -1 when that is not there yet. */
  #scanQuoted(bytes: Uint8Array, start: number, end: number, isLast: boolean): number {
    let at = start;
    let kind = QUOTED;
    for (;;) {
      while (at < end && bytes[at] !== QUOTE) {
        if (bytes[at] === LF) {
          if (this.#isLineBased) return this.#leaveOpen(start, at, kind);
          this.lines++;
        }
        at++;
      }
      if (at >= end) return isLast ? this.#leaveOpen(start, end, kind) : -1;
      if (at + 1 === end && !isLast) return -1;
      if (at + 1 === end || bytes[at + 1] !== QUOTE) break;
      kind = ESCAPED;
      at += 2;
    }
    this.#add(start, at, kind);
    at++;
    if (at < end && bytes[at] === CR) {
      if (at + 1 === end && !isLast) return -1;
      if (at + 1 === end || bytes[at + 1] === LF) at++;
    }
    if (at === end || bytes[at] === LF || bytes[at] === this.#delimiter) return at;
    this.problem = say`there is text behind a closing quote`;
    while (at < end && bytes[at] !== LF) at++;
    return at === end && !isLast ? -1 : at;
  }

  #leaveOpen(start: number, end: number, kind: number): number {
    this.problem = say`a quote is not closed`;
    this.#add(start, end, kind);
    return end;
  }

  #add(start: number, end: number, kind: number): void {
    if (this.cells === this.starts.length) this.#grow();
    this.starts[this.cells] = start;
    this.ends[this.cells] = end;
    this.kinds[this.cells] = kind;
    this.cells++;
  }

  #grow(): void {
    const { starts, ends, kinds } = this;
    this.starts = new Int32Array(starts.length * 2);
    this.ends = new Int32Array(starts.length * 2);
    this.kinds = new Uint8Array(starts.length * 2);
    this.starts.set(starts);
    this.ends.set(ends);
    this.kinds.set(kinds);
  }
}

/** The bytes of a cell with doubled quotes made single. */
export function unescape(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const out = new Uint8Array(end - start);
  let used = 0;
  for (let at = start; at < end; at++) {
    out[used++] = bytes[at]!;
    if (bytes[at] === QUOTE) at++;
  }
  return out.subarray(0, used);
}
