/**
 * Messages as text, for connections that do not clone: JSON, with what JSON has no form for as an object of one key that
 * begins with `$`. Objects of the message that look so are wrapped in `$object`, so nothing is taken for what it is not.
 */
const TAGS = ['$bigint', '$bytes', '$number', '$map', '$object'] as const;

export function encodeText(message: unknown): string {
  return JSON.stringify(tag(message));
}

/** undefined when `text` is not a message. */
export function decodeText(text: string): unknown {
  try {
    return untag(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function tag(value: unknown): unknown {
  if (typeof value === 'bigint') return { $bigint: String(value) };
  if (typeof value === 'number')
    return Number.isFinite(value) && !Object.is(value, -0) ? value : { $number: printNumber(value) };
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return taggedItems(value);
  if (value instanceof Uint8Array) return { $bytes: toBase64(value) };
  if (value instanceof Map) return { $map: [...value].map((entry) => entry.map(tag)) };
  const tagged = taggedValues(value as Values);
  return tagOf(value) === null ? tagged : { $object: tagged };
}

function untag(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return untagItems(value);
  const name = tagOf(value);
  const content = name === null ? null : (value as Values)[name];
  switch (name) {
    case '$bigint':
      return BigInt(String(content));
    case '$bytes':
      return fromBase64(String(content));
    case '$number':
      return Number(content);
    case '$map':
      return new Map((content as [unknown, unknown][]).map(([key, item]) => [untag(key), untag(item)]));
    case '$object':
      return untagValues(content as Values);
    default:
      return untagValues(value as Values);
  }
}

// Reports of large jobs come many times a second: what needs no change is not copied, and what was just parsed is changed in place.

type Values = Record<string, unknown>;

function taggedItems(items: readonly unknown[]): readonly unknown[] {
  let result: unknown[] | null = null;
  items.forEach((item, i) => {
    const tagged = tag(item);
    if (!Object.is(tagged, item)) (result ??= [...items])[i] = tagged;
  });
  return result ?? items;
}

function taggedValues(value: Values): Values {
  let result: Values | null = null;
  for (const key of Object.keys(value)) {
    const tagged = tag(value[key]);
    if (!Object.is(tagged, value[key])) (result ??= { ...value })[key] = tagged;
  }
  return result ?? value;
}

function untagItems(items: unknown[]): unknown[] {
  for (let i = 0; i < items.length; i++) if (typeof items[i] === 'object') items[i] = untag(items[i]);
  return items;
}

function untagValues(value: Values): Values {
  for (const key of Object.keys(value)) if (typeof value[key] === 'object') value[key] = untag(value[key]);
  return value;
}

/** The tag of an object of one key that is a tag; null for all others. */
function tagOf(value: object): string | null {
  const keys = Object.keys(value);
  const [only] = keys;
  return keys.length === 1 && (TAGS as readonly string[]).includes(only!) ? only! : null;
}

function printNumber(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

interface Base64 {
  btoa(text: string): string;
  atob(text: string): string;
}
const { btoa, atob } = globalThis as unknown as Base64;
/** Arguments of one call are limited. */
const CHUNK = 8192;

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(text);
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}
