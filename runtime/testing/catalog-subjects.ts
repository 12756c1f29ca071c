/** Every operator of the catalog with its docs, as the laws over all operators need it. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { operatorFolder } from '../core/operator-folder.ts';
import { isComposite, type AnyCompositeSpec, type AnyOperatorFactory, type AnyOperatorSpec } from '../core/operator.ts';
import { subPipelinesIn } from '../compiler/sub-pipelines.ts';
import { isFound } from '../core/sub-pipeline.ts';
import { catalog, findSpec } from '../operators/catalog.ts';
import { runtimes } from '../operators/runtimes.ts';
import { readExample, type DocsExample } from './docs-example.ts';
import type { Subject } from './operator-trial.ts';

/** What every operator of the catalog has, a composite too. */
interface Described {
  readonly type: string;
  /** Absolute. */
  readonly folder: string;
  readonly docs: string;
  readonly example: DocsExample;
}

export type CatalogSubject = Subject & Described;

export interface CatalogComposite extends Described {
  readonly spec: AnyCompositeSpec;
}

/** Those with a runtime of their own. */
export function catalogSubjects(): readonly CatalogSubject[] {
  const factories: Readonly<Record<string, AnyOperatorFactory>> = runtimes;
  return Object.entries<AnyOperatorSpec>(catalog).flatMap(([type, spec]) =>
    isComposite(spec) ? [] : [{ spec, create: factories[type]!, ...describe(type) }],
  );
}

export function catalogComposites(): readonly CatalogComposite[] {
  return Object.entries<AnyOperatorSpec>(catalog).flatMap(([type, spec]) =>
    isComposite(spec) ? [composite(spec, describe(type))] : [],
  );
}

/** As the document has it that the example refers to. */
function composite(spec: AnyCompositeSpec, described: Described): CatalogComposite {
  const { config, files } = described.example;
  const path = spec.refersTo?.(config) ?? null;
  const found = path === null ? null : subPipelinesIn(new Map(Object.entries(files)), findSpec)(path);
  return { spec: found !== null && isFound(found) ? spec.bind!(found) : spec, ...described };
}

function describe(type: string): Described {
  const folder = fileURLToPath(new URL(`../operators/${operatorFolder(type)}`, import.meta.url));
  const docs = readFileSync(`${folder}/docs.md`, 'utf8');
  return { type, folder, docs, example: readExample(docs) };
}
