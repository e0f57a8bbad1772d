import { expect, it, vi } from 'vitest';
import { JobApiError } from '../../../src/domain/errors.ts';
import { inTurn } from '../../../src/resolvers/in-turn.ts';
import { buildJob, hostRow, stepData } from '../../support/build-job.ts';
import { undisturbed } from '../../support/long-work.ts';

const hosts = buildJob({ steps: [stepData({ ipResults: [hostRow(), hostRow()] })] }).steps[0]!.ipResults;

/** Work whose turn comes when the test says so, and what it was asked for. */
function createWork() {
  let call = (): void => undefined;
  const takeFor = vi.fn(() => new Promise<void>((resolve) => (call = resolve)));
  return { longWork: { ...undisturbed, takeFor }, takeFor, turn: () => call() };
}

const running = new AbortController().signal;

it('what is found out about hosts is there at once where nobody has to wait', () => {
  expect(inTurn({ hosts }, { longWork: undisturbed, signal: running }, ({ length }) => length)).toBe(2);
});

it('otherwise it is found out when it is its turn', async () => {
  const { longWork, takeFor, turn } = createWork();
  const find = vi.fn(() => 'found');
  const found = inTurn({ hosts }, { longWork, signal: running }, find);
  expect(takeFor).toHaveBeenCalledWith(2);
  expect(find).not.toHaveBeenCalled();
  turn();
  expect(await found).toBe('found');
  expect(find).toHaveBeenCalledExactlyOnceWith(hosts);
});

it('to go through the values of conditions takes a turn as to go through hosts does', () => {
  const { longWork, takeFor } = createWork();
  void inTurn({ hosts, valueCount: 1000 }, { longWork, signal: running }, () => 'found');
  expect(takeFor).toHaveBeenCalledWith(1002);
});

it('nothing is found out for somebody who has left meanwhile', async () => {
  const { longWork, turn } = createWork();
  const request = new AbortController();
  const find = vi.fn();
  const found = inTurn({ hosts }, { longWork, signal: request.signal }, find);
  const reason = new JobApiError('UPSTREAM_TIMEOUT');
  request.abort(reason);
  turn();
  await expect(found).rejects.toBe(reason);
  expect(find).not.toHaveBeenCalled();
});
