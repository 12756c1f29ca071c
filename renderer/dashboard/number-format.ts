import type { Tile } from '../../runtime/core/tile.ts';
import { currentLanguage } from '../app/i18n/index.ts';

type Unit = Pick<Tile, 'unit' | 'decimals'>;

/** Currencies stand before their number, all else behind it. */
const BEFORE = /^\p{Sc}$/u;

export interface WrittenNumber {
  readonly before: string;
  readonly digits: string;
  readonly after: string;
}

/** In parts, so that the unit can be smaller than the number. */
export function writeNumber(value: number, { unit, decimals }: Unit): WrittenNumber {
  const digits = value.toLocaleString(
    currentLanguage(),
    decimals === null
      ? { maximumFractionDigits: 2 }
      : { minimumFractionDigits: decimals, maximumFractionDigits: decimals },
  );
  const isBefore = unit !== null && BEFORE.test(unit);
  return { before: isBefore ? unit : '', digits, after: unit === null || isBefore ? '' : unit };
}

export function formatNumber(value: number, unit: Unit): string {
  const { before, digits, after } = writeNumber(value, unit);
  return `${before}${digits}${after === '' || after === '%' ? after : ` ${after}`}`;
}

/** Short, for axes and labels: `¥1.2M`, in Chinese `¥120万`. */
export function formatShort(value: number, { unit }: Pick<Tile, 'unit'>): string {
  const digits = value.toLocaleString(currentLanguage(), { notation: 'compact', maximumFractionDigits: 1 });
  if (unit === null) return digits;
  return BEFORE.test(unit) ? `${unit}${digits}` : unit === '%' ? `${digits}%` : digits;
}
