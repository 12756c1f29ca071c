import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { atRest } from './at-rest.ts';

const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/** What axe finds serious or critical in the page as it is once it has come to rest; `except`: selector of what is not ours. */
export async function expectAccessible(page: Page, what: string, except?: string): Promise<void> {
  await atRest(page);
  // Its other mode opens a second page, which the desktop app does not do.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  if (except !== undefined) axe.exclude(except);
  // All but the colours is as in the light theme, where the same is looked at.
  if ((await page.locator('html').getAttribute('data-theme')) === 'dark') axe.withRules(COLOUR_RULES);
  const { violations } = await axe.analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const found = serious.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`));
  expect.soft(found, what).toEqual([]);
}
