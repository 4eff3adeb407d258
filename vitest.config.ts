import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{packages,apps,infra}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // The same cases in every run: what fails once fails again.
    setupFiles: ['./vitest.setup.ts'],
    // What a passing test prints is of no use to anybody.
    silent: 'passed-only',
    // Two cores; each worker starts servers of its own.
    maxWorkers: 2,
  },
});
