import type { Value } from '../../../core/types.ts';

/** Whether two values of a field are the same, as a key would compare them: NULL is NULL, NaN is NaN, and -0 is 0. */
export function isSameValue(a: Value, b: Value): boolean {
  if (a === b || (a !== a && b !== b)) return true;
  if (a instanceof Uint8Array) return b instanceof Uint8Array && a.length === b.length && a.every((x, i) => x === b[i]);
  if (a instanceof Map) {
    if (!(b instanceof Map) || a.size !== b.size) return false;
    const others: (readonly [Value, Value])[] = [...(b as ReadonlyMap<Value, Value>)];
    return [...(a as ReadonlyMap<Value, Value>)].every(([k, v]) =>
      others.some(([l, w]) => isSameValue(k, l) && isSameValue(v, w)),
    );
  }
  return isList(a) && isList(b) && a.length === b.length && a.every((x, i) => isSameValue(x, b[i]!));
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}
