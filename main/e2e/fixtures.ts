import { test as base, expect } from '@playwright/test';
import { withApp, type App, type HostKind } from './app.ts';

/** What went wrong in the page: uncaught errors, and all it wrote to the console as an error. */
export type PageErrors = readonly string[];

interface Fixtures {
  app: App;
  pageErrors: string[];
}

/**
 * A test of the whole app: `app` is running on an empty workspace. A test that leaves errors in the page's console fails, unless
 * it has taken them out of `pageErrors` itself.
 */
export const test = base.extend<Fixtures, { host: HostKind }>({
  host: ['web', { option: true, scope: 'worker' }],
  pageErrors: async ({}, use) => {
    const errors: string[] = [];
    await use(errors);
    expect(errors, 'errors in the page').toEqual([]);
  },
  app: async ({ host, pageErrors }, use, testInfo) => {
    await withApp(
      host,
      (page) => {
        page.on('pageerror', (error) => pageErrors.push(error.stack ?? error.message));
        page.on('console', (message) => {
          if (message.type() === 'error') pageErrors.push(message.text());
        });
      },
      async (app) => {
        await use(app);
        if (testInfo.status !== testInfo.expectedStatus) {
          const path = testInfo.outputPath('page.png');
          await app.page.screenshot({ path });
          await testInfo.attach('page', { path, contentType: 'image/png' });
        }
      },
    );
  },
});
export { expect };
