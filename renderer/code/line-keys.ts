/** Keys of an editor that is a field in a form: Enter and Escape do what they do in a field, and nothing opens a search in it. */
import type { editor as Editor } from 'monaco-editor/editor';
import type { Monaco } from './monaco-loader.ts';

/** Context key that is set in such editors. */
const IN_LINE = 'millraceLine';
const NOTHING = 'millrace.nothing';
const LEAVE = 'millrace.leaveField';

export function registerLineKeys(monaco: Monaco): void {
  const { KeyCode, KeyMod } = monaco;
  monaco.editor.addCommand({ id: NOTHING, run: () => undefined });
  monaco.editor.addCommand({
    id: LEAVE,
    run: () => document.activeElement instanceof HTMLElement && document.activeElement.blur(),
  });
  const unused = `${IN_LINE} && !suggestWidgetVisible`;
  monaco.editor.addKeybindingRules([
    { keybinding: KeyCode.Enter, command: NOTHING, when: unused },
    { keybinding: KeyMod.CtrlCmd | KeyCode.Enter, command: NOTHING, when: IN_LINE },
    { keybinding: KeyCode.Escape, command: LEAVE, when: `${unused} && !parameterHintsVisible && !editorHasSelection` },
    { keybinding: KeyMod.CtrlCmd | KeyCode.KeyF, command: NOTHING, when: IN_LINE },
    { keybinding: KeyMod.CtrlCmd | KeyCode.KeyH, command: NOTHING, when: IN_LINE },
    { keybinding: KeyCode.F1, command: NOTHING, when: IN_LINE },
  ]);
}

/** Gives an editor the keys of a field. */
export function setLineKeys(editor: Editor.IStandaloneCodeEditor): void {
  editor.createContextKey(IN_LINE, true);
}
