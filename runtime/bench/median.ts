/** Of a few runs; the upper of two middle ones. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

/** The median of `runs` measurements, one after the other. */
export async function medianOf(runs: number, measure: () => number | Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let i = 0; i < runs; i++) values.push(await measure());
  return median(values);
}

export function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}
