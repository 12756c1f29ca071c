/** Pictures of what is on screen in every look it has, side by side: to be looked at, by a person. */
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { atRest } from './at-rest.ts';

const THEMES = ['light', 'dark'] as const;
const LANGUAGES = ['en', 'zh-CN'] as const;
/** Of a sheet. */
const WIDTH = 1600;

export class Gallery {
  readonly page: Page;
  /** Where the pictures are. */
  readonly folder = process.env['MILLRACE_GALLERY'] ?? path.join(tmpdir(), 'millrace-gallery');

  constructor(page: Page) {
    this.page = page;
  }

  /** A command by its id, as the desktop's menu gives it: whatever has the keyboard, in any language. */
  async command(id: string): Promise<void> {
    await this.page.evaluate(
      (command) => window.postMessage({ type: 'millrace:command', command }, location.origin),
      id,
    );
  }

  /**
   * `part` in both themes and both languages on one sheet, `<name>.png`; null: the window, in a picture of each. The app is in English before
   * and after.
   */
  async look(name: string, part: Locator | null = null): Promise<void> {
    // By its name it is found in one language only.
    const shown = part === null ? this.page : (await part.elementHandle())!;
    const pictures: { readonly title: string; readonly png: Buffer; readonly width: number }[] = [];
    for (const language of LANGUAGES) {
      for (const theme of THEMES) {
        await this.page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
        await this.#atRest();
        const png = await shown.screenshot();
        pictures.push({ title: `${name}.${theme}.${language}`, png, width: png.readUInt32BE(16) });
      }
      await this.command('view.language');
      await this.#atRest();
    }
    await this.page.emulateMedia({ colorScheme: 'light' });
    await mkdir(this.folder, { recursive: true });
    // A window fills the screen of who looks at it.
    if (part === null) {
      for (const { title, png } of pictures) await writeFile(path.join(this.folder, `${title}.png`), png);
      return;
    }
    // As many side by side as stay legible.
    const columns = Math.max(1, Math.floor(WIDTH / Math.max(...pictures.map(({ width }) => width + 8))));
    const figures = pictures.map(
      ({ title, png }) =>
        `<figure><figcaption>${title}</figcaption><img src="data:image/png;base64,${png.toString('base64')}"></figure>`,
    );
    await this.#sheet(name, columns, figures.join(''));
  }

  async #sheet(name: string, columns: number, html: string): Promise<void> {
    const sheet = await this.page.context().browser()!.newPage();
    await sheet.setViewportSize({ width: WIDTH, height: 200 });
    await sheet.setContent(
      `<style>body{margin:8px;display:grid;grid-template-columns:repeat(${columns},max-content);gap:8px;background:#888}
       figure{margin:0}figcaption{font:11px monospace}img{display:block}</style>${html}`,
    );
    await writeFile(path.join(this.folder, `${name}.png`), await sheet.screenshot({ fullPage: true }));
    await sheet.close();
  }

  async #atRest(): Promise<void> {
    await this.page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    await atRest(this.page);
  }
}
