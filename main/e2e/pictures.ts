import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from '@playwright/test';
import type { App } from './app.ts';
import type { Designer } from './designer.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../build/screenshots');

/** With MILLRACE_SCREENSHOTS=1 and in the web host: the picture that the README shows, and a dark one beside the system's temporary files. */
export async function takePictures({ host, page }: App, designer: Designer): Promise<void> {
  if (process.env['MILLRACE_SCREENSHOTS'] !== '1' || host !== 'web') return;
  await mkdir(FOLDER, { recursive: true });
  await page.screenshot({ path: path.join(FOLDER, 'running.png') });
  await designer.chooseTheme('Dark');
  await page.mouse.move(700, 20);
  await expect(page.getByRole('tooltip')).toBeHidden();
  await page.screenshot({ path: path.join(tmpdir(), 'millrace-running-dark.png') });
  await designer.chooseTheme('Light');
}
