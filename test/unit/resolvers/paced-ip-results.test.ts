import { expect, it } from 'vitest';
import { JobApiError } from '../../../src/domain/errors.ts';
import type { IpResults } from '../../../src/domain/ip-results.ts';
import { PacedIpResults } from '../../../src/resolvers/paced-ip-results.ts';
import { buildJob, hostRow, stepData } from '../../support/build-job.ts';

const job = buildJob({
  steps: [
    stepData({ ipResults: Array.from({ length: 50 }, (_, index) => hostRow({ bkHostId: String(index) })) }),
  ],
});
const hosts = job.steps[0]!.ipResults;

/** Work whose turns come when the test says so. */
function createWork() {
  let call: (() => void) | null = null;
  return {
    longWork: {
      isOver: () => true,
      next: () => new Promise<void>((resolve) => (call = resolve)),
      take: () => null,
    },
    nextTurn: async (): Promise<void> => {
      call?.();
      await new Promise((resolve) => void setImmediate(resolve));
    },
  };
}

const running = new AbortController().signal;

/** As graphql-js goes through a list: all at once, and what is a promise is waited for. */
function complete(list: PacedIpResults) {
  const come: (string | null | undefined)[] = [];
  const failed: unknown[] = [];
  const all = Array.from(list, (host) =>
    host.then((found) => come.push(found?.bkHostId)).then(undefined, (error: unknown) => failed.push(error)),
  );
  return { come, failed, all };
}

it('hosts come some at a time, in order, and all of them', async () => {
  const { longWork, nextTurn } = createWork();
  const { come, all } = complete(new PacedIpResults(hosts, { longWork, signal: running }));
  expect(come).toEqual([]);
  await nextTurn();
  expect(come).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
  for (let turn = 0; turn < 6; turn += 1) await nextTurn();
  await Promise.all(all);
  expect(come).toEqual([...hosts].map(({ bkHostId }) => bkHostId));
});

it('what fails as it is completed, at once or later, is handled where it stands', async () => {
  const { longWork, nextTurn } = createWork();
  const list = new PacedIpResults(hosts.slice(0, 4), { longWork, signal: running });
  const completed = Array.from(list, (host, index) =>
    host
      .then(() => {
        if (index === 1) throw new Error('at once');
        return index === 2 ? Promise.reject(new Error('later')) : Promise.resolve(index);
      })
      .then(undefined, (error: unknown) => {
        if (!(error instanceof Error) || error.message === 'later') throw error;
        return error.message;
      }),
  );
  const outcomes = Promise.allSettled(completed);
  await nextTurn();
  expect(await outcomes).toEqual([
    { status: 'fulfilled', value: 0 },
    { status: 'fulfilled', value: 'at once' },
    { status: 'rejected', reason: new Error('later') },
    { status: 'fulfilled', value: 3 },
  ]);
});

it('a host that can neither be completed nor left out ends the list', async () => {
  const { longWork, nextTurn } = createWork();
  let completed = 0;
  const hostsOfList = Array.from(new PacedIpResults(hosts, { longWork, signal: running }), (host) =>
    host
      .then(() => {
        completed += 1;
        if (completed === 5) throw new Error('no host');
      })
      .then(undefined, (error: unknown) => {
        throw error;
      }),
  );
  const outcome = Promise.all(hostsOfList).then(
    () => 'completed',
    (error: unknown) => error,
  );
  await nextTurn();
  expect(await outcome).toEqual(new Error('no host'));
  await nextTurn();
  expect(completed).toBe(5);
});

it('the list ends with a failure where nobody waits for it any more', async () => {
  const { longWork, nextTurn } = createWork();
  const request = new AbortController();
  const { come, failed } = complete(new PacedIpResults(hosts, { longWork, signal: request.signal }));
  await nextTurn();
  request.abort(new JobApiError('UPSTREAM_TIMEOUT'));
  await nextTurn();
  await nextTurn();
  expect(come).toHaveLength(8);
  expect(failed).toMatchObject([{ code: 'UPSTREAM_TIMEOUT' }]);
});

it('a host that cannot be told ends the list, too, and is a failure of nobody else', async () => {
  const { longWork, nextTurn } = createWork();
  const broken = {
    rows: new Uint32Array(20),
    at: (index: number) => {
      if (index === 9) throw new Error('broken');
      return hosts.at(index);
    },
  } as IpResults;
  const { come, failed } = complete(new PacedIpResults(broken, { longWork, signal: running }));
  for (let turn = 0; turn < 3; turn += 1) await nextTurn();
  expect(come).toHaveLength(9);
  expect(failed).toMatchObject([{ message: 'broken' }]);
});
