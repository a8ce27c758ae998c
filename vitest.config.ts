import {defineConfig} from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {test: {name: 'fences', include: ['fences/**/*.test.ts'], exclude: ['**/node_modules/**']}},
      ...['contract', 'zmtp', 'engine', 'legacy-bridge', 'shadow', 'cli'].map((name) => ({
        test: {name, root: `packages/${name}`, include: ['src/**/*.test.ts', 'test/**/*.test.ts'], testTimeout: 30_000, hookTimeout: 30_000},
      })),
      {test: {name: 'reports', root: 'reports', include: ['src/**/*.test.ts', 'test/**/*.test.ts'], testTimeout: 30_000, hookTimeout: 60_000}},
    ],
    // most suites wait for real programs: one more than the cores keeps them busy
    maxWorkers: 3,
  },
});
