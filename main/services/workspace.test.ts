import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { Workspace } from './workspace.ts';

async function workspaceWith(files: Readonly<Record<string, string>>): Promise<Workspace> {
  const root = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), text);
  }
  return new Workspace(root);
}

describe('a workspace', () => {
  it('lists its files, not those of hidden or foreign folders', async () => {
    const workspace = await workspaceWith({
      'b.pipeline.json': '{}',
      'data/clicks.csv': '',
      '.millrace/b/1/state': '',
      'node_modules/x/index.js': '',
    });
    await symlink('/etc', path.join(workspace.root, 'etc'));
    const listed = (await workspace.list()).map(({ path: file, isPipeline }) => [file, isPipeline]);
    expect(listed).toEqual([
      ['b.pipeline.json', true],
      ['data/clicks.csv', false],
    ]);
  });

  it('saves over the version it was made from, and nothing else', async () => {
    const workspace = await workspaceWith({ 'a.pipeline.json': 'one' });
    const { revision } = await workspace.read('a.pipeline.json');
    const saved = await workspace.save('a.pipeline.json', 'two', revision);
    expect(saved.status).toBe('saved');
    expect(await workspace.save('a.pipeline.json', 'three', revision)).toEqual({
      status: 'conflict',
      text: 'two',
      revision: saved.revision,
    });
    expect(await readFile(path.join(workspace.root, 'a.pipeline.json'), 'utf8')).toBe('two');
  });

  it('writes a new file only where there is none, with its folders', async () => {
    const workspace = await workspaceWith({ 'a.json': 'one' });
    await expect(workspace.save('a.json', 'two', null)).rejects.toMatchObject({ code: 'MR2102' });
    expect(await workspace.save('deep/er/b.json', 'new', null)).toMatchObject({ status: 'saved' });
    expect((await workspace.read('deep/er/b.json')).text).toBe('new');
  });

  it('lets one of two saves from the same version win', async () => {
    const workspace = await workspaceWith({ 'a.json': 'one' });
    const { revision } = await workspace.read('a.json');
    const results = await Promise.all(['two', 'three'].map((text) => workspace.save('a.json', text, revision)));
    expect(results.map((result) => result.status)).toEqual(['saved', 'conflict']);
  });

  it('leaves no drafts behind and keeps permissions', async () => {
    const workspace = await workspaceWith({ 'a.json': 'one' });
    const file = path.join(workspace.root, 'a.json');
    await chmod(file, 0o600);
    await workspace.save('a.json', 'two', (await workspace.read('a.json')).revision);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(workspace.root)).toEqual(['a.json']);
    await mkdir(path.join(workspace.root, 'folder'));
    await expect(workspace.save('folder', 'x', null)).rejects.toMatchObject({ code: 'MR2102' });
    expect(await readdir(workspace.root)).toEqual(['a.json', 'folder']);
  });

  it('samples whole lines, without cutting a character', async () => {
    const workspace = await workspaceWith({ 'a.csv': 'name\nzoë\nünï\n' });
    expect(await workspace.sample('a.csv', 1000)).toBe('name\nzoë\nünï\n');
    expect(await workspace.sample('a.csv', 12)).toBe('name\nzoë\n');
    expect(Buffer.from(await workspace.tail('a.csv', 4)).toString()).toBe('nï\n');
    expect((await workspace.tail('a.csv', 1000)).length).toBe(16);
    await expect(workspace.tail('b.csv', 10)).rejects.toMatchObject({ code: 'MR2101' });
    await expect(workspace.sample('b.csv', 10)).rejects.toMatchObject({ code: 'MR2101' });
  });

  it('tells its own changes from those of others', async () => {
    const workspace = await workspaceWith({ 'a.json': 'one' });
    expect(await workspace.isForeign('a.json')).toBe(true);
    await workspace.save('a.json', 'two', (await workspace.read('a.json')).revision);
    expect(await workspace.isForeign('a.json')).toBe(false);
    await writeFile(path.join(workspace.root, 'a.json'), 'three');
    expect(await workspace.isForeign('a.json')).toBe(true);
  });
});
