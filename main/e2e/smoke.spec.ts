import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './fixtures.ts';

test('the app opens with its canvas, fenced in and accessible', async ({ app }) => {
  const { page } = app;
  await page.getByText('Click sessions').click();
  await expect(page.locator('.react-flow__node').first()).toBeVisible();

  const world = await page.evaluate(() => ({
    hasNode: 'require' in globalThis || 'process' in globalThis,
    isIsolated: crossOriginIsolated,
  }));
  expect(world).toEqual({ hasNode: false, isIsolated: true });

  // Its other mode opens a second page, which the desktop app does not do.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual([]);
});
