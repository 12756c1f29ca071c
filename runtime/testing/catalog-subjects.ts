/** Every operator of the catalog with its docs, as the laws over all operators need it. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AnyOperatorFactory, AnyOperatorSpec } from '../core/operator.ts';
import { catalog } from '../operators/catalog.ts';
import { runtimes } from '../operators/runtimes.ts';
import { readExample } from './docs-example.ts';
import type { Subject } from './operator-trial.ts';

export interface CatalogSubject extends Subject {
  /** Absolute. */
  readonly folder: string;
  readonly docs: string;
}

export function catalogSubjects(): readonly CatalogSubject[] {
  const factories: Readonly<Record<string, AnyOperatorFactory>> = runtimes;
  return Object.entries<AnyOperatorSpec>(catalog).map(([type, spec]) => {
    const folder = fileURLToPath(new URL(`../operators/${type.replaceAll('.', '-')}`, import.meta.url));
    const docs = readFileSync(`${folder}/docs.md`, 'utf8');
    return { type, spec, create: factories[type]!, folder, docs, example: readExample(docs) };
  });
}
