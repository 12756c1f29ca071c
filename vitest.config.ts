import { availableParallelism } from 'node:os';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** They put others in the place of modules (`vi.mock`), which only works where nobody has loaded those before. */
const MODULE_REPLACING = [
  'renderer/canvas/rendering.test.tsx',
  'renderer/state/state.test.tsx',
  'renderer/watermarks/watermarks.test.tsx',
];

export default defineConfig({
  test: {
    // Many tests wait for processes and servers: on two cores two files at a time are worth it.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        test: {
          name: 'runtime',
          include: ['runtime/**/*.test.ts', 'main/**/*.test.ts', 'templates/**/*.test.ts', 'build/**/*.test.ts'],
          exclude: ['**/*.integration.test.ts'],
          environment: 'node',
          // Files share what they have loaded: half of the time went into loading it again for each.
          isolate: false,
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
          include: ['renderer/**/*.test.ts'],
          environment: 'node',
          isolate: false,
          testTimeout: 30_000,
        },
      },
      {
        // What is drawn.
        plugins: [react()],
        test: {
          name: 'renderer-dom',
          include: ['renderer/**/*.test.tsx'],
          exclude: MODULE_REPLACING,
          environment: 'jsdom',
          isolate: false,
          testTimeout: 30_000,
        },
      },
      {
        plugins: [react()],
        test: { name: 'renderer-alone', include: MODULE_REPLACING, environment: 'jsdom', testTimeout: 30_000 },
      },
    ],
  },
});
