import type { Diagnostic } from '../core/diagnostics.ts';
import { hasErrors } from '../core/diagnostics.ts';
import type { NodeId } from '../core/ids.ts';
import { say } from '../core/say.ts';
import type { PipelineDocument } from '../graph/index.ts';
import { findSpec } from '../operators/catalog.ts';
import { toLogicalPlan } from './logical-plan.ts';
import { unknownParameters } from './parameters.ts';
import { planPhysical, type PlanOptions } from './planner.ts';
import type { PhysicalPlan } from './physical-plan.ts';
import { previewPlan, type PreviewOptions } from './preview.ts';
import { nodesWithUserCode, validateDocument, type ValidateOptions, type Validation } from './validate.ts';

export interface CompileOptions extends PlanOptions, ValidateOptions {
  /** Left out: all sinks write. */
  readonly preview?: PreviewOptions | undefined;
  /** False: a document that runs code of its own is refused (MR2305). Compiling and looking at it is never refused otherwise. */
  readonly allowsUserCode?: boolean | undefined;
}

export interface Compiled {
  /** Null iff there are errors. */
  readonly plan: PhysicalPlan | null;
  readonly diagnostics: readonly Diagnostic[];
}

function untrusted(nodeId: NodeId): Diagnostic {
  return {
    severity: 'error',
    code: 'MR2305',
    message: say`"${nodeId}" runs code of the document, and its workspace is not trusted`,
    nodeId,
  };
}

/** All that keeps a document from running, and what is known of its streams. */
export function checkDocument(
  document: PipelineDocument,
  { allowsUserCode = true, ...options }: Omit<CompileOptions, keyof PlanOptions | 'preview'>,
): { readonly validation: Validation; readonly diagnostics: readonly Diagnostic[] } {
  const validation = validateDocument(document, options);
  // Without a source there is nothing to run; while a document is being drawn that is only worth a warning.
  const found = validation.diagnostics.map((one): Diagnostic =>
    one.code === 'MR1110' ? { ...one, severity: 'error' } : one,
  );
  const diagnostics = [
    ...unknownParameters(document, options.params),
    ...found,
    ...(allowsUserCode ? [] : nodesWithUserCode(validation).map(untrusted)),
  ];
  return { validation, diagnostics };
}

/** Document → physical plan, by way of validation and the logical plan. */
export function compileDocument(document: PipelineDocument, options: CompileOptions): Compiled {
  const { baseFolder, parallelism, chaining, preview, ...checkOptions } = options;
  const { validation, diagnostics } = checkDocument(document, checkOptions);
  if (hasErrors(diagnostics)) return { plan: null, diagnostics };
  const whole = toLogicalPlan(document, validation);
  const plan = preview === undefined ? whole : previewPlan(whole, preview, options.findSpec ?? findSpec);
  return { plan: planPhysical(plan, { baseFolder, parallelism, chaining }), diagnostics };
}
