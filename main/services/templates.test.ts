import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { Templates } from './templates.ts';
import { Workspace } from './workspace.ts';

async function twoTemplates(): Promise<Templates> {
  const folder = await temporaryFolder();
  for (const name of ['quakes', 'unfinished']) await mkdir(path.join(folder, name, 'data'), { recursive: true });
  await writeFile(
    path.join(folder, 'quakes/README.md'),
    '# Earthquakes\n\n![map](map.png)\n\nStrong quakes,\nby region.\n\n## More\n',
  );
  await writeFile(path.join(folder, 'quakes/quakes.pipeline.json'), '{}');
  await writeFile(path.join(folder, 'quakes/data/quakes.csv'), 'a,b\n');
  return new Templates(folder);
}

it('lists the folders that have a document and a README', async () => {
  const templates = await twoTemplates();
  expect(await templates.list()).toEqual([
    { name: 'quakes', title: 'Earthquakes', description: 'Strong quakes, by region.', operatorTypes: [] },
  ]);
  expect(await templates.picture('quakes')).toBeNull();
});

it('copies without overwriting', async () => {
  const templates = await twoTemplates();
  const workspace = new Workspace(await temporaryFolder());
  expect(await templates.copyTo(workspace, 'quakes')).toBe('quakes/quakes.pipeline.json');
  expect(await templates.copyTo(workspace, 'quakes')).toBe('quakes-2/quakes.pipeline.json');
  expect((await workspace.list()).map((file) => file.path)).toContain('quakes-2/data/quakes.csv');
  await expect(templates.copyTo(workspace, '../quakes')).rejects.toMatchObject({ code: 'MR2101' });
});
