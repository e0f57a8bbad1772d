import { afterAll, expect, vi } from 'vitest';

/** What a test may start and must end: servers that listen, and processes. */
const kinds = ['TCPServerWrap', 'PipeServerWrap', 'ProcessWrap'];

// Registered before the hooks of the test file, so it runs after them. What was closed is still listed for some turns
// of the event loop.
afterAll(() =>
  vi.waitFor(
    () => {
      const leftovers = process.getActiveResourcesInfo().filter((kind) => kinds.includes(kind));
      expect(leftovers, 'started by this file and not ended').toEqual([]);
    },
    { timeout: 5000, interval: 10 },
  ),
);
