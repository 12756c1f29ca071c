/** Queries that aggregate or rank over all that has come. Each is the SQL of nexmark-flink's file of the same name, over arrays. */
import { average, day, groupBy, instant, largest, minute, sum, type Bid, type Reference } from './events.ts';

export const q15: Reference = ({ bids }) =>
  [...groupBy(bids, (b) => day(b.dateTime))].map(([date, group]) => [
    ...[date, ...byRank(group, countAll)],
    ...[...byRank(group, (own) => distinct(own, 'bidder')), ...byRank(group, (own) => distinct(own, 'auction'))],
  ]);

export const q16: Reference = ({ bids }) =>
  [...groupBy(bids, (b) => `${b.channel} ${day(b.dateTime)}`).values()].map((group) => [
    ...[group[0]!.channel, day(group[0]!.dateTime)],
    ...[group.map((b) => minute(b.dateTime)).reduce((a, b) => (a > b ? a : b)), ...byRank(group, countAll)],
    ...[...byRank(group, (own) => distinct(own, 'bidder')), ...byRank(group, (own) => distinct(own, 'auction'))],
  ]);

export const q17: Reference = ({ bids }) =>
  [...groupBy(bids, (b) => `${b.auction} ${day(b.dateTime)}`).values()].map((group) => {
    const prices = group.map((b) => b.price);
    return [
      ...[group[0]!.auction, day(group[0]!.dateTime), ...byRank(group, countAll)],
      ...[-largest(prices.map((price) => -price)), largest(prices), average(prices), sum(prices)],
    ];
  });

export const q18: Reference = ({ bids }) =>
  [...groupBy(bids, (b) => `${b.bidder} ${b.auction}`).values()].map((group) =>
    allFields(group.toSorted((a, b) => b.dateTime - a.dateTime)[0]!),
  );

export const q19: Reference = ({ bids }) =>
  [...groupBy(bids, (b) => b.auction).values()].flatMap((group) =>
    group
      .toSorted((a, b) => b.price - a.price || a.dateTime - b.dateTime)
      .slice(0, 10)
      .map((b, i) => [...allFields(b), i + 1]),
  );

function allFields(b: Bid): (string | number)[] {
  return [b.auction, b.bidder, b.price, b.channel, b.url, instant(b.dateTime), b.extra];
}

/** Of all bids, and of those with a low, a medium and a high price. */
function byRank(bids: readonly Bid[], count: (bids: readonly Bid[]) => number): number[] {
  return [
    count(bids),
    count(bids.filter((b) => b.price < 10_000)),
    count(bids.filter((b) => b.price >= 10_000 && b.price < 1_000_000)),
    count(bids.filter((b) => b.price >= 1_000_000)),
  ];
}

function countAll(bids: readonly Bid[]): number {
  return bids.length;
}

function distinct(bids: readonly Bid[], field: 'bidder' | 'auction'): number {
  return new Set(bids.map((b) => b[field])).size;
}
