import type { NodeId } from '../core/ids.ts';
import { isComposite, type AnyOperatorSpec, type AnyPrimitiveSpec } from '../core/operator.ts';
import { catalog, findSpec } from '../operators/catalog.ts';
import type { PipelineDocument } from '../graph/index.ts';
import {
  createValidator as createValidatorOver,
  type Validation,
  type Validator,
  type ValidatorOptions,
} from './validator.ts';

export type { AnalyzedNode, Validation, Validator } from './validator.ts';

/** `params`: values given in place of the document's. `findSpec`: the catalogue, unless a test brings its own. */
export type ValidateOptions = Partial<ValidatorOptions>;

const MENDERS = Object.values<AnyOperatorSpec>(catalog).filter(
  (spec): spec is AnyPrimitiveSpec => !isComposite(spec) && spec.mends !== undefined,
);

/** A validator that remembers its last document, over the catalogue of operators. */
export function createValidator(options: ValidateOptions = {}): Validator {
  return createValidatorOver({ findSpec, menders: MENDERS, ...options });
}

/** All that is wrong with a document, and all that is known of its streams. Never throws. */
export function validateDocument(document: PipelineDocument, options: ValidateOptions = {}): Validation {
  return createValidator(options).validate(document);
}

/** Nodes that run code which the document brings along: what a workspace has to be trusted for. */
export function nodesWithUserCode({ nodes }: Validation): readonly NodeId[] {
  return [...nodes].filter(([, { traits }]) => traits?.runsUserCode === true).map(([id]) => id);
}
