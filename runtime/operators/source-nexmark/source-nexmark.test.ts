import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Value } from '../../core/types.ts';
import { FAKE_EPOCH_MS } from '../../testing/fake-clock.ts';
import { createHarness, type HarnessSnapshot, type OperatorHarness } from '../../testing/operator-harness.ts';
import { propertyRuns } from '../../testing/property-runs.ts';
import { createSourceNexmark } from './runtime.ts';
import { AUCTION, BID, PERSON, sourceNexmarkSpec } from './spec.ts';

type Row = Readonly<Record<string, Value>>;
const SCHEMAS = { person: PERSON, auction: AUCTION, bid: BID };
type Kind = keyof typeof SCHEMAS;
const BASE = Date.UTC(2026, 0, 1);

function open(
  config: Record<string, unknown>,
  subtask = 0,
  parallelism = 1,
  restoreFrom: readonly HarnessSnapshot[] = [],
): Promise<OperatorHarness> {
  return createHarness({
    spec: sourceNexmarkSpec,
    create: createSourceNexmark,
    config,
    subtask,
    parallelism,
    restoreFrom,
  });
}

function openAll(config: Record<string, unknown>, parallelism: number, restoreFrom: readonly HarnessSnapshot[] = []) {
  return Promise.all(Array.from({ length: parallelism }, (_, i) => open(config, i, parallelism, restoreFrom)));
}

function rowsOf(sources: readonly OperatorHarness[], kind: Kind): Row[] {
  const names = SCHEMAS[kind].fields.map((f) => f.name);
  const rows = sources.flatMap((source) => source.output(kind));
  return rows.map(({ values }) => Object.fromEntries(names.map((name, i) => [name, values[i]!])));
}

async function made(config: Record<string, unknown>): Promise<Record<Kind, Row[]>> {
  const source = await open(config);
  source.poll();
  return {
    person: rowsOf([source], 'person'),
    auction: rowsOf([source], 'auction'),
    bid: rowsOf([source], 'bid'),
  };
}

/** All rows as texts, in an order of their own. */
function sorted(...sources: OperatorHarness[]): string[] {
  const rows = (Object.keys(SCHEMAS) as Kind[]).flatMap((kind) =>
    sources.flatMap((source) => source.output(kind)).map((row) => `${kind} ${row.eventTime} ${row.values.join()}`),
  );
  return rows.sort();
}

const share = <T>(rows: readonly T[], fits: (row: T) => boolean): number => rows.filter(fits).length / rows.length;
const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

describe('source.nexmark', () => {
  it('makes the same events at any parallelism, and goes on after a restore at another', async () => {
    const anyConfig = fc.record({
      events: fc.nat({ max: 1500 }),
      seed: fc.integer({ min: -5, max: 2 ** 40 }),
      outOfOrderGroupSize: fc.constantFrom(1, 7, 100),
      personProportion: fc.constantFrom(1, 3),
      firstEventRate: fc.constantFrom(0.5, 3, 10_000),
    });
    const anyLife = fc.tuple(anyConfig, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }), fc.nat(600));
    await fc.assert(
      fc.asyncProperty(anyLife, async ([config, before, after, ms]) => {
        const whole = await open(config);
        whole.poll();
        const first = await openAll({ ...config, eventsPerSecond: 1000 }, before);
        // Subtask 0 is ahead of the others.
        first.forEach((source, i) => {
          for (let at = 0; at <= (i === 0 ? 2 * ms : ms); at += 40) {
            source.advanceTo(FAKE_EPOCH_MS + at);
            source.pollOnce();
          }
        });
        const states = first.map((source) => source.snapshot(1));
        const second = await openAll(config, after, states);
        for (const source of second) source.poll();
        expect(sorted(...first, ...second)).toEqual(sorted(whole));
      }),
      propertyRuns(12),
    );
  });

  it('makes other events with another seed', async () => {
    const [one, two] = await Promise.all([1, 2].map((seed) => made({ events: 100, seed })));
    expect(one!.bid[0]).not.toEqual(two!.bid[0]);
  });

  it('keeps the proportions', async () => {
    const { person, auction, bid } = await made({ events: 5000 });
    expect([person.length, auction.length, bid.length]).toEqual([100, 300, 4600]);
    const other = await made({ events: 1000, personProportion: 2, auctionProportion: 3, bidProportion: 5 });
    expect([other.person.length, other.auction.length, other.bid.length]).toEqual([200, 300, 500]);
  });

  it('counts ids up, and names those that exist or come next', async () => {
    const { person, auction, bid } = await made({ events: 60_000 });
    expect(person.map((row) => row.id)).toEqual(person.map((_, i) => BigInt(1000 + i)));
    expect(auction.map((row) => row.id)).toEqual(auction.map((_, i) => BigInt(1000 + i)));
    const known = (rows: readonly Row[], at: Value): number => {
      const later = rows.findIndex((row) => (row.dateTime as number) > (at as number));
      return 1000 + (later < 0 ? rows.length : later) + 10;
    };
    // Ten events share a millisecond, so a few more than ten may be ahead.
    for (const row of auction.filter((_, i) => i % 37 === 0)) {
      expect(Number(row.seller)).toBeGreaterThanOrEqual(1000);
      expect(Number(row.seller)).toBeLessThanOrEqual(known(person, row.dateTime!));
    }
    for (const row of bid.filter((_, i) => i % 97 === 0)) {
      expect(Number(row.bidder)).toBeGreaterThanOrEqual(1000);
      expect(Number(row.bidder)).toBeLessThanOrEqual(known(person, row.dateTime!));
      expect(Number(row.auction)).toBeLessThanOrEqual(known(auction, row.dateTime!));
      expect(Number(row.auction)).toBeGreaterThanOrEqual(1000);
    }
  });

  it('draws as Nexmark does', async () => {
    const { auction, bid, person } = await made({ events: 60_000 });
    expect(share(bid, (row) => Number(row.auction) % 100 === 0)).toBeCloseTo(0.5, 1);
    expect(share(bid, (row) => Number(row.bidder) % 100 === 1)).toBeCloseTo(0.75, 1);
    expect(share(auction, (row) => Number(row.seller) % 100 === 0)).toBeCloseTo(0.75, 1);
    expect(share(bid, (row) => Number(row.price) < 10_000)).toBeCloseTo(1 / 3, 1);
    expect(share(bid, (row) => Number(row.price) < 1_000_000)).toBeCloseTo(2 / 3, 1);
    expect(bid.every((row) => Number(row.price) >= 100 && Number(row.price) <= 100_000_000)).toBe(true);
    expect(auction.every((row) => Number(row.reserve) > Number(row.initialBid))).toBe(true);
    expect([...new Set(auction.map((row) => Number(row.category)))].sort()).toEqual([10, 11, 12, 13, 14]);
    expect(share(bid, (row) => !String(row.channel).startsWith('channel-'))).toBeCloseTo(0.5, 1);
    const others = bid.filter((row) => String(row.channel).startsWith('channel-'));
    expect(share(others, (row) => String(row.url).includes('&channel_id='))).toBeCloseTo(0.9, 1);
    // A channel has one URL.
    expect(new Set(bid.map((row) => row.channel)).size).toBe(
      new Set(bid.map((row) => `${row.channel}${row.url}`)).size,
    );
    const open = auction.map((row) => (row.expires as number) - (row.dateTime as number));
    expect(Math.min(...open)).toBeGreaterThan(0);
    // 100 auctions come in 1,666 events.
    expect(mean(open) / 166.6).toBeCloseTo(1, 1);
    const texts = (row: Row): number =>
      Object.values(row).reduce<number>((n, v) => n + String(v).length * Number(typeof v === 'string'), 0);
    expect(mean(person.map(texts)) / (200 - 8)).toBeCloseTo(1, 1);
    expect(mean(auction.map(texts)) / (500 - 48)).toBeCloseTo(1, 1);
    expect(mean(bid.map((row) => String(row.extra).length)) / (100 - 32)).toBeCloseTo(1, 1);
  });

  it('adds the first id twice when it is asked to', async () => {
    const [once, twice] = await Promise.all(
      [false, true].map((addsFirstPersonIdTwice) => made({ events: 90, addsFirstPersonIdTwice })),
    );
    expect(twice!.bid.map((row) => row.bidder)).toEqual(once!.bid.map((row) => BigInt(row.bidder as bigint) + 1000n));
  });

  it('shuffles within groups, and no watermark passes a row', async () => {
    const source = await open({
      events: 5000,
      outOfOrderGroupSize: 100,
      firstEventRate: 1000,
      maxOutOfOrdernessMs: 100,
    });
    source.poll();
    let watermark = -Infinity;
    let latest = -Infinity;
    let isShuffled = false;
    for (const event of source.events) {
      if (event.type === 'watermark') watermark = event.watermark;
      else if (event.type === 'row' && event.port === 'bid') {
        expect(event.row.eventTime).toBeGreaterThan(watermark);
        isShuffled ||= event.row.eventTime! < latest;
        latest = event.row.eventTime!;
      }
    }
    expect(isShuffled).toBe(true);
    expect(sorted(source)).toHaveLength(5000);
  });

  it('spaces events by their rate, with the watermark behind', async () => {
    const source = await open({ events: 4096, firstEventRate: 1000 });
    source.poll();
    expect(source.output('bid')[0]!.eventTime).toBe(BASE + 4);
    expect(source.watermarks()).toEqual([BASE + 2047 - 4000, BASE + 4095 - 4000, Infinity]);
  });

  it('says after a restore how far event time had come on the slowest', async () => {
    const config = { firstEventRate: 1000, eventsPerSecond: 1000 };
    const before = await openAll(config, 2);
    before.forEach((source, i) => {
      source.pollOnce();
      source.advanceTo(FAKE_EPOCH_MS + 1000 * (i + 1));
      source.pollOnce();
    });
    const after = await open(
      { ...config, eventsPerSecond: null },
      0,
      1,
      before.map((source) => source.snapshot(1)),
    );
    const slowest = before[0]!.watermarks().at(-1)!;
    expect(after.watermarks()[0]).toBeLessThanOrEqual(slowest);
    expect(after.watermarks()[0]).toBeGreaterThan(slowest - 128);
  });

  it('makes no rows for a port without an edge', async () => {
    const source = await createHarness({
      spec: sourceNexmarkSpec,
      create: createSourceNexmark,
      config: { events: 100 },
      connected: ['auction'],
    });
    source.poll();
    expect([source.output('person').length, source.output('auction').length, source.output('bid').length]).toEqual([
      0, 6, 0,
    ]);
  });
});
