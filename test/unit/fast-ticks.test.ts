import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/** How much longer ticks take after the heap was gone through in quiet, least of several times. */
const measure = (): number => {
  const module = fileURLToPath(new URL('../../src/fast-ticks.ts', import.meta.url));
  const script = `
    import { keepTicksFast } from ${JSON.stringify(module)};
    keepTicksFast();
    const pause = () => new Promise((resolve) => setTimeout(resolve, 5));
    const tick = () => undefined;
    async function fastest() {
      let least = Infinity;
      for (let round = 0; round < 30; round++) {
        const start = performance.now();
        for (let count = 0; count < 1000; count++) process.nextTick(tick);
        least = Math.min(least, performance.now() - start);
        await new Promise((resolve) => setImmediate(resolve));
      }
      return least;
    }
    await pause();
    const first = await fastest();
    for (let round = 0; round < 5; round++) {
      await pause();
      gc();
    }
    console.log((await fastest()) / first);
  `;
  const child = spawnSync(process.execPath, [
    '--expose-gc',
    '--import',
    'tsx',
    '--input-type=module',
    '-e',
    script,
  ]);
  return Number(child.stdout.toString());
};

it('leaves ticks as fast as they are when V8 has been through its heap', () => {
  expect(measure()).toBeLessThan(3);
});
