/** Queries that handle each bid by itself. Each is the SQL of nexmark-flink's file of the same name, over arrays. */
import { day, instant, minute, type Bid, type Reference } from './events.ts';

export const q0: Reference = ({ bids }) =>
  bids.map((b) => [b.auction, b.bidder, b.price, instant(b.dateTime), b.extra]);

export const q1: Reference = ({ bids }) =>
  bids.map((b) => [b.auction, b.bidder, euros(b), instant(b.dateTime), b.extra]);

export const q2: Reference = ({ bids }) => bids.filter((b) => b.auction % 123 === 0).map((b) => [b.auction, b.price]);

export const q10: Reference = ({ bids }) =>
  bids.map((b) => [b.auction, b.bidder, b.price, instant(b.dateTime), b.extra, day(b.dateTime), minute(b.dateTime)]);

/** The side table maps every number to itself, as nexmark-flink's `SideInputGenerator` does. */
export const q13: Reference = ({ bids }) =>
  bids.map((b) => [b.auction, b.bidder, b.price, instant(b.dateTime), String(b.auction % 10_000)]);

export const q14: Reference = ({ bids }) =>
  bids
    .filter((b) => euros(b) > 1_000_000 && euros(b) < 50_000_000)
    .map((b) => [
      b.auction,
      b.bidder,
      euros(b),
      timeOfDay(new Date(b.dateTime).getUTCHours()),
      instant(b.dateTime),
      b.extra,
      [...b.extra].filter((letter) => letter === 'c').length,
    ]);

export const q21: Reference = ({ bids }) =>
  bids
    .map((b) => ({ b, id: HOT_CHANNELS[b.channel.toLowerCase()] ?? /(&|^)channel_id=([^&]*)/.exec(b.url)?.[2] }))
    .filter(({ id }) => id !== undefined)
    .map(({ b, id }) => [b.auction, b.bidder, b.price, b.channel, id!]);

export const q22: Reference = ({ bids }) =>
  bids.map((b) => {
    const parts = b.url.split('/');
    return [b.auction, b.bidder, b.price, b.channel, parts[3] ?? null, parts[4] ?? null, parts[5] ?? null];
  });

const HOT_CHANNELS: Readonly<Record<string, string>> = { apple: '0', google: '1', facebook: '2', baidu: '3' };

/** 0.908 * price, without a rounding on the way. */
function euros({ price }: Bid): number {
  return (908 * price) / 1000;
}

function timeOfDay(hour: number): string {
  if (hour >= 8 && hour <= 18) return 'dayTime';
  return hour <= 6 || hour >= 20 ? 'nightTime' : 'otherTime';
}
