import { defineConfig } from '@playwright/test';

/**
 * Both projects run the same specs: in a browser against the web host, and in the desktop app's own window. All but those of
 * what only a desktop has, and (`.web`) of what is the same page or the same engine in both.
 */
export default defineConfig({
  testDir: 'main/e2e',
  testMatch: '*.spec.ts',
  outputDir: 'test-results',
  // One window at a time: they share the display, and two cores.
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  use: { actionTimeout: 15_000 },
  forbidOnly: process.env['CI'] !== undefined,
  reporter: 'list',
  projects: [
    {
      name: 'measure',
      use: { host: 'web' },
      testMatch: process.env['MILLRACE_MEASURE'] === '1' ? ['*.measure.ts'] : [],
    },
    { name: 'web', use: { host: 'web' }, testIgnore: '*.desktop.spec.ts' },
    { name: 'desktop', use: { host: 'desktop' }, testIgnore: '*.web.spec.ts' },
  ],
});
