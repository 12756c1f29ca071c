import type { Page } from '@playwright/test';

/** Settles once nothing on the page moves but what never ends. */
export async function atRest(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    document.getAnimations().every((one) => one.effect?.getComputedTiming().endTime === Infinity),
  );
}
