/** A document that an operator stands for: what it declares, as far as an operator can know of it. */
import type { DiagnosticCode } from './diagnostic-codes.ts';
import type { Expansion } from './expansion.ts';
import type { Report } from './operator.ts';
import type { Field } from './types.ts';

export type ParameterValue = string | number | boolean;

/** Where rows come into a sub-pipeline, or leave it. */
export interface Boundary {
  readonly side: 'input' | 'output';
  readonly port: string;
  /** Declared fields, in order; null: whatever comes. */
  readonly fields: readonly Field[] | null;
  /** Of an input: the rows need an event time. */
  readonly needsEventTime: boolean;
  /** Of an input: rows may be updates of earlier ones. */
  readonly acceptsUpdates: boolean;
}

export interface SubPipeline {
  /** Name of its document. */
  readonly name: string;
  /** With the values that hold where none is given; a given one is of the same type. */
  readonly params: Readonly<Record<string, ParameterValue>>;
  readonly inputs: readonly Boundary[];
  readonly outputs: readonly Boundary[];
  /** Its operators, with these values. Problems are those of the document, and null is answered when it has errors. */
  expand(values: Readonly<Record<string, ParameterValue>>, report: Report): Expansion | null;
}

/** Why there is none. */
export interface NoSubPipeline {
  readonly code: DiagnosticCode;
  readonly message: string;
}

/** The sub-pipeline in the file at `path`, seen from the document that refers to it. Synchronous: what may be referred to was read before. */
export type FindSubPipeline = (path: string) => SubPipeline | NoSubPipeline;

export function isFound(found: SubPipeline | NoSubPipeline): found is SubPipeline {
  return 'expand' in found;
}
