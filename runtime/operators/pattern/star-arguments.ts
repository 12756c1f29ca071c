/** COUNT(*) and COUNT(A.*), which the expression language does not have: a name stands for the star while it is parsed. */

/** Quoted texts and names come first, so that no star in them is taken. */
const STAR_CALL =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|(?<call>\bCOUNT\s*\(\s*(?:[\p{L}_$][\p{L}\p{N}_$]*\s*\.\s*)?)\*(?=\s*\))/giu;

/** The text, as long as it was, with `_` for each such star, and where these stand. */
export function asArguments(text: string): { readonly text: string; readonly stars: ReadonlySet<number> } {
  const stars = new Set<number>();
  const replaced = text.replaceAll(STAR_CALL, (whole: string, call: string | undefined, offset: number) => {
    if (call === undefined) return whole;
    stars.add(offset + call.length);
    return `${call}_`;
  });
  return { text: replaced, stars };
}
