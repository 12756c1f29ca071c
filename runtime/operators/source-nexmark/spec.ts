import { c, configSpec, type ConfigField, type ConfigOf } from '../../core/config.ts';
import type { OperatorSpec } from '../../core/operator.ts';
import { field, schemaOf, type Schema } from '../../core/schema.ts';
import { BIGINT, STRING, TIMESTAMP, type DataType, type Field } from '../../core/types.ts';
import { SPLITS } from '../shared/row-numbers.ts';

/** How many, with Nexmark's default. */
function count(label: string, help: string, start: number): ConfigField<number> {
  return c.withDefault(c.integer({ label, help }, { min: 1, max: 1_000_000 }), start);
}

function byteSize(label: string, help: string, start: number): ConfigField<number> {
  return c.withDefault(c.integer({ label, help }, { min: 0, max: 100_000, unit: 'bytes' }), start);
}

const config = configSpec({
  events: c.optional(
    c.integer(
      { label: 'Events', help: 'How many persons, auctions and bids to make together; no end when left out.' },
      { min: 0, unit: 'events' },
    ),
  ),
  eventsPerSecond: c.optional(
    c.number(
      { label: 'Events per second', help: 'Holds the source to a rate; as fast as it goes when left out.' },
      { min: 0.001, unit: 'events/s' },
    ),
  ),
  seed: c.withDefault(c.integer({ label: 'Seed', help: 'Another seed gives other events.' }), 1),
  firstEventRate: c.withDefault(
    c.number(
      { label: 'Rate in event time', help: 'How many events happen in a second of their own time.' },
      { min: 0.001, max: 1_000_000_000, unit: 'events/s' },
    ),
    10_000,
  ),
  outOfOrderGroupSize: count(
    'Out-of-order group',
    'Events come in groups of this size, shuffled within the group; 1 = in order.',
    1,
  ),
  maxOutOfOrdernessMs: c.withDefault(
    c.integer(
      { label: 'Out of order by', help: 'How far the watermark is behind the events. Results wait this long.' },
      { min: 0, unit: 'ms' },
    ),
    4000,
  ),
  personProportion: count('Persons', 'Of so many persons, auctions and bids together, how many are persons.', 1),
  auctionProportion: count('Auctions', 'Of so many persons, auctions and bids together, how many are auctions.', 3),
  bidProportion: count('Bids', 'Of so many persons, auctions and bids together, how many are bids.', 46),
  hotAuctionRatio: count('Hot auctions', 'All but one of so many bids are for the hot auction; 1 = none is.', 2),
  hotSellersRatio: count('Hot sellers', 'All but one of so many auctions are of the hot seller; 1 = none is.', 4),
  hotBiddersRatio: count('Hot bidders', 'All but one of so many bids are by the hot bidder; 1 = none is.', 4),
  numInFlightAuctions: count('Auctions in flight', 'Other bids are for one of so many latest auctions.', 100),
  numActivePeople: count('Active people', 'Other sellers and bidders are among so many latest persons.', 1000),
  avgPersonByteSize: byteSize('Size of a person', 'On average; a text "extra" fills up what is missing.', 200),
  avgAuctionByteSize: byteSize('Size of an auction', 'On average, as for persons.', 500),
  avgBidByteSize: byteSize('Size of a bid', 'On average, as for persons, channel and URL not counted.', 100),
  addsFirstPersonIdTwice: c.withDefault(
    c.flag({
      label: 'Bidders beside persons',
      help: 'As nexmark-flink does: adds 1000 to bidders once more, so that few of them are persons yet.',
    }),
    false,
  ),
});
export type SourceNexmarkConfig = ConfigOf<typeof config>;

const of = (type: DataType, ...names: readonly string[]): Field[] => names.map((name) => field(name, type, false));

export const PERSON: Schema = schemaOf([
  ...of(BIGINT, 'id'),
  ...of(STRING, 'name', 'emailAddress', 'creditCard', 'city', 'state'),
  ...of(TIMESTAMP, 'dateTime'),
  ...of(STRING, 'extra'),
]);

export const AUCTION: Schema = schemaOf([
  ...of(BIGINT, 'id'),
  ...of(STRING, 'itemName', 'description'),
  ...of(BIGINT, 'initialBid', 'reserve'),
  ...of(TIMESTAMP, 'dateTime', 'expires'),
  ...of(BIGINT, 'seller', 'category'),
  ...of(STRING, 'extra'),
]);

export const BID: Schema = schemaOf([
  ...of(BIGINT, 'auction', 'bidder', 'price'),
  ...of(STRING, 'channel', 'url'),
  ...of(TIMESTAMP, 'dateTime'),
  ...of(STRING, 'extra'),
]);

export const sourceNexmarkSpec: OperatorSpec<SourceNexmarkConfig> = {
  type: 'source.nexmark',
  version: 1,
  label: 'Auction demo (Nexmark)',
  summary: 'Makes the persons, auctions and bids of an online auction house, as the Nexmark benchmark has them.',
  category: 'source',
  keywords: ['nexmark', 'benchmark', 'test data', 'datagen', 'fake', 'sample', 'bid', 'person', 'load'],
  config,
  ports: () => ({
    inputs: [],
    outputs: [
      { name: 'person', label: 'Persons', isOptional: true },
      { name: 'auction', label: 'Auctions', isOptional: true },
      { name: 'bid', label: 'Bids', isOptional: true },
    ],
  }),
  traits: () => ({
    isStateful: true,
    keepsOrder: true,
    needsEventTime: false,
    assignsWatermarks: true,
    emitsBehindWatermark: false,
    acceptsUpdates: false,
    maxParallelism: SPLITS,
  }),
  infer({ events }) {
    const rest = { eventTime: true, changelog: 'append', bounded: events !== null } as const;
    return {
      person: { schema: PERSON, ...rest },
      auction: { schema: AUCTION, ...rest },
      bid: { schema: BID, ...rest },
    };
  },
  describe({ events, eventsPerSecond }, say) {
    const amount = events === null ? say`endless` : say`${events} events`;
    return eventsPerSecond === null ? amount : say`${amount}, ${eventsPerSecond} events/s`;
  },
};
