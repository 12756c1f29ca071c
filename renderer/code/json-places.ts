/** Where a value stands in a JSON text. */
import type { TextRange } from '../../runtime/core/diagnostics.ts';

export type JsonPath = readonly (string | number)[];

/** Range of the value at `path`, or of the nearest one above it that is there; null when the text is not JSON. */
export function placeOf(text: string, path: JsonPath): TextRange | null {
  try {
    return new Reader(text).find(path);
  } catch {
    return null;
  }
}

/** Reads just enough to skip over what is not asked for. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  find(path: JsonPath): TextRange {
    this.#space();
    const start = this.#at;
    const [head, ...rest] = path;
    if (head !== undefined && this.#peek() === (typeof head === 'number' ? '[' : '{')) {
      const child = typeof head === 'number' ? this.#enterElement(head) : this.#enterMember(head);
      if (child) return this.find(rest);
      this.#at = start;
    }
    this.#skipValue();
    return { start, end: this.#at };
  }

  #enterMember(key: string): boolean {
    this.#at++;
    for (this.#space(); this.#peek() === '"'; this.#space()) {
      const name: unknown = JSON.parse(this.#string());
      this.#space();
      this.#expect(':');
      if (name === key) return true;
      this.#space();
      this.#skipValue();
      this.#space();
      if (this.#peek() !== ',') return false;
      this.#at++;
    }
    return false;
  }

  #enterElement(index: number): boolean {
    this.#at++;
    for (let i = 0; ; i++) {
      this.#space();
      if (this.#peek() === ']') return false;
      if (i === index) return true;
      this.#skipValue();
      this.#space();
      if (this.#peek() !== ',') return false;
      this.#at++;
    }
  }

  #skipValue(): void {
    const first = this.#peek();
    if (first === '"') this.#string();
    else if (first === '{' || first === '[') this.#skipNested();
    else {
      const match = /[^\s,\]}]+/y;
      match.lastIndex = this.#at;
      this.#at += this.#required(match.exec(this.#text)?.[0]).length;
    }
  }

  #skipNested(): void {
    let depth = 0;
    do {
      const char = this.#required(this.#peek());
      if (char === '"') this.#string();
      else {
        if (char === '{' || char === '[') depth++;
        else if (char === '}' || char === ']') depth--;
        this.#at++;
      }
    } while (depth > 0);
  }

  #string(): string {
    const match = /"(?:[^"\\]|\\.)*"/y;
    match.lastIndex = this.#at;
    const found = this.#required(match.exec(this.#text)?.[0]);
    this.#at += found.length;
    return found;
  }

  #space(): void {
    while (/\s/.test(this.#peek() ?? '')) this.#at++;
  }

  #expect(char: string): void {
    if (this.#peek() !== char) throw new SyntaxError(`expected ${char}`);
    this.#at++;
  }

  #required<T>(value: T | undefined): T {
    if (value === undefined) throw new SyntaxError('the text ends too early');
    return value;
  }

  #peek(): string | undefined {
    return this.#text[this.#at];
  }
}
