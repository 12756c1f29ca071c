import { expect, test } from './fixtures.ts';

test('the page cannot leave, open windows, get permissions or run other code', async ({ app, pageErrors }) => {
  const { page, electron } = app;
  await expect(page.getByRole('heading', { name: 'Build a stream pipeline' })).toBeVisible();

  expect(await page.evaluate(() => window.open('https://example.org') === null)).toBe(true);
  expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied');
  await page.evaluate(() => {
    const link = document.createElement('a');
    link.href = 'https://example.org';
    link.click();
  });
  const blocked = await page.evaluate(async () => {
    const script = document.createElement('script');
    script.textContent = 'globalThis.wasRun = true';
    document.body.append(script);
    const answer = await fetch('https://example.org').catch(() => null);
    return !('wasRun' in globalThis) && answer === null;
  });
  expect(blocked).toBe(true);
  expect(
    await electron!.evaluate(({ webContents }) => webContents.getAllWebContents().map((one) => one.getURL())),
  ).toEqual(['app://millrace/']);
  // What was refused was also reported.
  expect(pageErrors.splice(0).join('\n')).toContain('Content Security Policy');
});

test('a click in the menu does what it says', async ({ app }) => {
  const { page, electron } = app;
  await expect(page.getByRole('heading', { name: 'Build a stream pipeline' })).toBeVisible();
  const choose = (command: string) =>
    electron!.evaluate(({ Menu }, id) => Menu.getApplicationMenu()!.getMenuItemById(id)!.click(), command);
  await choose('view.shortcuts');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  // Whatever has the keyboard: the menu is another way.
  await choose('file.new');
  await expect(page.getByRole('dialog', { name: 'New pipeline' })).toBeVisible();
});
