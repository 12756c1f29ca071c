/** Queries that join without windows. Each is the SQL of nexmark-flink's file of the same name, over arrays. */
import { average, groupBy, instant, largest, type Auction, type Bid, type Events, type Reference } from './events.ts';

export const q3: Reference = ({ auctions, persons }) => {
  const byId = groupBy(persons, (p) => p.id);
  return auctions
    .filter((a) => a.category === 10)
    .flatMap((a) => (byId.get(a.seller) ?? []).map((p) => ({ a, p })))
    .filter(({ p }) => p.state === 'OR' || p.state === 'ID' || p.state === 'CA')
    .map(({ a, p }) => [p.name, p.city, p.state, a.id]);
};

export const q4: Reference = (events) => {
  const finals = [...bidsWhileOpen(events)].map(([a, bids]) => ({ a, final: largest(bids.map((b) => b.price)) }));
  return [...groupBy(finals, ({ a }) => a.category)].map(([category, group]) => [
    category,
    average(group.map(({ final }) => final)),
  ]);
};

export const q9: Reference = (events) =>
  [...bidsWhileOpen(events)].map(([a, bids]) => {
    const [best] = bids.toSorted((x, y) => y.price - x.price || x.dateTime - y.dateTime);
    const auction = [a.id, a.itemName, a.description, a.initialBid, a.reserve, instant(a.dateTime), instant(a.expires)];
    const bid = [best!.auction, best!.bidder, best!.price, instant(best!.dateTime), best!.extra];
    return [...auction, a.seller, a.category, a.extra, ...bid];
  });

export const q20: Reference = ({ auctions, bids }) => {
  const byId = groupBy(auctions, (a) => a.id);
  return bids
    .flatMap((b) => (byId.get(b.auction) ?? []).map((a) => ({ a, b })))
    .filter(({ a }) => a.category === 10)
    .map(({ a, b }) => [
      ...[b.auction, b.bidder, b.price, b.channel, b.url, instant(b.dateTime), b.extra],
      ...[a.itemName, a.description, a.initialBid, a.reserve, instant(a.dateTime), instant(a.expires)],
      ...[a.seller, a.category, a.extra],
    ]);
};

export const q23: Reference = ({ auctions, bids, persons }) => {
  const personsById = groupBy(persons, (p) => p.id);
  const auctionsBySeller = groupBy(auctions, (a) => a.seller);
  return bids.flatMap((b) =>
    (personsById.get(b.bidder) ?? []).flatMap((p) =>
      (auctionsBySeller.get(b.bidder) ?? []).map((a) => [
        ...[b.bidder, b.price, b.channel, b.url, b.extra],
        ...[p.id, p.name, p.emailAddress, p.creditCard, p.city, p.state, p.extra],
        ...[a.itemName, a.description, a.initialBid, a.reserve, instant(a.dateTime), instant(a.expires)],
        ...[a.seller, a.category, a.extra],
      ]),
    ),
  );
};

/** Auctions with the bids that came while they were open; those without any are left out. */
function bidsWhileOpen({ auctions, bids }: Events): Map<Auction, Bid[]> {
  const byAuction = groupBy(bids, (b) => b.auction);
  const result = new Map<Auction, Bid[]>();
  for (const a of auctions) {
    const own = (byAuction.get(a.id) ?? []).filter((b) => b.dateTime >= a.dateTime && b.dateTime <= a.expires);
    if (own.length > 0) result.set(a, own);
  }
  return result;
}
