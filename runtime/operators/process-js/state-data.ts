/**
 * What a state without a type holds: what JSON can, and bigint, bytes, Map, and numbers that are not finite. It is copied on its way in
 * and out: an object that user code goes on to change is not what is kept, whatever the backend.
 */
import type { Json, StateCodec } from '../../core/state.ts';
import { isOfClass, MISFIT } from './user-values.ts';

/** Deeper than this is taken for a circle. */
const MAX_DEPTH = 100;

/** A copy that shares nothing with `value`; `MISFIT` where it holds something else (a function, a Date, a circle). */
export function copyData(value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'bigint':
    case 'boolean':
      return value;
    case 'object':
      return value === null ? null : depth > MAX_DEPTH ? MISFIT : copyObject(value, depth + 1);
    default:
      return MISFIT;
  }
}

function copyObject(value: object, depth: number): unknown {
  if (Array.isArray(value)) {
    const copies = value.map((element) => copyData(element ?? null, depth));
    return copies.includes(MISFIT) ? MISFIT : copies;
  }
  if (isOfClass(value, 'Uint8Array')) return Uint8Array.from(value as Uint8Array);
  if (isOfClass(value, 'Map')) {
    const copies = Array.from(value as ReadonlyMap<unknown, unknown>, ([key, one]) => [
      copyData(key, depth),
      copyData(one, depth),
    ]);
    return copies.some((pair) => pair.includes(MISFIT)) ? MISFIT : new Map(copies as [unknown, unknown][]);
  }
  if (!isOfClass(value, 'Object')) return MISFIT;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  const copies = entries.map(([name, one]) => [name, copyData(one, depth)] as const);
  return copies.some(([, one]) => one === MISFIT) ? MISFIT : Object.fromEntries(copies);
}

/** JSON's own values are themselves but arrays, whose first element says what they stand for. */
export const dataCodec: StateCodec = { toJson, fromJson, sizeOf };

function toJson(value: unknown): Json {
  if (typeof value === 'bigint') return ['bigint', value.toString()];
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) {
    return ['number', Object.is(value, -0) ? '-0' : String(value)];
  }
  if (typeof value !== 'object' || value === null) return value as string | number | boolean | null;
  if (Array.isArray(value)) return ['array', ...value.map(toJson)];
  if (value instanceof Uint8Array) return ['bytes', ...value];
  if (value instanceof Map) return ['map', ...Array.from(value, ([key, one]) => [toJson(key), toJson(one)])];
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, toJson(one)]));
}

function fromJson(json: Json): unknown {
  if (!Array.isArray(json)) {
    if (typeof json !== 'object' || json === null) return json;
    return Object.fromEntries(Object.entries(json).map(([name, one]) => [name, fromJson(one as Json)]));
  }
  const [tag, ...rest] = json as readonly Json[];
  switch (tag) {
    case 'bigint':
      return BigInt(rest[0] as string);
    case 'number':
      return Number(rest[0]);
    case 'bytes':
      return Uint8Array.from(rest as number[]);
    case 'map':
      return new Map((rest as [Json, Json][]).map(([key, one]) => [fromJson(key), fromJson(one)]));
    default:
      return rest.map(fromJson);
  }
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return 24 + value.length;
  if (typeof value !== 'object' || value === null) return 16;
  if (value instanceof Uint8Array) return 200 + value.length;
  if (Array.isArray(value)) return value.reduce<number>((sum, element) => sum + 8 + sizeOf(element), 64);
  if (value instanceof Map) return [...value].reduce((sum, [k, v]) => sum + 48 + sizeOf(k) + sizeOf(v), 64);
  return Object.entries(value).reduce((sum, [name, one]) => sum + 16 + name.length + sizeOf(one), 56);
}
