/** What a target has no place for, however it is configured: for lists of operators. */
import type { Unsupported } from '../core/exporter.ts';
import { findSpec } from '../operators/catalog.ts';

/** Null: it depends. A part of an exporter that takes nothing gives the same for every config, and so can be asked without one. */
export function constantRefusal(part: (...args: never[]) => object): string | null {
  if (part.length > 0) return null;
  const given = part() as Partial<Unsupported>;
  return given.unsupported ?? null;
}

/** Whether rows begin or end there. */
export function isEnd(type: string): boolean {
  const category = findSpec(type)?.category;
  return category === 'source' || category === 'sink';
}
