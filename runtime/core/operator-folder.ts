/**
 * The folder of an operator's type: `aggregate.window` is in `aggregate-window`, `rateLimit` in `rate-limit`.
 * `build/scripts/new-operator.mjs`, which runs without TypeScript, has the same rule.
 */
export function operatorFolder(type: string): string {
  return type.replaceAll('.', '-').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
