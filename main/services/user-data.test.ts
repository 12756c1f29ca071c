import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { UserData } from './user-data.ts';

it('keeps settings, and goes back to defaults when their file is broken', async () => {
  const folder = await temporaryFolder();
  const defaults = await new UserData(folder).settings();
  await new UserData(folder).changeSettings({ theme: 'dark', layout: { panels: [1] } });
  expect(await new UserData(folder).settings()).toEqual({ ...defaults, theme: 'dark', layout: { panels: [1] } });
  await writeFile(path.join(folder, 'settings.json'), '{"theme":"purple"}');
  expect(await new UserData(folder).settings()).toEqual(defaults);
});

it('makes changes one after the other', async () => {
  const userData = new UserData(await temporaryFolder());
  await Promise.all(['a', 'b', 'c', 'a'].map((document) => userData.noteDocument('/w', document)));
  expect(await userData.recentDocuments('/w')).toEqual(['a', 'c', 'b']);
  expect(await userData.recentDocuments('/other')).toEqual([]);
});

it('trusts no workspace but those it was told to', async () => {
  const folder = await temporaryFolder();
  expect(await new UserData(folder).isTrusted('/w')).toBe(false);
  await new UserData(folder).setTrusted('/w', true);
  expect(await new UserData(folder).isTrusted('/w')).toBe(true);
  // Neither what is inside nor what is around.
  expect(await new UserData(folder).isTrusted('/w/inner')).toBe(false);
  expect(await new UserData(folder).isTrusted('/')).toBe(false);
  await writeFile(path.join(folder, 'trusted.json'), '{"workspaces":"all"}');
  expect(await new UserData(folder).isTrusted('/w')).toBe(false);
  await new UserData(folder).setTrusted('/w', true);
  await new UserData(folder).setTrusted('/w', false);
  expect(await new UserData(folder).isTrusted('/w')).toBe(false);
});

it('keeps unsaved text until it is dropped or older than the file', async () => {
  const userData = new UserData(await temporaryFolder());
  await userData.keepRecovery('/w', 'a', 'unsaved');
  expect(await userData.recovery('/w', 'a', 0)).toBe('unsaved');
  expect(await userData.recovery('/w', 'b', 0)).toBeNull();
  expect(await userData.recovery('/w', 'a', Infinity)).toBeNull();
  await userData.dropRecovery('/w', 'a');
  expect(await userData.recovery('/w', 'a', 0)).toBeNull();
});
