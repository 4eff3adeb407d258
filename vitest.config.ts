import { defineConfig } from 'vitest/config';
import { propertySeed } from './scripts/property-seed.ts';

/** Pages and what they are made of: timers, a document, a browser in memory, each file its own. */
const pages = ['packages/{wic-sdk,wic-react}/**/*.test.{ts,tsx}', 'apps/wic/**/*.test.{ts,tsx}'];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    setupFiles: ['./vitest.setup.ts'],
    provide: { propertySeed: propertySeed(process.env) },
    // What a passing test prints is of no use to anybody.
    silent: 'passed-only',
    // More than two cores: many tests wait for a peer or for a clock.
    maxWorkers: 4,
    projects: [
      {
        extends: true,
        // Importing does nothing, so files may share what they import: it halves the time.
        test: {
          name: 'node',
          include: ['{packages,apps,infra,scripts}/**/*.test.{ts,tsx}'],
          exclude: ['**/node_modules/**', '**/dist/**', ...pages],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'pages', include: pages, exclude: ['**/node_modules/**', '**/dist/**'] } },
    ],
  },
});
