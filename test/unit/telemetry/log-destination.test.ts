import { open } from 'node:fs/promises';
import { afterAll, expect, it } from 'vitest';
import { createLogDestination } from '../../../src/telemetry/log-destination.ts';
import { createUnreadPipe } from '../../support/unread-pipe.ts';

const linesIn = (text: string) => text.split('\n').length - 1;

const line = (count: number) => `${JSON.stringify({ count, padding: 'x'.repeat(200) })}\n`;

it('what is written arrives whole and in order', async () => {
  await using pipe = await createUnreadPipe();
  const destination = createLogDestination({ fd: pipe.fd, maxWaitingBytes: 64 * 1024 });
  const lines = Array.from({ length: 100 }, (_, count) => line(count));
  for (const one of lines) destination.write(one);
  await destination.flush(5000);
  expect(await pipe.read()).toBe(lines.join(''));
  expect(destination.dropped()).toBe(0);
});

it('where nobody reads, lines wait up to a size and are dropped and counted beyond it; none is cut', async () => {
  await using pipe = await createUnreadPipe();
  const destination = createLogDestination({ fd: pipe.fd, maxWaitingBytes: 128 * 1024 });
  const written = 5000;
  for (let count = 0; count < written; count += 1) destination.write(line(count));
  // It ends though nothing moves.
  await destination.flush(50);
  expect(destination.dropped()).toBeGreaterThan(3000);
  let text = '';
  const flushed = destination.flush(20_000);
  for (let left = written; left > 0; left = written - destination.dropped() - linesIn(text)) {
    text += await pipe.read();
  }
  await flushed;
  const counts = text
    .trimEnd()
    .split('\n')
    .map((one) => (JSON.parse(one) as { count: number }).count);
  expect(counts).toEqual(counts.toSorted((left, right) => left - right));
  expect(counts.length + destination.dropped()).toBe(written);
});

// A destination tries again for as long as its process lives, and another file would get the number of a closed one.
const full = await open('/dev/full', 'w');
afterAll(() => full.close());

it('a full disk costs lines and nothing else', async () => {
  const destination = createLogDestination({ fd: full.fd, maxWaitingBytes: 64 * 1024 });
  for (let count = 0; count < 1000; count += 1) destination.write(line(count));
  await destination.flush(50);
  destination.flushNow();
  expect(destination.dropped()).toBeGreaterThan(500);
});

it('what waits is handed on at once when the process ends within the turn', async () => {
  await using pipe = await createUnreadPipe();
  const destination = createLogDestination({ fd: pipe.fd, maxWaitingBytes: 64 * 1024 });
  destination.write(line(1));
  destination.flushNow();
  // Its write had begun, and may be overtaken by a read that is as ready.
  await expect.poll(() => pipe.read()).toBe(line(1));
});
