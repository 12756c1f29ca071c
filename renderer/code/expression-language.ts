/** The expression language in Monaco: completion, hover and signatures from runtime/expression, for the scope of each editor. */
import type { editor as Editor, languages, Position } from 'monaco-editor/editor';
import type { TextRange } from '../../runtime/core/diagnostics.ts';
import { completions, hover, signatureHelp, type Completion } from '../../runtime/expression/index.ts';
import { expressionContext } from './expression-contexts.ts';
import { CONFIGURATION, EXPRESSION_LANGUAGE, TOKENS } from './expression-tokens.ts';
import { partsAt, valueLine } from './expression-values.ts';
import type { Monaco } from './monaco-loader.ts';
import { registerLineKeys } from './line-keys.ts';

/** Once per page. */
export function registerExpressionLanguage(monaco: Monaco): void {
  monaco.languages.register({ id: EXPRESSION_LANGUAGE });
  monaco.languages.setMonarchTokensProvider(EXPRESSION_LANGUAGE, TOKENS);
  monaco.languages.setLanguageConfiguration(EXPRESSION_LANGUAGE, CONFIGURATION);
  monaco.languages.registerCompletionItemProvider(EXPRESSION_LANGUAGE, {
    triggerCharacters: ['.', '('],
    provideCompletionItems: (model, position) => ({ suggestions: suggestionsAt(monaco, model, position) }),
  });
  monaco.languages.registerHoverProvider(EXPRESSION_LANGUAGE, {
    provideHover: async (model, position) => {
      const context = contextOf(model);
      if (context === null) return null;
      const text = model.getValue();
      const offset = model.getOffsetAt(position);
      const found = hover(text, offset, context.scope);
      const parts = (await context.evaluate?.(text)) ?? null;
      // It may have been typed into meanwhile.
      const values = parts === null || model.isDisposed() || model.getValue() !== text ? [] : partsAt(parts, offset);
      const [inner] = values;
      const range = inner ?? found?.range;
      if (range === undefined) return null;
      const contents = [...values.map(valueLine), ...(found === null ? [] : [found.contents])];
      return { range: rangeIn(monaco, model, range), contents: contents.map((value) => ({ value })) };
    },
  });
  monaco.languages.registerSignatureHelpProvider(EXPRESSION_LANGUAGE, {
    signatureHelpTriggerCharacters: ['(', ','],
    provideSignatureHelp: (model, position) => {
      const help = signatureHelp(model.getValue(), model.getOffsetAt(position));
      if (help === null) return null;
      return {
        value: {
          activeSignature: help.activeSignature,
          activeParameter: help.activeParameter,
          signatures: help.signatures.map((signature) => ({
            label: signature.label,
            documentation: { value: signature.documentation },
            parameters: signature.parameters.map((parameter) => ({ label: parameter.label })),
          })),
        },
        dispose: () => undefined,
      };
    },
  });
  registerLineKeys(monaco);
}

function suggestionsAt(monaco: Monaco, model: Editor.ITextModel, position: Position): languages.CompletionItem[] {
  const context = contextOf(model);
  if (context === null) return [];
  const text = model.getValue();
  const found = completions(text, model.getOffsetAt(position), context.scope);
  const whole = { start: 0, end: text.length };
  const { CompletionItemKind } = monaco.languages;
  const kinds = {
    field: CompletionItemKind.Field,
    function: CompletionItemKind.Function,
    keyword: CompletionItemKind.Keyword,
  };
  const item = (one: Completion, rank: number): languages.CompletionItem => ({
    label: { label: one.label, description: one.detail },
    kind: kinds[one.kind],
    insertText: one.insertText,
    documentation: { value: one.documentation },
    range: rangeIn(monaco, model, one.range),
    // Fields before functions before keywords: Monaco sorts by text.
    sortText: `${['field', 'function', 'keyword'].indexOf(one.kind)}${String(rank).padStart(4, '0')}`,
    ...(one.insertText.endsWith('(') ? { command: { id: 'editor.action.triggerParameterHints', title: '' } } : {}),
  });
  const literals = text.trim() === '' ? context.literals : [];
  return [
    ...literals.map((literal) =>
      item({ label: literal, kind: 'keyword', detail: '', documentation: '', insertText: literal, range: whole }, 0),
    ),
    ...found.map(item),
  ];
}

function contextOf(model: Editor.ITextModel): ReturnType<typeof expressionContext> {
  return expressionContext(model.uri.toString());
}

function rangeIn(monaco: Monaco, model: Editor.ITextModel, { start, end }: TextRange): InstanceType<Monaco['Range']> {
  return monaco.Range.fromPositions(model.getPositionAt(start), model.getPositionAt(end));
}
