/** Text on its way from an editor to the document: sent once the key's letter is on the screen, and at once when it must not be late. */

/** Keys that come faster, as while one is held down, are taken together. */
const PAUSE_MS = 16;

export class TextFlow {
  #pending: string | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  readonly #send: (text: string) => void;

  constructor(send: (text: string) => void) {
    this.#send = send;
  }

  get isPending(): boolean {
    return this.#pending !== null;
  }

  change(text: string): void {
    this.#pending = text;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), PAUSE_MS);
  }

  /** Sends what waits: the field is left, a shortcut is pressed, the editor goes away. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const text = this.#pending;
    this.#pending = null;
    if (text !== null) this.#send(text);
  }
}
