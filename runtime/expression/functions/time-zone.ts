/** Time zones by the names of the IANA database (`Europe/Berlin`), or as an offset (`GMT+8`, `+05:30`). */
import { cannotCompute } from '../operations.ts';
import { say } from '../../core/say.ts';
import { modulo } from './calendar.ts';

export interface TimeZone {
  /** Milliseconds that clocks there are ahead of UTC at an instant. */
  offsetAt(ms: number): number;
}

const OFFSET = /^(?:GMT|UTC)?([+-])(\d{1,2})(?::?(\d\d))?$/i;
const zones = new Map<string, TimeZone | null>();
/** Names that come from rows must not pile up. */
const MAX_ZONES = 256;

/** Null for a name that is none. */
export function findTimeZone(name: string): TimeZone | null {
  let zone = zones.get(name);
  if (zone === undefined) {
    if (zones.size >= MAX_ZONES) zones.clear();
    zone = makeZone(name);
    zones.set(name, zone);
  }
  return zone;
}

function timeZone(name: string): TimeZone {
  const zone = findTimeZone(name);
  if (zone === null) throw cannotCompute(say`${JSON.stringify(name)} is no time zone`);
  return zone;
}

function makeZone(name: string): TimeZone | null {
  const fixed = OFFSET.exec(name);
  if (fixed !== null) {
    const minutes = Number(fixed[2]) * 60 + Number(fixed[3] ?? 0);
    const offset = (fixed[1] === '-' ? -minutes : minutes) * 60_000;
    return { offsetAt: () => offset };
  }
  try {
    return new RegionZone(name);
  } catch {
    return null;
  }
}

/** Clocks change at quarters of an hour only. */
const QUARTER_MS = 900_000;
const MAX_QUARTERS = 4096;

class RegionZone implements TimeZone {
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();

  /** Throws a RangeError for a name that is none. */
  constructor(name: string) {
    const two = '2-digit';
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: two,
      day: two,
      hour: two,
      minute: two,
      second: two,
    });
  }

  offsetAt(ms: number): number {
    const quarter = Math.floor(ms / QUARTER_MS);
    let offset = this.#offsets.get(quarter);
    if (offset === undefined) {
      offset = this.#read(quarter * QUARTER_MS);
      if (this.#offsets.size >= MAX_QUARTERS) this.#offsets.clear();
      this.#offsets.set(quarter, offset);
    }
    return offset;
  }

  #read(ms: number): number {
    const parts = new Map(this.#format.formatToParts(ms).map(({ type, value }) => [type, value] as const));
    const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
    const year = parts.get('era') === 'BC' ? 1 - part('year') : part('year');
    const local = new Date(0);
    // Date.UTC takes years below 100 for those of the last century.
    local.setUTCFullYear(year, part('month') - 1, part('day'));
    local.setUTCHours(part('hour'), part('minute'), part('second'));
    return local.getTime() - (ms - modulo(ms, 1000));
  }
}

/** The instant at which clocks of the zone show `local` (ms as if in UTC): the earlier of two; where clocks were put forward, as if they had not been yet. */
export function instantOf(local: number, name: string): number {
  const zone = timeZone(name);
  // Offsets are less than a day, so one of these two holds at the instant.
  const [before, after] = [zone.offsetAt(local - 86_400_000), zone.offsetAt(local + 86_400_000)];
  const early = local - Math.max(before, after);
  const late = local - Math.min(before, after);
  if (zone.offsetAt(early) === local - early) return early;
  if (zone.offsetAt(late) === local - late) return late;
  return local - before;
}

/** What clocks of the zone show at an instant, in ms as if in UTC. */
export function localTime(ms: number, name: string): number {
  return ms + timeZone(name).offsetAt(ms);
}
