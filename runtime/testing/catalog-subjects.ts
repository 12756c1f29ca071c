/** Every operator of the catalog with its docs, as the laws over all operators need it. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { operatorFolder } from '../core/operator-folder.ts';
import { isComposite, type AnyOperatorFactory, type AnyOperatorSpec } from '../core/operator.ts';
import { catalog } from '../operators/catalog.ts';
import { runtimes } from '../operators/runtimes.ts';
import { readExample } from './docs-example.ts';
import type { Subject } from './operator-trial.ts';

export interface CatalogSubject extends Subject {
  /** Absolute. */
  readonly folder: string;
  readonly docs: string;
}

/** Those with a runtime of their own. */
export function catalogSubjects(): readonly CatalogSubject[] {
  const factories: Readonly<Record<string, AnyOperatorFactory>> = runtimes;
  return Object.entries<AnyOperatorSpec>(catalog).flatMap(([type, spec]) => {
    if (isComposite(spec)) return [];
    const folder = fileURLToPath(new URL(`../operators/${operatorFolder(type)}`, import.meta.url));
    const docs = readFileSync(`${folder}/docs.md`, 'utf8');
    return [{ type, spec, create: factories[type]!, folder, docs, example: readExample(docs) }];
  });
}
