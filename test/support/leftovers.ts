import { afterAll, expect } from 'vitest';
import { eventually } from './eventually.ts';

/** What a test may start and must end: servers that listen, and processes. */
const kinds = ['TCPServerWrap', 'PipeServerWrap', 'ProcessWrap'];

// Registered before the hooks of the test file, so it runs after them. What was closed is still listed for some turns
// of the event loop.
afterAll(() =>
  eventually(() => {
    const leftovers = process.getActiveResourcesInfo().filter((kind) => kinds.includes(kind));
    expect(leftovers, 'started by this file and not ended').toEqual([]);
  }),
);
