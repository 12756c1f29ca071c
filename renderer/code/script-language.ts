/**
 * JavaScript as Monaco's language service checks it: with the declarations of the operator whose code is typed. The service
 * itself (TypeScript, in a worker) is loaded by Monaco when there is something to check.
 */
import { javascriptDefaults, ScriptTarget } from 'monaco-editor/languages/features/typescript/register';

/** TypeScript's `ModuleDetectionKind.Force`: names of one script are not those of another that is open. */
const EACH_IS_A_MODULE = 3;
const TYPINGS = 'millrace://typings/script.d.ts';

javascriptDefaults.setCompilerOptions({
  allowJs: true,
  checkJs: true,
  strict: true,
  noImplicitAny: false,
  allowNonTsExtensions: true,
  target: ScriptTarget.ESNext,
  // Neither DOM nor Node: what user code does not have.
  lib: ['es2023'],
  types: [],
  moduleDetection: EACH_IS_A_MODULE,
});
// What cannot be read the validator says, for every place the document is looked at.
javascriptDefaults.setDiagnosticsOptions({ noSyntaxValidation: true });

/** Text of a `.d.ts`: what the script sees. One at a time: that of the editor that was shown or changed last. */
export function setScriptTypings(text: string): void {
  javascriptDefaults.setExtraLibs([{ content: text, filePath: TYPINGS }]);
}
