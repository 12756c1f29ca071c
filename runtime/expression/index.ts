/** The expression language: SQL scalar expressions over the fields of rows (contract.md §2). */
export { checkExpression, checkSyntax, type CheckedExpression } from './check.ts';
export { completions, type Completion } from './editor/completions.ts';
export { hover, type Hover } from './editor/hover.ts';
export { signatureHelp, type SignatureHelp } from './editor/signature-help.ts';
export { evaluate } from './evaluate.ts';
export type { EvaluationContext, FunctionSpec } from './functions/declare.ts';
export { functionCatalog } from './functions/index.ts';
export { compileKernel, compilePredicate, type Kernel, type Predicate } from './kernel.ts';
export { parseExpression, type ParsedExpression } from './parse.ts';
export { backquoted, printExpression, printName } from './print.ts';
export { javaText, javaType, printJava, printJavaCondition, untranslatableToJava } from './print-java.ts';
export {
  printFlinkInterval,
  printFlinkSql,
  printFlinkType,
  printSparkSql,
  printSparkType,
  untranslatable,
} from './print-sql.ts';
export { compareBytes, compareText } from './operations.ts';
export type { ExpressionProblem } from './problem.ts';
export { applyEdits, fieldEdits, renameFields, type RenameOf, type TextEdit } from './rename-field.ts';
export { inputScope, scopeOf, type Scope, type ScopeInput } from './scope.ts';
export { syntaxChildren, type NamePart, type Syntax } from './syntax.ts';
export { referencedFields, type ReferencedField, type TypedExpression } from './typed-expression.ts';
