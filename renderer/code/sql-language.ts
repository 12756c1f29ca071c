/** Completion for queries in Monaco: tables and columns of the editor's scope, functions, and the words of SQL. */
import type { editor as Editor, languages, Position } from 'monaco-editor/editor';
import { printDataType } from '../../runtime/core/types.ts';
import { functionCatalog } from '../../runtime/expression/index.ts';
import { expressionContext } from './expression-contexts.ts';
import type { Monaco } from './monaco-loader.ts';

const WORDS = [
  ...['SELECT', 'DISTINCT', 'FROM', 'WHERE', 'GROUP BY', 'HAVING', 'ORDER BY', 'LIMIT', 'UNION ALL', 'WITH', 'AS'],
  ...['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN', 'CROSS JOIN UNNEST', 'ON', 'FOR SYSTEM_TIME AS OF'],
  ...[
    'TABLE',
    'TUMBLE',
    'HOP',
    'CUMULATE',
    'SESSION',
    'DESCRIPTOR',
    'INTERVAL',
    'window_start',
    'window_end',
    'window_time',
  ],
  ...['OVER', 'PARTITION BY', 'ROW_NUMBER', 'FILTER', 'MATCH_RECOGNIZE', 'MEASURES', 'PATTERN', 'DEFINE', 'WITHIN'],
  ...[
    'COUNT',
    'SUM',
    'AVG',
    'MIN',
    'MAX',
    'FIRST_VALUE',
    'LAST_VALUE',
    'LISTAGG',
    'AND',
    'OR',
    'NOT',
    'BETWEEN',
    'IN',
    'LIKE',
    'CASE',
  ],
];

/** Once per page. */
export function registerSqlCompletion(monaco: Monaco): void {
  monaco.languages.registerCompletionItemProvider('sql', {
    triggerCharacters: ['.'],
    provideCompletionItems: (model, position) => ({ suggestions: suggestionsAt(monaco, model, position) }),
  });
}

function suggestionsAt(monaco: Monaco, model: Editor.ITextModel, position: Position): languages.CompletionItem[] {
  const inputs = expressionContext(model.uri.toString())?.scope.inputs ?? [];
  const word = model.getWordUntilPosition(position);
  const range = new monaco.Range(position.lineNumber, word.startColumn, position.lineNumber, word.endColumn);
  const before = model.getLineContent(position.lineNumber).slice(0, word.startColumn - 1);
  const table = /([\p{L}\p{N}_$]+)\.$/u.exec(before)?.[1] ?? null;
  const { CompletionItemKind } = monaco.languages;
  const item = (
    label: string,
    kind: languages.CompletionItemKind,
    rank: number,
    detail = '',
  ): languages.CompletionItem => ({
    label: { label, description: detail },
    kind,
    insertText: label,
    range,
    sortText: `${rank}${label}`,
  });
  // An alias may stand for any of them.
  const named = inputs.filter(({ name }) => name === table);
  const columns = (named.length > 0 ? named : inputs).flatMap(({ schema }) => schema.fields);
  const types = new Map(columns.map(({ name, type }) => [name, printDataType(type)]));
  const fields = [...types].map(([name, type]) => item(name, CompletionItemKind.Field, 0, type));
  if (table !== null) return fields;
  return [
    ...fields,
    ...inputs.flatMap(({ name }) => (name === null ? [] : [item(name, CompletionItemKind.Struct, 1)])),
    ...functionCatalog.map(({ name }) => item(name, CompletionItemKind.Function, 2)),
    ...WORDS.map((one) => item(one, CompletionItemKind.Keyword, 3)),
  ];
}
