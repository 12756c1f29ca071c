/** Keys and values side by side in one buffer, each with its length first: what crosses to the state thread and back. */
const ABSENT = 0xffffffff;

export class PackedWriter {
  bytes: Uint8Array<ArrayBuffer>;
  view: DataView<ArrayBuffer>;
  length = 0;

  constructor(capacity = 1024) {
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Makes room for `more` bytes; `bytes` and `view` may be others after it. */
  reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.bytes.length) return;
    const bytes = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    bytes.set(this.bytes.subarray(0, this.length));
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  put(bytes: Uint8Array): void {
    this.reserve(4 + bytes.length);
    this.view.setUint32(this.length, bytes.length, true);
    this.bytes.set(bytes, this.length + 4);
    this.length += 4 + bytes.length;
  }

  putAbsent(): void {
    this.reserve(4);
    this.view.setUint32(this.length, ABSENT, true);
    this.length += 4;
  }

  /** Begins a part whose length is not known yet; `end` takes what this returns. */
  begin(): number {
    this.reserve(4);
    this.length += 4;
    return this.length;
  }

  end(start: number): void {
    this.view.setUint32(start - 4, this.length - start, true);
  }

  /** The buffer, of exactly what was written, to give away; the writer starts anew. */
  take(): ArrayBuffer {
    const taken = this.bytes.buffer.slice(0, this.length);
    this.length = 0;
    return taken;
  }
}

export class PackedReader {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView<ArrayBuffer>;
  /** Of the part read last. */
  start = 0;
  end = 0;

  constructor(buffer: ArrayBuffer) {
    this.bytes = new Uint8Array(buffer);
    this.view = new DataView(buffer);
  }

  get isAtEnd(): boolean {
    return this.end >= this.bytes.length;
  }

  byte(): number {
    return this.bytes[this.end++]!;
  }

  /** Moves on to the next part; false when it is absent. */
  next(): boolean {
    const length = this.view.getUint32(this.end, true);
    this.start = this.end + 4;
    this.end = this.start + (length === ABSENT ? 0 : length);
    return length !== ABSENT;
  }

  /** The next part, as a view. */
  part(): Uint8Array<ArrayBuffer> {
    this.next();
    return this.bytes.subarray(this.start, this.end);
  }
}
