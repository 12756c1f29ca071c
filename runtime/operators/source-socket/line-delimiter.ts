const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', 0: '\0', '\\': '\\' };

/** The text with its escapes (`\n`, `\r`, `\t`, `\0`, `\\`) read; null when there is another one. */
export function readLineDelimiter(text: string): string | null {
  let isWhole = true;
  const read = text.replace(/\\(.?)/gs, (_, letter: string) => {
    isWhole &&= Object.hasOwn(ESCAPES, letter);
    return ESCAPES[letter] ?? '';
  });
  return isWhole ? read : null;
}
