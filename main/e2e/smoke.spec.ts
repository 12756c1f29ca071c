import { expectAccessible } from './accessibility.ts';
import { Designer } from './designer.ts';
import { expect, test } from './fixtures.ts';

test('the app opens with its canvas, fenced in and accessible', async ({ app }) => {
  const { page } = app;
  const designer = new Designer(page);
  await designer.openTemplate('Click sessions');
  await expect(designer.node('Sessions per user')).toBeVisible();

  const world = await page.evaluate(() => ({
    hasNode: 'require' in globalThis || 'process' in globalThis,
    isIsolated: crossOriginIsolated,
  }));
  expect(world).toEqual({ hasNode: false, isIsolated: true });
  await expectAccessible(page, 'the graph');
});
