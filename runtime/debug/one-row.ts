import type { Batch } from '../core/batch.ts';

const INDEX = new Int32Array(1);

/** Row `index` as a batch of its own; the batch itself when it has only that. */
export function oneRow(batch: Batch, index: number): Batch {
  INDEX[0] = index;
  return batch.take(INDEX, 1);
}
