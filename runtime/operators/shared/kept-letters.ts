/**
 * The newest rejected rows of an operator, kept in its state until their text is mended. One leaves in the step in which what is in its mended text
 * is handed on, between two barriers: exactly once.
 */
import { isDue, letterKey, type DeadLetter, type DeadLetters, type Mend } from '../../core/dead-letters.ts';
import type { OperatorContext } from '../../core/operator.ts';
import type { Json, ListState } from '../../core/state.ts';

/** What a subtask keeps: enough to look into what is wrong, little enough for every checkpoint. Beyond it the oldest are let go. */
const MAX_KEPT = 1000;
const MAX_KEPT_CHARACTERS = 1024 * 1024;

export class KeptLetters<L extends DeadLetter & Json> implements DeadLetters {
  version = 0;
  lost = 0;
  readonly #state: ListState<L>;
  #kept: L[] = [];
  #characters = 0;
  /** By `letterKey`. */
  #mends: ReadonlyMap<string, Mend> = new Map();
  /** A kept row may have a mend. */
  #hasMended = false;

  constructor(context: OperatorContext) {
    this.#state = context.state.list<L>('rejected', 'split');
  }

  open(): void {
    for (const letter of this.#state.get()) this.keep(letter);
  }

  get kept(): readonly L[] {
    return this.#kept;
  }

  mend(mends: readonly Mend[]): void {
    this.#mends = new Map(mends.map((mend) => [letterKey(mend), mend]));
    this.#hasMended = this.#kept.some((letter) => this.isMended(letter));
  }

  isMended(letter: L): boolean {
    const mend = this.#mendOf(letter);
    return mend !== undefined && isDue(mend, letter);
  }

  /** Keeps one for which a mend stands: `takeMended` gives it next. */
  keepMended(letter: L): void {
    this.#hasMended = true;
    this.keep(letter);
  }

  /** Keeps one until it is mended from now on. */
  keep(letter: L): void {
    this.#kept.push(letter);
    this.#characters += letter.raw.length;
    this.version++;
    if (this.#kept.length > 2 * MAX_KEPT || this.#characters > 2 * MAX_KEPT_CHARACTERS) this.#makeRoom();
  }

  /** Those that have a mended text, with it; they are kept no longer. `again` of the letter is what it has if it is rejected once more. */
  takeMended(): readonly { readonly letter: L; readonly text: string }[] {
    if (!this.#hasMended) return [];
    this.#hasMended = false;
    const mended = this.#kept.filter((letter) => this.isMended(letter));
    this.#letGo((letter) => !this.isMended(letter));
    return mended.map((letter) => {
      const { text, again } = this.#mendOf(letter)!;
      return { letter: { ...(letter as DeadLetter), again } as L, text };
    });
  }

  snapshot(): void {
    this.#state.set(this.#kept);
  }

  #mendOf(letter: L): Mend | undefined {
    return this.#mends.size === 0 ? undefined : this.#mends.get(letterKey(letter));
  }

  /** At twice the bound, so that an operator that rejects everything does not move all that is kept for each of them. */
  #makeRoom(): void {
    let rows = this.#kept.length;
    let characters = this.#characters;
    const before = rows;
    this.#letGo((letter) => {
      if ((rows <= MAX_KEPT && characters <= MAX_KEPT_CHARACTERS) || this.isMended(letter)) return true;
      rows--;
      characters -= letter.raw.length;
      return false;
    });
    this.lost += before - this.#kept.length;
  }

  #letGo(isKept: (letter: L) => boolean): void {
    this.#kept = this.#kept.filter(isKept);
    this.#characters = this.#kept.reduce((sum, { raw }) => sum + raw.length, 0);
    this.version++;
  }
}
