import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { simpleGit } from 'simple-git';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { listRevisions, readRevision } from './git-revisions.ts';

it('tells the revisions that touched a file, newest first, and what it held in each', async () => {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'jobs', 'a.pipeline.json');
  await mkdir(path.dirname(file));
  await writeFile(file, 'first');
  expect(await listRevisions(file)).toEqual([]);
  const git = simpleGit(folder);
  await git.init();
  await git
    .addConfig('user.name', 'Ann')
    .addConfig('user.email', 'ann@example.org')
    .addConfig('commit.gpgsign', 'false');
  await git.add('.').commit('Add it');
  await writeFile(path.join(folder, 'other.txt'), '');
  await git.add('.').commit('Add another');
  await writeFile(file, 'second');
  await git.add('.').commit('Change it');

  const revisions = await listRevisions(file);
  expect(revisions.map(({ subject, author }) => [subject, author])).toEqual([
    ['Change it', 'Ann'],
    ['Add it', 'Ann'],
  ]);
  expect(await readRevision(file, revisions[1]!.hash)).toBe('first');

  const moved = path.join(folder, 'jobs', '点击 b.pipeline.json');
  await git.mv('jobs/a.pipeline.json', 'jobs/点击 b.pipeline.json').commit('Rename it');
  const followed = await listRevisions(moved);
  expect(followed.map(({ subject }) => subject)).toEqual(['Rename it', 'Change it', 'Add it']);
  expect(await Promise.all(followed.map(({ hash }) => readRevision(moved, hash)))).toEqual([
    'second',
    'second',
    'first',
  ]);
  await expect(readRevision(file, '0'.repeat(40))).rejects.toThrow('cannot be read in revision 00000000');
});
