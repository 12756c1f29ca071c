/** Rows of one kind, column by column, from the numbers of their events. */
import type { Batch } from '../../core/batch.ts';
import type { AuctionModel } from './auction-model.ts';
import type { EventRandom } from './event-random.ts';
import type { SourceNexmarkConfig } from './spec.ts';
import type { RandomTexts } from './texts.ts';

export interface EventRows {
  /** A row of each event, in that order, with its event time. */
  batchOf(events: Float64Array): Batch;
}

/** What makes rows of every kind. */
export interface EventSources {
  readonly config: SourceNexmarkConfig;
  readonly model: AuctionModel;
  readonly random: EventRandom;
  readonly texts: RandomTexts;
}
