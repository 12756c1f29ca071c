/**
 * Ports that the elements of a list name under `port`, each once and in order, from config that may be half edited; without `own`, the one
 * that the operator has anyway.
 */
export function namedPorts(list: unknown, own: string): readonly string[] {
  if (!Array.isArray(list)) return [];
  const names = list.map((one: unknown) =>
    typeof one === 'object' && one !== null && 'port' in one ? one.port : null,
  );
  return [...new Set(names)].filter((name) => typeof name === 'string' && name !== '' && name !== own) as string[];
}
