/** Places inside a config: `['aggregates', 1, 'expr']` in code, `aggregates[1].expr` in diagnostics. */
import { printPath } from '../../../runtime/core/config.ts';
import type { ConfigPath } from '../../../runtime/graph/index.ts';

export { printPath };
export type { ConfigPath };

/** The inverse of `printPath`. */
export function parsePath(text: string): ConfigPath {
  return [...text.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, key]) =>
    index === undefined ? key! : Number(index),
  );
}

/** `path` is `under`, or a place inside it. Both as printed. */
export function isWithin(path: string, under: string): boolean {
  if (under === '') return true;
  if (!path.startsWith(under)) return false;
  const next = path[under.length];
  return next === undefined || next === '.' || next === '[';
}

/** The value at a path; undefined where there is none. */
export function valueAt(value: unknown, path: ConfigPath): unknown {
  return path.reduce<unknown>((at, part) => {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined;
    return (at as Readonly<Record<string | number, unknown>>)[part];
  }, value);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
