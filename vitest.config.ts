import {fileURLToPath} from 'node:url';
import {defineConfig} from 'vitest/config';

const OURS = {
  // Node itself loads the tests, as it loads the program: types stripped, nothing rewritten. Half the start, and hot loops are as fast as outside.
  experimental: {viteModuleRunner: false, nodeLoader: false},
  // A worker takes file after file: a process each was a seventh of the time. What a test changes of the process it puts back.
  isolate: false,
  setupFiles: [fileURLToPath(new URL('fences/leave-no-trace.ts', import.meta.url))],
  pool: 'forks' as const,
};

export default defineConfig({
  test: {
    projects: [
      {test: {...OURS, name: 'fences', include: ['fences/**/*.test.ts'], exclude: ['**/node_modules/**']}},
      ...['contract', 'zmtp', 'engine', 'legacy-bridge', 'shadow', 'cli'].map((name) => ({
        test: {...OURS, name, root: `packages/${name}`, include: ['src/**/*.test.ts', 'test/**/*.test.ts'], testTimeout: 30_000, hookTimeout: 30_000},
      })),
      {test: {...OURS, name: 'reports', root: 'reports', include: ['src/**/*.test.ts', 'test/**/*.test.ts'], testTimeout: 30_000, hookTimeout: 60_000}},
    ],
    // most suites wait for real programs: one more than the cores keeps them busy
    maxWorkers: 3,
  },
});
