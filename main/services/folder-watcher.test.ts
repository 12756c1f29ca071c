import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { FolderWatcher } from './folder-watcher.ts';

it('tells of changes in old and new folders, not in ignored ones', async () => {
  const root = await temporaryFolder();
  await mkdir(path.join(root, 'old'));
  await mkdir(path.join(root, 'ignored'));
  const seen = new Set<string>();
  const watcher = new FolderWatcher(root, ['ignored'], (paths) => paths.forEach((one) => seen.add(one)));
  onTestFinished(() => watcher.close());
  await watcher.start();

  await writeFile(path.join(root, 'old/a.json'), '1');
  await writeFile(path.join(root, 'ignored/b.json'), '1');
  await mkdir(path.join(root, 'new'));
  await vi.waitFor(() => expect([...seen]).toEqual(expect.arrayContaining(['old/a.json', 'new'])), { timeout: 10_000 });
  await writeFile(path.join(root, 'new/c.json'), '1');
  await vi.waitFor(() => expect([...seen]).toContain('new/c.json'), { timeout: 10_000 });
  expect([...seen]).not.toContain('ignored/b.json');
});
