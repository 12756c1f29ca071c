/** Monaco with what we use of it; loaded on demand (monaco-loader.ts), set up once. */
import * as monaco from 'monaco-editor/editor';
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
import 'monaco-editor/features/register.all';
import JsonWorker from 'monaco-editor/language/json/json.worker?worker';
import ScriptWorker from 'monaco-editor/language/typescript/ts.worker?worker';
import 'monaco-editor/languages/definitions/javascript/register';
import 'monaco-editor/languages/definitions/markdown/register';
import 'monaco-editor/languages/definitions/python/register';
import 'monaco-editor/languages/definitions/shell/register';
import 'monaco-editor/languages/definitions/sql/register';
import 'monaco-editor/languages/definitions/yaml/register';
import { jsonDefaults } from 'monaco-editor/languages/features/json/register';
import { registerExpressionLanguage } from './expression-language.ts';
import { pipelineSchema } from './pipeline-schema.ts';
// Before the first script is shown: its language is set up when it is first seen, and not again.
import './script-language.ts';
import { registerSqlCompletion } from './sql-language.ts';

self.MonacoEnvironment = {
  getWorker(_moduleId: string, label: string): Worker {
    switch (label) {
      case 'json':
        return new JsonWorker();
      case 'javascript':
        return new ScriptWorker();
      default:
        return new EditorWorker();
    }
  },
};

registerExpressionLanguage(monaco);
registerSqlCompletion(monaco);
jsonDefaults.setDiagnosticsOptions({
  validate: true,
  allowComments: false,
  enableSchemaRequest: false,
  schemas: [{ uri: 'millrace://pipeline.schema.json', fileMatch: ['*.pipeline.json'], schema: pipelineSchema() }],
});

export { monaco };
