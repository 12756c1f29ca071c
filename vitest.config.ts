import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'runtime',
          include: ['runtime/**/*.test.ts', 'main/**/*.test.ts', 'templates/**/*.test.ts', 'build/**/*.test.ts'],
          exclude: ['**/*.integration.test.ts'],
          environment: 'node',
          globalSetup: ['build/vitest-setup.ts'],
          testTimeout: 30_000,
        },
      },
      {
        // With servers of others, which are fetched the first time.
        test: {
          name: 'integration',
          include: ['runtime/**/*.integration.test.ts'],
          environment: 'node',
          globalSetup: ['build/vitest-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        plugins: [react()],
        test: {
          name: 'renderer',
          include: ['renderer/**/*.test.{ts,tsx}'],
          environment: 'jsdom',
          testTimeout: 30_000,
        },
      },
    ],
  },
});
