/** The expression language: SQL scalar expressions over the fields of rows (contract.md §2). */
export { checkExpression, type CheckedExpression } from './check.ts';
export { completions, type Completion } from './editor/completions.ts';
export { hover, type Hover } from './editor/hover.ts';
export { signatureHelp, type SignatureHelp } from './editor/signature-help.ts';
export { evaluate } from './evaluate.ts';
export type { EvaluationContext, FunctionSpec } from './functions/declare.ts';
export { functionCatalog } from './functions/index.ts';
export { compileKernel, compilePredicate, type Kernel, type Predicate } from './kernel.ts';
export { printExpression } from './print.ts';
export { printFlinkSql, printFlinkType, printSparkSql, printSparkType, untranslatable } from './print-sql.ts';
export type { ExpressionProblem } from './problem.ts';
export { renameField } from './rename-field.ts';
export { scopeOf, type Scope, type ScopeInput } from './scope.ts';
export { referencedFields, type ReferencedField, type TypedExpression } from './typed-expression.ts';
