const query = globalThis.matchMedia?.('(prefers-reduced-motion: reduce)');

export function matchesReducedMotion(): boolean {
  return query?.matches ?? false;
}
