/** Queries over windows of time. Each is the SQL of nexmark-flink's file of the same name, over arrays. */
import { groupBy, instant, largest, type Bid, type Reference, type ResultRow } from './events.ts';

const SECOND = 1000;

export const q5: Reference = ({ bids }) => {
  const inWindows = bids.flatMap((b) => hopEnds(b.dateTime, 10 * SECOND, 2 * SECOND).map((end) => ({ b, end })));
  return [...groupBy(inWindows, ({ end }) => end).values()].flatMap((window) => {
    const counts = [...groupBy(window, ({ b }) => b.auction)].map(([auction, own]) => ({ auction, num: own.length }));
    const maxn = largest(counts.map(({ num }) => num));
    return counts.filter(({ num }) => num >= maxn).map(({ auction, num }) => [auction, num]);
  });
};

export const q7: Reference = ({ bids }) => {
  const windows = groupBy(bids, (b) => tumbleStart(b.dateTime) + 10 * SECOND);
  const byPrice = groupBy(bids, (b) => b.price);
  return [...windows].flatMap(([end, window]) =>
    byPrice
      .get(largest(window.map((b) => b.price)))!
      .filter((b) => b.dateTime >= end - 10 * SECOND && b.dateTime <= end)
      .map((b) => [b.auction, b.bidder, b.price, instant(b.dateTime), b.extra]),
  );
};

export const q8: Reference = ({ persons, auctions }) => {
  const sellers = new Set(auctions.map((a) => `${a.seller} ${tumbleStart(a.dateTime)}`));
  return persons
    .filter((p) => sellers.has(`${p.id} ${tumbleStart(p.dateTime)}`))
    .map((p) => [p.id, p.name, instant(tumbleStart(p.dateTime))]);
};

export const q11: Reference = ({ bids }) =>
  [...groupBy(bids, (b) => b.bidder)].flatMap(([bidder, own]) =>
    sessions(own, 10 * SECOND).map((session): ResultRow => {
      const end = session.at(-1)!.dateTime + 10 * SECOND;
      return [bidder, session.length, instant(session[0]!.dateTime), instant(end)];
    }),
  );

/** When the engine's clock puts a bid into which window is up to the clock: all bids of a bidder are counted, whatever their windows. */
export const q12: Reference = ({ bids }) =>
  [...groupBy(bids, (b) => b.bidder)].map(([bidder, own]) => [bidder, own.length]);

function tumbleStart(at: number): number {
  return Math.floor(at / (10 * SECOND)) * 10 * SECOND;
}

/** Ends of the windows that hold a time. */
function hopEnds(at: number, size: number, slide: number): number[] {
  const ends: number[] = [];
  for (let end = (Math.floor(at / slide) + 1) * slide; end - size <= at; end += slide) ends.push(end);
  return ends;
}

function sessions(bids: readonly Bid[], gap: number): Bid[][] {
  const all: Bid[][] = [];
  for (const bid of bids.toSorted((a, b) => a.dateTime - b.dateTime)) {
    const last = all.at(-1);
    // Sessions that touch are one.
    if (last !== undefined && bid.dateTime <= last.at(-1)!.dateTime + gap) last.push(bid);
    else all.push([bid]);
  }
  return all;
}
