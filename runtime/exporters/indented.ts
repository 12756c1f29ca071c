/** SQL two columns to the right. Not where a text goes over several lines: its characters stay. */
export function indented(sql: string): string {
  const texts = sql.match(/'(?:[^']|'')*'|`[^`]*`|"[^"]*"/g) ?? [];
  return texts.some((text) => text.includes('\n')) ? sql : sql.replaceAll(/^(?=.)/gm, '  ');
}
