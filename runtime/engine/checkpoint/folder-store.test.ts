import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fileStoreContract } from '../../testing/file-store-contract.ts';
import { FileStoreError } from './file-store.ts';
import { FolderStore } from './folder-store.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'millrace-store-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('a folder', () => {
  fileStoreContract((name) => new FolderStore(path.join(scratch, name)));

  it('says what is wrong when it is no folder, and what to do', async () => {
    writeFileSync(path.join(scratch, 'file'), '');
    const files = new FolderStore(path.join(scratch, 'file'));
    const failure = await files.write('a', new Uint8Array()).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(FileStoreError);
    expect(failure).toMatchObject({
      message: expect.stringMatching(/EEXIST|ENOTDIR/) as string,
      remedy: expect.stringContaining('--state-dir') as string,
    });
    await expect(files.list('')).rejects.toThrow(FileStoreError);
  });
});
