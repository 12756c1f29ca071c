/** Open documents as the files of a target: pure exporters, run where the document is. */
import { exportDocument, fileBase, type DocumentExport } from '../../runtime/exporters/export-document.ts';
import type { Validation } from '../../runtime/compiler/validate.ts';
import type { Target } from '../../runtime/exporters/target.ts';
import type { PipelineDocument } from '../../runtime/graph/index.ts';
import { useRunStore } from '../stores/run-store.ts';
import { useSettingsStore } from '../stores/settings-store.ts';
import { subPipelinesOf } from '../stores/sub-pipelines.ts';

/** With the parameters that the next run has, and paths from where the file lies. `validation`: of the document with its own parameters, if it is known. */
export function exportOpen(
  path: string,
  document: PipelineDocument,
  target: Target,
  validation?: Validation,
): DocumentExport {
  const workspace = useSettingsStore.getState().hostInfo?.workspace ?? '';
  const folder = path.includes('/') ? `${workspace}/${path.slice(0, path.lastIndexOf('/'))}` : workspace;
  const { params } = useRunStore.getState().settings;
  return exportDocument(document, target, {
    params,
    ...(validation === undefined || Object.keys(params).length > 0 ? {} : { validation }),
    baseFolder: folder,
    subPipelines: subPipelinesOf(path),
  });
}

/** From the workspace; below it there is a folder for each target. */
export function exportFolder(path: string, { name }: PipelineDocument): string {
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : '';
  return `${folder}export/${fileBase(name)}`;
}

const LANGUAGES: Readonly<Record<string, string>> = {
  sql: 'sql',
  py: 'python',
  yaml: 'yaml',
  yml: 'yaml',
  md: 'markdown',
  json: 'json',
  sh: 'shell',
  js: 'javascript',
  mjs: 'javascript',
};

/** As Monaco names it. */
export function languageOf(file: string): string {
  return LANGUAGES[file.slice(file.lastIndexOf('.') + 1)] ?? 'plaintext';
}
