import { describe, expect, it } from 'vitest';
import { checkHistory } from '../../support/history-checker/check-history.ts';
import { runHistory, type HistoryRun } from '../../support/history-checker/run-history.ts';
import { seededBugs } from '../../support/history-checker/seeded-bugs.ts';

const usual: HistoryRun = { seed: 1, clients: 12, faultRate: 0.2, dropRate: 0.05 };

describe('streams of clients that read slowly, are cut off and come again, of a bk-job that fails', () => {
  it.each([1, 2, 3])('tell nothing wrong and every end once: seed %i', async (seed) => {
    const { history, ends, isClean } = await runHistory({ ...usual, seed });
    expect(checkHistory(history)).toEqual([]);
    expect(ends).toBeGreaterThan(80);
    expect(isClean).toBe(true);
  });

  it('are the same for the same seed', async () => {
    const [one, other] = [await runHistory(usual), await runHistory(usual)];
    expect(one.history).toEqual(other.history);
  });
});

describe('whoever looks through a history', () => {
  it.each(seededBugs)('notices that $name', async ({ promise, spoil }) => {
    const { history } = await runHistory({
      ...usual,
      spoil: (frames, client) => (client % 7 === 0 ? spoil(frames) : frames),
    });
    expect(checkHistory(history).map((violation) => violation.promise)).toContain(promise);
  });

  it('notices two reads of one caller and job at a time', () => {
    const read = { kind: 'read-begun', identity: 'alice', job: '1' } as const;
    expect(
      checkHistory([
        { ...read, read: 1 },
        { ...read, read: 2 },
      ]),
    ).toMatchObject([{ promise: 'two readers' }]);
  });

  it('notices that what a client has is told to it first', () => {
    const state = { identity: 'alice', job: '1', version: 1, finished: false };
    const opened = { kind: 'opened', stream: 1, identity: 'alice', job: '1', known: state } as const;
    const read = { kind: 'read-ended', read: 1, state } as const;
    const history = [
      read,
      opened,
      { kind: 'delivered', stream: 1, state },
      { kind: 'left', stream: 1 },
    ] as const;
    expect(checkHistory(history)).toMatchObject([{ promise: 'known told first' }]);
  });
});
