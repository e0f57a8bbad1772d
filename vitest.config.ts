import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';
import { patience } from './test/support/patience.ts';

/** Folders whose every line and branch is held to a figure; the others are covered by promises. */
const heldTo95 = ['domain', 'upstream/wire', 'loaders', 'resolvers', 'identity', 'secrets'];

const thresholds = Object.fromEntries(
  heldTo95.map((folder) => [`src/${folder}/**`, { lines: 95, branches: 95 }]),
);

const project = (name: string, seconds: number) => ({
  extends: true as const,
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    setupFiles: ['test/support/leftovers.ts'],
    testTimeout: seconds * 1000,
    hookTimeout: seconds * 1000,
    ...(name === 'e2e' && { globalSetup: ['test/support/built-page.ts'] }),
  },
});

export default defineConfig({
  // graphql 16 comes twice; Node takes the one named by `main`, and two of them do not know each other's types.
  resolve: { alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }] },
  test: {
    projects: [
      project('unit', 60),
      project('integration', 60),
      project('conformance', 60),
      project('resilience', 300),
      project('e2e', 120),
    ],
    // The seed stands at the head of every run; `--sequence.seed` repeats one.
    sequence: { shuffle: { files: true, tests: true } },
    expect: { poll: patience },
    restoreMocks: true,
    unstubEnvs: true,
    retry: 0,
    allowOnly: false,
    passWithNoTests: false,
    dangerouslyIgnoreUnhandledErrors: false,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/generated/**'],
      reporter: ['text', 'html', 'json-summary'],
      thresholds,
    },
  },
});
