import { mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { resolveInside } from './inside.ts';

it('resolves paths under the root, there or not yet', async () => {
  const root = await realpath(await temporaryFolder());
  await mkdir(path.join(root, 'a'));
  expect(await resolveInside(root, 'a')).toBe(path.join(root, 'a'));
  expect(await resolveInside(root, 'a/new/file.json')).toBe(path.join(root, 'a/new/file.json'));
  expect(await resolveInside(root, './a/./b')).toBe(path.join(root, 'a/b'));
});

it('refuses what leads out', async () => {
  const folder = await temporaryFolder();
  const root = path.join(folder, 'root');
  await mkdir(root);
  await writeFile(path.join(folder, 'secret'), '');
  await symlink(path.join(folder, 'secret'), path.join(root, 'link'));
  await symlink(folder, path.join(root, 'up'));
  await symlink(path.join(folder, 'not-there'), path.join(root, 'dangling'));
  const wrong = [
    '',
    '..',
    '../secret',
    'a/../../secret',
    'a\\..\\..\\secret',
    '/etc/passwd',
    'C:\\x',
    'link',
    'up/secret',
    'up/new',
    'x\0y',
  ];
  for (const relative of wrong) {
    await expect(resolveInside(root, relative), relative).rejects.toMatchObject({ code: 'MR2101' });
  }
});

it('never answers with a path outside, whatever it is asked', async () => {
  const root = await realpath(await temporaryFolder());
  const part = fc.constantFrom('..', '.', 'a', '', '\\', '~', 'C:', '%2e%2e', '...');
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 6 }), fc.constantFrom('/', '\\'), async (parts, separator) => {
      const answer = await resolveInside(root, parts.join(separator)).catch(() => null);
      expect(answer === null || answer === root || answer.startsWith(root + path.sep)).toBe(true);
    }),
  );
});
