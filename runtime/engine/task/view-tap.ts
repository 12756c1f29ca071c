import type { Batch } from '../../core/batch.ts';
import type { OperatorView } from '../../core/operator.ts';

/** What a watched sink keeps, for a screen: all of it whenever it has changed. Costs nothing between two looks. */
export class ViewTap {
  readonly #view: OperatorView;
  #version: number | null = null;

  constructor(view: OperatorView) {
    this.#view = view;
  }

  /** Changes seen since the watch began, or the operator did. */
  get seen(): number {
    return this.#view.version;
  }

  /** null when it is as it was at the last call. */
  take(): Batch | null {
    const { version } = this.#view;
    if (version === this.#version) return null;
    this.#version = version;
    return this.#view.rows();
  }
}
