/** A `bytes` column of state as it is shown: most hold texts, in UTF-8. */
export function textOfBytes(bytes: Uint8Array): string {
  try {
    return STRICT.decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('base64');
  }
}

const STRICT = new TextDecoder('utf-8', { fatal: true });
