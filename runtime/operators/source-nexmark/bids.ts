import { Batch } from '../../core/batch.ts';
import { Column } from '../../core/column.ts';
import { TIMESTAMP } from '../../core/types.ts';
import { FIRST_AUCTION_ID, FIRST_PERSON_ID } from './auction-model.ts';
import { AsciiColumnBuilder } from './ascii.ts';
import type { EventRows, EventSources } from './event-rows.ts';
import { LongValues } from './long-values.ts';
import { BID } from './spec.ts';
import { NO_EVENT, TextTable } from './texts.ts';

const HOT_CHANNELS = ['Google', 'Facebook', 'Baidu', 'Apple'];
const OTHER_CHANNELS = 10_000;
/** Bytes of the numbers and the time, to which `extra` is added. */
const FIXED_BYTES = 32;

/** Half of the bids come through one of four hot channels; of the others' URLs nine of ten carry the number of the channel. */
export class BidRows implements EventRows {
  readonly #sources: EventSources;
  readonly #channels: TextTable;
  readonly #urls: TextTable;
  readonly #channel = new AsciiColumnBuilder();
  readonly #url = new AsciiColumnBuilder();
  readonly #extra = new AsciiColumnBuilder();

  constructor(sources: EventSources) {
    this.#sources = sources;
    const others = Array.from({ length: OTHER_CHANNELS }, (_, i) => i);
    this.#channels = new TextTable([...HOT_CHANNELS, ...others.map((i) => `channel-${i}`)]);
    sources.random.startEvent(NO_EVENT);
    this.#urls = new TextTable([
      ...HOT_CHANNELS.map(() => this.#baseUrl()),
      ...others.map((i) => this.#baseUrl() + (sources.random.below(10) > 0 ? `&channel_id=${reversedBits(i)}` : '')),
    ]);
  }

  batchOf(events: Float64Array): Batch {
    const { length } = events;
    const { config, model, random, texts } = this.#sources;
    for (const builder of [this.#channel, this.#url, this.#extra]) builder.start(length);
    const auctions = new LongValues(length);
    const bidders = new LongValues(length);
    const prices = new LongValues(length);
    const times = new Float64Array(length);
    for (let row = 0; row < length; row++) {
      const event = events[row]!;
      random.startEvent(event);
      auctions.set(row, FIRST_AUCTION_ID + model.auctionBidOn(event, random));
      bidders.set(row, FIRST_PERSON_ID + model.bidder(event, random));
      prices.set(row, random.price());
      const isHot = random.below(2) > 0;
      const way = isHot ? random.below(HOT_CHANNELS.length) : HOT_CHANNELS.length + random.below(OTHER_CHANNELS);
      this.#channels.append(this.#channel, way);
      this.#urls.append(this.#url, way);
      times[row] = model.timeOf(event);
      texts.appendExtra(this.#extra, random, FIXED_BYTES, config.avgBidByteSize);
    }
    const longs = [auctions.column(), bidders.column(), prices.column()];
    const dateTime = new Column(TIMESTAMP, length, null, times);
    const columns = [...longs, this.#channel.finish(), this.#url.finish(), dateTime, this.#extra.finish()];
    return new Batch(BID, length, columns, times);
  }

  #baseUrl(): string {
    const { random, texts } = this.#sources;
    const folder = (): string => texts.words(random, 5).replace(' ', '_');
    return `https://www.nexmark.com/${folder()}/${folder()}/${folder()}/item.htm?query=1`;
  }
}

/** As Java's `Math.abs(Integer.reverse(i))`: long numbers, none twice. */
function reversedBits(i: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 32; bit++) reversed = (reversed << 1) | ((i >> bit) & 1);
  return Math.abs(reversed);
}
