/**
 * Who sells, who bids on what, and when: Nexmark's model (nexmark-flink, `generator/model`), in numbers. Event n is a person, an auction or a
 * bid by its place in a round of `personProportion + auctionProportion + bidProportion` events, so that the ids that exist when it happens
 * follow from n alone.
 */
import type { EventRandom } from './event-random.ts';
import type { SourceNexmarkConfig } from './spec.ts';

export const FIRST_PERSON_ID = 1000;
export const FIRST_AUCTION_ID = 1000;
export const FIRST_CATEGORY_ID = 10;
export const CATEGORIES = 5;
/** One hot auction, seller and bidder to so many auctions and persons. */
const HOT_EVERY = 100;
/** Ids that are still to come may be chosen, so many of them: as if events had been swapped on their way. */
const ID_LEAD = 10;
/** Time of event 0: fixed, so that windows lie alike in every run. */
export const BASE_TIME = Date.UTC(2026, 0, 1);
/** A prime, as nexmark-flink's, which shuffles the events of a group. */
const SHUFFLE = 953;

export type EventKind = 'person' | 'auction' | 'bid';

/** `a % b` of whole numbers that need not fit 32 bits: several times as fast. */
function modulo(a: number, b: number): number {
  return a - Math.floor(a / b) * b;
}

export class AuctionModel {
  readonly #config: SourceNexmarkConfig;
  readonly #firstBidPlace: number;
  readonly #round: number;
  /** Events until as many auctions as are in flight have come. */
  readonly #eventsInFlight: number;

  constructor(config: SourceNexmarkConfig) {
    const { personProportion, auctionProportion, bidProportion, numInFlightAuctions } = config;
    this.#config = config;
    this.#firstBidPlace = personProportion + auctionProportion;
    this.#round = personProportion + auctionProportion + bidProportion;
    this.#eventsInFlight = Math.floor((numInFlightAuctions * this.#round) / auctionProportion);
  }

  /** Number of the event that comes at place `n` of the stream: events are shuffled within their group. */
  eventAt(n: number): number {
    const size = this.#config.outOfOrderGroupSize;
    if (size === 1) return n;
    const offset = modulo(n, size);
    return n - offset + ((offset * SHUFFLE) % size);
  }

  kindOf(event: number): EventKind {
    const place = modulo(event, this.#round);
    if (place < this.#config.personProportion) return 'person';
    return place < this.#firstBidPlace ? 'auction' : 'bid';
  }

  /** Its event time, ms since the epoch. */
  timeOf(event: number): number {
    return BASE_TIME + Math.floor((event * 1000) / this.#config.firstEventRate);
  }

  /** The latest person when `event` happens: itself, when it is one. Counted from 0, as all below. */
  latestPerson(event: number): number {
    const { personProportion } = this.#config;
    const place = modulo(event, this.#round);
    return ((event - place) / this.#round) * personProportion + Math.min(place, personProportion - 1);
  }

  /** As `latestPerson`; -1 before the first auction. */
  latestAuction(event: number): number {
    const { personProportion, auctionProportion } = this.#config;
    const place = modulo(event, this.#round);
    const before = ((event - place) / this.#round) * auctionProportion;
    return before + Math.max(-1, Math.min(place - personProportion, auctionProportion - 1));
  }

  seller(event: number, random: EventRandom): number {
    if (random.below(this.#config.hotSellersRatio) === 0) return this.#activePerson(event, random);
    const latest = this.latestPerson(event);
    return latest - modulo(latest, HOT_EVERY);
  }

  /** The hot one stands beside the hot seller, so that they are two. */
  bidder(event: number, random: EventRandom): number {
    const { hotBiddersRatio, addsFirstPersonIdTwice } = this.#config;
    const twice = addsFirstPersonIdTwice ? FIRST_PERSON_ID : 0;
    if (random.below(hotBiddersRatio) === 0) return twice + this.#activePerson(event, random);
    const latest = this.latestPerson(event);
    return twice + latest - modulo(latest, HOT_EVERY) + 1;
  }

  auctionBidOn(event: number, random: EventRandom): number {
    const latest = this.latestAuction(event);
    if (random.below(this.#config.hotAuctionRatio) > 0) return latest - modulo(latest, HOT_EVERY);
    const oldest = Math.max(0, latest - this.#config.numInFlightAuctions);
    return oldest + random.below(latest - oldest + 1 + ID_LEAD);
  }

  /** How long an auction is open, in ms: on average as long as those in flight take to come. */
  auctionLength(event: number, random: EventRandom): number {
    const horizon = this.timeOf(event + this.#eventsInFlight) - this.timeOf(event);
    return 1 + random.below(Math.max(1, 2 * horizon));
  }

  #activePerson(event: number, random: EventRandom): number {
    const people = this.latestPerson(event) + 1;
    const active = Math.min(people, this.#config.numActivePeople);
    return people - active + random.below(active + ID_LEAD);
  }
}
