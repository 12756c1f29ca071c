import type { NodeId } from '../core/ids.ts';
import { isComposite, type AnyOperatorSpec, type AnyPrimitiveSpec } from '../core/operator.ts';
import { catalog, findSpec } from '../operators/catalog.ts';
import type { PipelineDocument } from '../graph/index.ts';
import { referredPaths, readReferred, subPipelinesIn, type SubPipelineTexts } from './sub-pipelines.ts';
import {
  createValidator as createValidatorOver,
  type Validation,
  type Validator,
  type ValidatorOptions,
} from './validator.ts';

export type { SubPipelineTexts } from './sub-pipelines.ts';
export type { AnalyzedNode, Validation, Validator } from './validator.ts';

/** `params`: values given in place of the document's. `findSpec`: the catalogue, unless a test brings its own. */
export interface ValidateOptions extends Partial<ValidatorOptions> {
  /** Texts of the documents that this one stands on (`readSubPipelines`), by path from its folder. */
  readonly subPipelines?: SubPipelineTexts | undefined;
}

const NO_TEXTS: SubPipelineTexts = new Map();

const MENDERS = Object.values<AnyOperatorSpec>(catalog).filter(
  (spec): spec is AnyPrimitiveSpec => !isComposite(spec) && spec.mends !== undefined,
);

/** A validator that remembers its last document, over the catalogue of operators. */
export function createValidator(options: ValidateOptions = {}): Validator {
  const { subPipelines = NO_TEXTS, ...others } = options;
  const find = options.findSpec ?? findSpec;
  return createValidatorOver({
    findSpec: find,
    menders: MENDERS,
    findSubPipeline: subPipelinesIn(subPipelines, find),
    ...others,
  });
}

/** All that is wrong with a document, and all that is known of its streams. Never throws. */
export function validateDocument(document: PipelineDocument, options: ValidateOptions = {}): Validation {
  return createValidator(options).validate(document);
}

/** Nodes that run code which the document brings along: what a workspace has to be trusted for. */
export function nodesWithUserCode({ nodes }: Validation): readonly NodeId[] {
  return [...nodes].filter(([, { traits }]) => traits?.runsUserCode === true).map(([id]) => id);
}

/** Whether nodes of the document stand for other documents. */
export function hasSubPipelines(document: PipelineDocument): boolean {
  return referredPaths(document, findSpec).length > 0;
}

/**
 * The texts of all documents that this one stands on, and of those that they do, by path from its folder (`../lib/clean.pipeline.json`). `read`
 * answers null for a file that cannot be read: validation says so where it is named.
 */
export function readSubPipelines(
  document: PipelineDocument,
  read: (path: string) => Promise<string | null>,
): Promise<SubPipelineTexts> {
  return readReferred(document, read, findSpec);
}
