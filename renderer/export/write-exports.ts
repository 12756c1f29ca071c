import type { WrittenFile } from '../../runtime/protocol/host.ts';
import { refreshFiles } from '../files/file-list.ts';
import { host } from '../host/host.ts';
import { notify, notifyError } from '../stores/notice-store.ts';

/** Into the workspace, in place of what is there under these names. */
export async function writeExports(folder: string, files: readonly WrittenFile[]): Promise<void> {
  try {
    await host().writeFiles(files);
    notify('export:written', { tone: 'success', values: { count: files.length, folder } });
    void refreshFiles();
  } catch (error) {
    notifyError('export:failed', error, { folder });
  }
}
