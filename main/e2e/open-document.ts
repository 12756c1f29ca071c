import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '@playwright/test';
import type { App } from './app.ts';
import { Designer } from './designer.ts';

/** Writes `<name>.pipeline.json`, and files beside it, into the workspace, and opens it. */
export async function openDocument(
  { page, workspace }: App,
  name: string,
  document: object,
  files: Readonly<Record<string, string>> = {},
): Promise<Designer> {
  await mkdir(workspace, { recursive: true });
  const text = JSON.stringify({ format: 'millrace/pipeline', version: 1, name, ...document });
  const all = { ...files, [`${name}.pipeline.json`]: text };
  for (const [file, content] of Object.entries(all)) await writeFile(path.join(workspace, file), content);
  const designer = new Designer(page);
  await expect(page.getByRole('navigation', { name: 'Views' })).toBeVisible();
  await page.keyboard.press('ControlOrMeta+o');
  await page.getByRole('complementary', { name: 'Pipelines' }).getByText(name, { exact: true }).first().click();
  await expect(designer.canvas).toBeVisible();
  return designer;
}
