/** Every template, from the welcome page to its end in the app. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Designer } from './designer.ts';
import { expect, test } from './fixtures.ts';

const TEMPLATES = path.resolve(import.meta.dirname, '../../templates');
const names = readdirSync(TEMPLATES).filter((name) => existsSync(path.join(TEMPLATES, name, 'README.md')));

function titleOf(name: string): string {
  return /^# (.+)$/m.exec(readFileSync(path.join(TEMPLATES, name, 'README.md'), 'utf8'))![1]!;
}

/** Lines of a file in any order; order between subtasks is not part of a result. */
function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').filter(Boolean).sort();
}

/** With MILLRACE_SCREENSHOTS=1: the picture in the template's README, of a job at work. */
const TAKES_PICTURES = process.env['MILLRACE_SCREENSHOTS'] === '1';

async function takePicture(designer: Designer, file: string): Promise<void> {
  const { page } = designer;
  await page.setViewportSize({ width: 2600, height: 1150 });
  await designer.expectState('Running');
  await designer.runCommand('Zoom to fit');
  await expect(page.getByTitle(/^Watermark \d/).nth(3)).toBeVisible();
  await page.mouse.move(700, 20);
  await designer.canvas.screenshot({ path: file });
}

/** Whether what a template is for hangs on a wall. */
function isForWall(name: string): boolean {
  const { dashboard } = JSON.parse(readFileSync(path.join(TEMPLATES, name, `${name}.pipeline.json`), 'utf8')) as {
    readonly dashboard?: object;
  };
  return dashboard !== undefined;
}

async function takePictureOfWall(designer: Designer, file: string): Promise<void> {
  const opened = designer.page.context().waitForEvent('page');
  await designer.toolbar.getByRole('button', { name: 'Open dashboard' }).click();
  const wall = await opened;
  await wall.setViewportSize({ width: 1920, height: 1080 });
  // In the evening there is something to see in every tile.
  await expect(wall.getByRole('status').first()).toContainText(/ 2[0-2]:/, { timeout: 60_000 });
  await wall.mouse.move(0, 0);
  await expect(wall.locator('.wall-tools.is-shown')).toHaveCount(0);
  await wall.screenshot({ path: file });
}

test('every template runs to its end', async ({ app }) => {
  test.slow();
  const { page } = app;
  const designer = new Designer(page);
  for (const name of names) await test.step(name, () => runTemplate(name, designer, app.workspace));
});

/** Its rows are those it says it has; with nothing open before and after. */
async function runTemplate(name: string, designer: Designer, workspace: string): Promise<void> {
  const { page } = designer;
  await designer.openTemplate(titleOf(name));
  // As it comes, it is slow enough to be watched.
  await designer.setRunOptions({ speed: TAKES_PICTURES ? '300' : '100000' });
  await designer.toolbar.getByRole('button', { name: 'Run', exact: true }).click();
  const question = page.getByRole('dialog', { name: 'Do you trust the files in this workspace?' });
  if (name === 'sensors') await question.getByRole('button', { name: 'Trust the workspace' }).click();
  if (TAKES_PICTURES) {
    const take = isForWall(name) ? takePictureOfWall : takePicture;
    await take(designer, path.join(TEMPLATES, name, 'picture.png'));
    await designer.stop();
  } else {
    await designer.expectState('Finished');
    const expected = path.join(TEMPLATES, name, 'expected');
    const out = path.join(workspace, name, 'out');
    const single = readdirSync(expected).filter((file) => existsSync(path.join(out, file)));
    expect.soft(single.length, `${name}: files of its output`).toBeGreaterThan(0);
    for (const file of single)
      expect.soft(linesOf(path.join(out, file)), `${name}: ${file}`).toEqual(linesOf(path.join(expected, file)));
  }
  await page.getByRole('tablist', { name: 'Open pipelines' }).getByRole('tab', { name, exact: true }).press('Delete');
}
