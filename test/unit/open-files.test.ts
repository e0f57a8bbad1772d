import { describe, expect, it } from 'vitest';
import { connectionsWithin, openFileLimit } from '../../src/open-files.ts';

const wanted = { maxConnections: 15_000, upstreamConnections: 64 };

describe('connections of clients', () => {
  it.each([
    ['as many as were set, where there are files for them', 20_000, 15_000],
    ['fewer where there are not, so that some are left for bk-job and the log', 1024, 860],
    ['one, where there are hardly any', 64, 1],
    ['as many as were set, where nobody knows', null, 15_000],
  ])('are %s', (_what, limit, connections) => {
    expect(connectionsWithin(limit, wanted)).toBe(connections);
  });

  it('are counted against what the system tells of this process', () => {
    expect(openFileLimit()).toBeGreaterThan(100);
  });
});
