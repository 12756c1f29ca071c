/** Where JSON text stops being JSON, and what was expected there: engines word `JSON.parse` errors differently and often leave out the place. */
import { say } from '../core/say.ts';

export interface SyntaxProblem {
  /** Index of the first character that does not fit. */
  readonly offset: number;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING_PART = /(?:[^"\\\u0000-\u001f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*/y;
const WORDS = ['true', 'false', 'null'];

/** First syntax error of `text`; null when it is JSON. */
export function findSyntaxProblem(text: string): SyntaxProblem | null {
  const problem = new Scanner(text).scan();
  if (problem === null) return null;
  const before = text.slice(0, problem.offset);
  return {
    ...problem,
    line: before.split('\n').length,
    column: problem.offset - before.lastIndexOf('\n'),
  };
}

type Fault = Pick<SyntaxProblem, 'offset' | 'message'>;
type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | 'comma or end';

/** Without recursion, so that no nesting is too deep for it. */
class Scanner {
  #at = 0;
  /** Closing brackets still to come, innermost last. */
  readonly #open: string[] = [];
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  scan(): Fault | null {
    let expected: Expected = 'value';
    for (;;) {
      this.#skipSpace();
      const fault = this.#step(expected);
      if (typeof fault === 'object') return fault;
      expected = fault;
      if (expected === 'comma or end' && this.#open.length === 0) {
        this.#skipSpace();
        return this.#at === this.#text.length ? null : this.#fault(say`expected the end of the text`);
      }
    }
  }

  /** Reads one token: what may come next, or what is wrong. */
  #step(expected: Expected): Expected | Fault {
    switch (expected) {
      case 'value or ]':
        return this.#take(']') ? this.#close() : this.#value();
      case 'value':
        return this.#value();
      case 'key or }':
        return this.#take('}') ? this.#close() : this.#key();
      case 'key':
        return this.#key();
      case 'comma or end': {
        const end = this.#open.at(-1) ?? '';
        if (this.#take(end)) return this.#close();
        if (this.#take(',')) return end === ']' ? 'value' : 'key';
        return this.#fault(say`expected "," or "${end}"`);
      }
    }
  }

  #value(): Expected | Fault {
    if (this.#take('{')) {
      this.#open.push('}');
      return 'key or }';
    }
    if (this.#take('[')) {
      this.#open.push(']');
      return 'value or ]';
    }
    if (this.#text[this.#at] === '"') return this.#string() ?? 'comma or end';
    if (this.#match(NUMBER) || WORDS.some((word) => this.#take(word))) return 'comma or end';
    return this.#fault(say`expected a value`);
  }

  #key(): Expected | Fault {
    if (this.#text[this.#at] !== '"') return this.#fault(say`expected a key in double quotes`);
    const fault = this.#string();
    if (fault !== null) return fault;
    this.#skipSpace();
    return this.#take(':') ? 'value' : this.#fault(say`expected ":"`);
  }

  #string(): Fault | null {
    this.#at++;
    this.#match(STRING_PART);
    if (this.#take('"')) return null;
    return this.#fault(
      this.#text[this.#at] === '\\' ? say`unknown escape in a string` : say`expected the end of the string`,
    );
  }

  #close(): Expected {
    this.#open.pop();
    return 'comma or end';
  }

  #skipSpace(): void {
    while (' \t\n\r'.includes(this.#text[this.#at] ?? 'x')) this.#at++;
  }

  #take(token: string): boolean {
    if (token === '' || !this.#text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  #match(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    this.#at += found?.[0].length ?? 0;
    return found !== null;
  }

  #fault(expected: string): Fault {
    const found = this.#text[this.#at];
    return {
      offset: this.#at,
      message: say`${expected}, found ${found === undefined ? say`the end of the text` : JSON.stringify(found)}`,
    };
  }
}
