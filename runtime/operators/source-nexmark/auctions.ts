import { Batch } from '../../core/batch.ts';
import { columnBuilder } from '../../core/column-builder.ts';
import { Column } from '../../core/column.ts';
import { STRING, TIMESTAMP } from '../../core/types.ts';
import { CATEGORIES, FIRST_AUCTION_ID, FIRST_CATEGORY_ID, FIRST_PERSON_ID } from './auction-model.ts';
import { AsciiColumnBuilder } from './ascii.ts';
import type { EventRows, EventSources } from './event-rows.ts';
import { LongValues } from './long-values.ts';
import { AUCTION } from './spec.ts';

/** Bytes of the numbers and times, to which the texts are added. */
const FIXED_BYTES = 48;

export class AuctionRows implements EventRows {
  readonly #sources: EventSources;
  readonly #itemName = columnBuilder(STRING);
  readonly #description = columnBuilder(STRING);
  readonly #extra = new AsciiColumnBuilder();

  constructor(sources: EventSources) {
    this.#sources = sources;
  }

  batchOf(events: Float64Array): Batch {
    const { length } = events;
    const { config, model, random, texts } = this.#sources;
    this.#extra.start(length);
    const ids = new LongValues(length);
    const initialBids = new LongValues(length);
    const reserves = new LongValues(length);
    const times = new Float64Array(length);
    const expires = new Float64Array(length);
    const sellers = new LongValues(length);
    const categories = new LongValues(length);
    for (let row = 0; row < length; row++) {
      const event = events[row]!;
      random.startEvent(event);
      ids.set(row, FIRST_AUCTION_ID + model.latestAuction(event));
      sellers.set(row, FIRST_PERSON_ID + model.seller(event, random));
      categories.set(row, FIRST_CATEGORY_ID + random.below(CATEGORIES));
      const initialBid = random.price();
      initialBids.set(row, initialBid);
      reserves.set(row, initialBid + random.price());
      times[row] = model.timeOf(event);
      expires[row] = times[row]! + model.auctionLength(event, random);
      const name = texts.words(random, 20);
      const text = texts.words(random, 100);
      this.#itemName.appendValue(name);
      this.#description.appendValue(text);
      texts.appendExtra(this.#extra, random, FIXED_BYTES + name.length + text.length, config.avgAuctionByteSize);
    }
    const columns = [
      ids.column(),
      this.#itemName.finish(),
      this.#description.finish(),
      initialBids.column(),
      reserves.column(),
      new Column(TIMESTAMP, length, null, times),
      new Column(TIMESTAMP, length, null, expires),
      sellers.column(),
      categories.column(),
      this.#extra.finish(),
    ];
    return new Batch(AUCTION, length, columns, times);
  }
}
