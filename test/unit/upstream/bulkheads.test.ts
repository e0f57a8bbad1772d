import { describe, expect, it } from 'vitest';
import { JobApiError } from '../../../src/domain/errors.ts';
import { createBulkheads, type BulkheadOptions } from '../../../src/upstream/bulkheads.ts';
import { Cancellation } from '../../../src/upstream/cancellation.ts';
import type { StatusCall } from '../../../src/upstream/status-call.ts';
import { createManualClock } from '../../support/manual-clock.ts';

/** Places for three reads, of which one may be with hosts, and room for four that wait of each kind. */
function createScene(changes: Partial<BulkheadOptions> = {}) {
  const clock = createManualClock();
  const bulkheads = createBulkheads({
    connections: 3,
    hostDetailConnections: 1,
    maxQueuedReads: 4,
    clock,
    ...changes,
  });
  const log: string[] = [];
  return {
    clock,
    bulkheads,
    log,
    /** Enters under a name of which the first letter is the caller. Notes in the log when it is in, or what refused it. */
    enter: (name: string, hostDetail = false): Cancellation => {
      const cancellation = new Cancellation();
      const call: StatusCall = {
        read: {
          caller: {
            proof: { kind: 'bk_token', value: name },
            tenantId: null,
            language: null,
            fingerprint: name[0]!,
            account: name[0]!,
          },
          job: { scope: { kind: 'biz', id: '2' }, jobInstanceId: '1' },
          hostDetail,
        },
        deadline: clock.now() + 1_000,
        cancellation,
      };
      const isIn = bulkheads.enter(call, {
        admitted: () => log.push(name),
        refused: ({ code, retryAfter }) => log.push(`${name} ${code} ${String(retryAfter)}`),
      });
      if (isIn) log.push(name);
      return cancellation;
    },
    /** Lets everything that has been decided be noted. */
    settle: async () => {
      await new Promise(setImmediate);
      return log.splice(0);
    },
  };
}

describe('reads with hosts', () => {
  it('never take the places of plain ones, however many there are', async () => {
    const { enter, settle, bulkheads } = createScene();
    for (const name of ['h1', 'h2', 'h3']) enter(name, true);
    enter('p1');
    enter('p2');
    expect(await settle()).toEqual(['h1', 'p1', 'p2']);
    expect(bulkheads.load()).toEqual({ underWay: 3, underWayWithHosts: 1, waiting: 2 });
    bulkheads.leave(false);
    expect(await settle()).toEqual([]);
    bulkheads.leave(true);
    expect(await settle()).toEqual(['h2']);
  });

  it('take turns with plain ones where both wait', async () => {
    const { enter, settle, bulkheads } = createScene({ hostDetailConnections: 3 });
    for (const name of ['p1', 'p2', 'p3', 'p4', 'p5', 'p6']) enter(name);
    for (const name of ['h1', 'h2']) enter(name, true);
    expect(await settle()).toEqual(['p1', 'p2', 'p3']);
    for (let index = 0; index < 5; index += 1) bulkheads.leave(false);
    expect(await settle()).toEqual(['p4', 'h1', 'p5', 'h2', 'p6']);
  });
});

describe('a read that finds no place', () => {
  it('waits for the next one, callers in turn', async () => {
    const { enter, settle, bulkheads } = createScene();
    for (const name of ['a1', 'a2', 'a3', 'a4', 'a5', 'b1', 'c1']) enter(name);
    expect(await settle()).toEqual(['a1', 'a2', 'a3']);
    for (let index = 0; index < 4; index += 1) bulkheads.leave(false);
    expect(await settle()).toEqual(['a4', 'b1', 'c1', 'a5']);
  });

  it('is not overtaken by one that comes when a place has just become free', async () => {
    const { enter, settle, bulkheads } = createScene();
    for (const name of ['a1', 'a2', 'a3', 'b1']) enter(name);
    bulkheads.leave(false);
    enter('c1');
    expect(await settle()).toEqual(['a1', 'a2', 'a3', 'b1']);
  });

  it('is refused where too many wait, unless somebody else has more waiting', async () => {
    const { enter, settle } = createScene();
    for (const name of ['a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7']) enter(name);
    await settle();
    enter('a8');
    enter('b1');
    expect(await settle()).toEqual(['a8 RATE_LIMITED 1000', 'a7 RATE_LIMITED 1000']);
  });

  it('is refused when its time is up, and its place in the queue is not kept', async () => {
    const { enter, settle, bulkheads, clock } = createScene();
    for (const name of ['a1', 'a2', 'a3', 'b1']) enter(name);
    await settle();
    clock.pass(1_000);
    expect(await settle()).toEqual(['b1 RATE_LIMITED 1000']);
    expect(bulkheads.load().waiting).toBe(0);
    bulkheads.leave(false);
    expect(bulkheads.load().underWay).toBe(2);
  });

  it('leaves the queue when nobody waits for it any more, and no timer behind', async () => {
    const { enter, settle, bulkheads, clock } = createScene();
    for (const name of ['a1', 'a2', 'a3']) enter(name);
    await settle();
    const cancellation = enter('b1');
    expect(clock.pending()).toBe(1);
    cancellation.cancel(new JobApiError('UPSTREAM_TIMEOUT'));
    expect(await settle()).toEqual(['b1 UPSTREAM_TIMEOUT null']);
    expect(bulkheads.load().waiting).toBe(0);
    expect(clock.pending()).toBe(0);
  });
});
