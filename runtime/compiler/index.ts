/** From a document to what the engine deploys. */
export { compileDocument, type Compiled, type CompileOptions } from './compile.ts';
export { explain } from './explain.ts';
export {
  createValidator,
  hasSubPipelines,
  readSubPipelines,
  validateDocument,
  type AnalyzedNode,
  type SubPipelineTexts,
  type ValidateOptions,
  type Validation,
  type Validator,
} from './validate.ts';
export { pipelineJsonSchema } from './pipeline-schema.ts';
export type { Chain, Exchange, Link, PhysicalOperator, PhysicalPlan } from './physical-plan.ts';
