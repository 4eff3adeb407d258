import { defineConfig } from 'vitest/config';
import { propertySeed } from './scripts/property-seed.ts';

export default defineConfig({
  test: {
    include: ['{packages,apps,infra,scripts}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    setupFiles: ['./vitest.setup.ts'],
    provide: { propertySeed: propertySeed(process.env) },
    // What a passing test prints is of no use to anybody.
    silent: 'passed-only',
    // Two cores; each worker starts servers of its own.
    maxWorkers: 2,
  },
});
