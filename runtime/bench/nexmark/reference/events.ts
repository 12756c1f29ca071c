/** The auction house's events as plain objects; times in ms since the epoch. */
export interface Person {
  readonly id: number;
  readonly name: string;
  readonly emailAddress: string;
  readonly creditCard: string;
  readonly city: string;
  readonly state: string;
  readonly dateTime: number;
  readonly extra: string;
}

export interface Auction {
  readonly id: number;
  readonly itemName: string;
  readonly description: string;
  readonly initialBid: number;
  readonly reserve: number;
  readonly dateTime: number;
  readonly expires: number;
  readonly seller: number;
  readonly category: number;
  readonly extra: string;
}

export interface Bid {
  readonly auction: number;
  readonly bidder: number;
  readonly price: number;
  readonly channel: string;
  readonly url: string;
  readonly dateTime: number;
  readonly extra: string;
}

export interface Events {
  readonly persons: readonly Person[];
  readonly auctions: readonly Auction[];
  readonly bids: readonly Bid[];
}

/** The columns of a result in the order of the query's INSERT; times as `instant` writes them. */
export type ResultRow = readonly (string | number | null)[];

/** What a query gives in the end: of a result that changes, its last state. */
export type Reference = (events: Events) => ResultRow[];

export function instant(ms: number): string {
  return new Date(ms).toISOString();
}

/** DATE_FORMAT with 'yyyy-MM-dd'. */
export function day(ms: number): string {
  return instant(ms).slice(0, 10);
}

/** DATE_FORMAT with 'HH:mm'. */
export function minute(ms: number): string {
  return instant(ms).slice(11, 16);
}

export function groupBy<K, T>(rows: readonly T[], key: (row: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group === undefined) groups.set(key(row), [row]);
    else group.push(row);
  }
  return groups;
}

/** `Math.max(...)` of more values than a call takes. */
export function largest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b));
}

export function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

/** AVG of whole numbers, which cuts. */
export function average(values: readonly number[]): number {
  return Math.trunc(sum(values) / values.length);
}
