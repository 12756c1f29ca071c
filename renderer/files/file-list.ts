/** The workspace's files as the Pipelines view lists them. */
import { create } from 'zustand';
import type { TemplateInfo, WorkspaceFile } from '../../runtime/protocol/host.ts';
import { host } from '../host/host.ts';

interface FileListState {
  /** null: not asked for yet. */
  readonly files: readonly WorkspaceFile[] | null;
  readonly recent: readonly string[];
  readonly templates: readonly TemplateInfo[];
}

export const useFileList = create<FileListState>(() => ({ files: null, recent: [], templates: [] }));

export async function refreshFiles(): Promise<void> {
  const [files, recent, templates] = await Promise.all([
    host().listFiles(),
    host().recentDocuments(),
    host().listTemplates(),
  ]);
  useFileList.setState({ files, recent, templates });
}
