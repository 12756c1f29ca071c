import type { Diagnostic } from '../core/diagnostics.ts';
import { hasErrors } from '../core/diagnostics.ts';
import type { PipelineDocument } from '../graph/index.ts';
import { toLogicalPlan } from './logical-plan.ts';
import { unknownParameters } from './parameters.ts';
import { planPhysical, type PlanOptions } from './planner.ts';
import type { PhysicalPlan } from './physical-plan.ts';
import { validateDocument, type ValidateOptions } from './validate.ts';

export type CompileOptions = PlanOptions & ValidateOptions;

export interface Compiled {
  /** Null iff there are errors. */
  readonly plan: PhysicalPlan | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Document → physical plan, by way of validation and the logical plan. */
export function compileDocument(document: PipelineDocument, options: CompileOptions): Compiled {
  const { baseFolder, parallelism, ...validateOptions } = options;
  const validation = validateDocument(document, validateOptions);
  // Without a source there is nothing to run; while a document is being drawn that is only worth a warning.
  const found = validation.diagnostics.map((one): Diagnostic =>
    one.code === 'MR1110' ? { ...one, severity: 'error' } : one,
  );
  const diagnostics = [...unknownParameters(document, options.params), ...found];
  if (hasErrors(diagnostics)) return { plan: null, diagnostics };
  return { plan: planPhysical(toLogicalPlan(document, validation), { baseFolder, parallelism }), diagnostics };
}
