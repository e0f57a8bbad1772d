import { defineConfig } from 'vitest/config';

/** The unit tests of what is mutated, in their own order, since a mutant's fate must not depend on a seed. */
export default defineConfig({
  test: {
    include: ['test/unit/{domain,upstream,loaders,identity,secrets}/**/*.test.ts'],
    restoreMocks: true,
    unstubEnvs: true,
    testTimeout: 30_000,
  },
});
