/** BYTES in text: base64 (RFC 4648), without tying core/ to the DOM's or Node's types. */
const { atob, btoa } = globalThis as unknown as { atob(text: string): string; btoa(binary: string): string };

/** Arguments of one call of `fromCharCode`: well below every engine's limit. */
const SLICE = 8192;

export function printBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += SLICE) binary += String.fromCharCode(...bytes.subarray(at, at + SLICE));
  return btoa(binary);
}

/** Null when the text is not base64. */
export function parseBase64(text: string): Uint8Array | null {
  try {
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
    return bytes;
  } catch {
    return null;
  }
}
