import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Tests that draw by chance take so many times as long (`test/support/chance.ts`). */
const times = Math.max(1, Number(process.env.TIMES ?? 1));
const root = fileURLToPath(new URL('../', import.meta.url));

export default defineConfig({
  root,
  test: {
    projects: [
      // Thousands of forgeries in one test: on a busy machine that is more than five seconds.
      { root, test: { name: 'unit', include: ['test/unit/**/*.test.{ts,tsx}'], testTimeout: 30_000 * times } },
      {
        root,
        test: {
          name: 'flow',
          include: ['test/flow/**/*.test.ts'],
          globalSetup: ['test/support/global-setup.ts'],
          testTimeout: 60_000 * times,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        // What comes by the doors, once more with a queue between them and the database.
        root,
        test: {
          name: 'flow-queue',
          include: ['boards', 'deliveries', 'doors', 'forms', 'segment', 'senders', 'special-doors', 'spine'].map(
            (name) => `test/flow/${name}.test.ts`,
          ),
          env: { DOORS: 'queue' },
          globalSetup: ['test/support/global-setup.ts'],
          testTimeout: 60_000 * times,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        root,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/support/global-setup.ts'],
          testTimeout: 60_000 * times,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
