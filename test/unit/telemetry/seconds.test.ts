import { Histogram, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { Seconds } from '../../../src/telemetry/seconds.ts';

const buckets = [0.001, 0.005, 0.015, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 1, 5, 10];
const named = { name: 'reads_seconds', help: 'Time of reads.' };

test('The page says of seconds what the histogram of the library says', async () => {
  const [own, theirs] = [new Registry(), new Registry()];
  const seconds = new Seconds(own, { ...named, labels: ['kind', 'outcome'] });
  const histogram = new Histogram({
    ...named,
    labelNames: ['kind', 'outcome'],
    buckets,
    registers: [theirs],
  });
  for (const labels of [
    ['plain', 'ok'],
    ['with "hosts"\n', 'ok'],
  ] as const) {
    const child = seconds.child(...labels);
    for (const value of [0, 0.001, 0.0010001, 0.3, 0.7, 10, 10.5, 1e9]) {
      child.observe(value);
      histogram.labels(...labels).observe(value);
    }
  }
  expect(await own.metrics()).toBe(await theirs.metrics());
});

test('The page names seconds that were never observed', async () => {
  const registry = new Registry();
  new Seconds(registry, { ...named, labels: ['kind'] });
  expect(await registry.metrics()).toBe(
    '# HELP reads_seconds Time of reads.\n# TYPE reads_seconds histogram\n',
  );
});
