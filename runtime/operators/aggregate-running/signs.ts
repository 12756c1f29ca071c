import { DELETE, UPDATE_BEFORE } from '../../core/batch.ts';

/** Whether each row of the batch at hand is added or taken back. */
export class Signs {
  #kinds: Uint8Array | null = null;

  load(kinds: Uint8Array | null): void {
    this.#kinds = kinds;
  }

  isRetraction(row: number): boolean {
    if (this.#kinds === null) return false;
    const kind = this.#kinds[row];
    return kind === UPDATE_BEFORE || kind === DELETE;
  }
}
