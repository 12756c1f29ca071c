/** The function catalogue: every family, and lookup by name or alias. */
import { assert } from '../../core/errors.ts';
import { COLLECTION_FUNCTIONS } from './collection.ts';
import { CONDITIONAL_FUNCTIONS } from './conditional.ts';
import { DATETIME_FUNCTIONS } from './datetime.ts';
import type { FunctionSpec } from './declare.ts';
import { ENCODING_FUNCTIONS } from './encoding.ts';
import { HASH_FUNCTIONS } from './hash.ts';
import { JSON_FUNCTIONS } from './json.ts';
import { MATH_FUNCTIONS } from './math.ts';
import { REGEX_FUNCTIONS } from './regex.ts';
import { STRING_FUNCTIONS } from './string.ts';

export const functionCatalog: readonly FunctionSpec[] = [
  ...STRING_FUNCTIONS,
  ...ENCODING_FUNCTIONS,
  ...MATH_FUNCTIONS,
  ...DATETIME_FUNCTIONS,
  ...CONDITIONAL_FUNCTIONS,
  ...JSON_FUNCTIONS,
  ...REGEX_FUNCTIONS,
  ...HASH_FUNCTIONS,
  ...COLLECTION_FUNCTIONS,
];

const BY_NAME = new Map<string, FunctionSpec>(
  functionCatalog.flatMap((spec) => [spec.name, ...spec.aliases].map((name) => [name, spec] as const)),
);

/** By name or alias, in any case. */
export function findFunction(name: string): FunctionSpec | undefined {
  return BY_NAME.get(name.toUpperCase());
}

/** Of a name that the checker has put in a typed tree. */
export function functionNamed(name: string): FunctionSpec {
  const spec = BY_NAME.get(name);
  assert(spec !== undefined, `no function ${name}`);
  return spec;
}

/** All names that can be called, aliases included. */
export function functionNames(): readonly string[] {
  return [...BY_NAME.keys()];
}
