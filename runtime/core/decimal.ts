/** DECIMAL values: an unscaled bigint and the scale its type gives. */

export function pow10(exponent: number): bigint {
  return 10n ** BigInt(exponent);
}

/** `12345n` at scale 2 → `"123.45"`. */
export function printDecimal(unscaled: bigint, scale: number): string {
  if (scale === 0) return unscaled.toString();
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Unscaled value of `text` at `scale`, half up; null when it is no number or does not fit `precision` digits. */
export function parseDecimal(text: string, precision: number, scale: number): bigint | null {
  const match = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?\s*$/i.exec(text);
  if (match === null || `${match[2]}${match[3] ?? ''}` === '') return null;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const digits = BigInt(`${whole}${fraction}`);
  const value = rescaleDecimal(digits, fraction.length - Number(exponent), scale);
  return fitsPrecision(value, precision) ? (sign === '-' ? -value : value) : null;
}

/** The same number at another scale, rounded half up (away from zero), as Flink does. */
export function rescaleDecimal(unscaled: bigint, from: number, to: number): bigint {
  if (to >= from) return unscaled * pow10(to - from);
  const divisor = pow10(from - to);
  const half = divisor / 2n;
  return unscaled < 0n ? -((-unscaled + half) / divisor) : (unscaled + half) / divisor;
}

export function fitsPrecision(unscaled: bigint, precision: number): boolean {
  const limit = pow10(precision);
  return unscaled < limit && unscaled > -limit;
}
