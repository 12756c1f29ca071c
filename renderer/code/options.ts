import type { editor as Editor } from 'monaco-editor/editor';

const SHARED: Editor.IStandaloneEditorConstructionOptions = {
  fontSize: 12,
  lineHeight: 18,
  fontLigatures: false,
  minimap: { enabled: false },
  scrollBeyondLastLine: false,
  wordBasedSuggestions: 'off',
  links: false,
  contextmenu: false,
  stickyScroll: { enabled: false },
  bracketPairColorization: { enabled: false },
  hideCursorInOverviewRuler: true,
  overviewRulerBorder: false,
};

/** One expression in a form. */
export const LINE_OPTIONS: Editor.IStandaloneEditorConstructionOptions = {
  ...SHARED,
  lineNumbers: 'off',
  lineNumbersMinChars: 0,
  lineDecorationsWidth: 8,
  glyphMargin: false,
  folding: false,
  overviewRulerLanes: 0,
  wordWrap: 'on',
  wrappingIndent: 'same',
  renderLineHighlight: 'none',
  guides: { indentation: false },
  occurrencesHighlight: 'off',
  selectionHighlight: false,
  padding: { top: 4, bottom: 4 },
  scrollbar: {
    vertical: 'auto',
    horizontal: 'hidden',
    verticalScrollbarSize: 8,
    useShadows: false,
    alwaysConsumeMouseWheel: false,
  },
  // Tab goes to the next field.
  tabFocusMode: true,
  quickSuggestions: { other: true, comments: false, strings: false },
  suggestFontSize: 12,
  suggestLineHeight: 22,
  suggest: { showStatusBar: false, showWords: false, preview: false },
  parameterHints: { enabled: true },
};

/** A whole text. */
export const FILE_OPTIONS: Editor.IStandaloneEditorConstructionOptions = {
  ...SHARED,
  lineNumbersMinChars: 3,
  folding: true,
  tabSize: 2,
  padding: { top: 8, bottom: 8 },
  renderLineHighlight: 'line',
  // Keys of a JSON object are strings.
  quickSuggestions: { other: true, comments: false, strings: true },
  scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, useShadows: false },
};
