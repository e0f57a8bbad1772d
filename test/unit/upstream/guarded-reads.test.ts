import { describe, expect, it } from 'vitest';
import type { Caller } from '../../../src/domain/caller.ts';
import { JobApiError, type JobApiErrorCode } from '../../../src/domain/errors.ts';
import { Cancellation } from '../../../src/upstream/cancellation.ts';
import { DeadlineReached } from '../../../src/upstream/exchange.ts';
import { createGuardedReads } from '../../../src/upstream/guarded-reads.ts';
import type { StatusCall } from '../../../src/upstream/status-call.ts';
import { buildJob } from '../../support/build-job.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { upstreamOptions } from '../../support/upstream-options.ts';

interface Sent {
  readonly attempt: number;
  readonly answer: () => void;
  readonly fail: (error: JobApiError) => void;
}

/** A caller of whom nothing can be sent. */
const unsendable = 'unsendable';

/** Guards on a clock that is moved, before exchanges that end when they are told to. */
function createScene(changes: Parameters<typeof upstreamOptions>[1] = {}) {
  const clock = createManualClock();
  const told: string[] = [];
  const sent: Sent[] = [];
  const guarded = createGuardedReads(
    {
      ...upstreamOptions('', {
        connections: 64,
        hostDetailConnections: 32,
        retry: { maxAttempts: 3, base: 100, max: 1000, budgetPercent: 20, budgetMinPerSecond: 10 },
        ...changes,
      }),
      slowAfter: 10_000,
    },
    {
      http: {
        requestOf: ({ caller }) => {
          if (caller.fingerprint === unsendable) throw new JobApiError('BAD_USER_INPUT');
          return { method: 'GET', path: '/', headers: {}, body: null };
        },
        send: ({ cancellation, attempt }, outcome) => {
          cancellation.listener = () => {
            outcome.failed(cancellation.reason!);
          };
          sent.push({
            attempt,
            answer: () => {
              outcome.succeeded(buildJob());
            },
            fail: (error) => {
              outcome.failed(error);
            },
          });
        },
      },
      observer: {
        callEnded: () => undefined,
        readJoined: () => undefined,
        cacheLookedUp: () => undefined,
        readRefused: (hostDetail, reason) => told.push(`refused ${String(hostDetail)} ${reason}`),
        retryDenied: (hostDetail) => told.push(`retry denied ${String(hostDetail)}`),
        scanGivenUp: () => undefined,
        gaugesOpened: () => undefined,
        breakerChanged: (hostDetail, state) => told.push(`breaker ${String(hostDetail)} ${state}`),
      },
      clock,
      random: () => 0.5,
    },
  );
  const callOf = (user: string, hostDetail = false): StatusCall => ({
    read: {
      caller: {
        proof: { kind: 'bk_token', value: user },
        tenantId: null,
        language: null,
        fingerprint: user,
        account: user,
      } satisfies Caller,
      job: { scope: { kind: 'biz', id: '2' }, jobInstanceId: '1' },
      hostDetail,
    },
    deadline: clock.now() + 10_000,
    cancellation: new Cancellation(),
  });
  const turns = () => new Promise(setImmediate);
  return {
    clock,
    told,
    sent,
    guarded,
    callOf,
    turns,
    /** Begins a read; what became of it is told when it is asked for. */
    begin: (call: StatusCall) => {
      let outcome: string | null = null;
      guarded.read(call, {
        succeeded: () => (outcome = 'answered'),
        failed: ({ code, retryAfter }) => (outcome = `${code} ${String(retryAfter)}`),
      });
      return async () => {
        await turns();
        return outcome;
      };
    },
  };
}

const reset = () => new JobApiError('UPSTREAM_UNAVAILABLE');

describe('reads that wait for a place', () => {
  it('end one after another where none of them can be sent, however many there are', async () => {
    const scene = createScene({ connections: 1, maxQueuedReads: 20_000 });
    scene.begin(scene.callOf('alice'));
    const outcomes = Array.from({ length: 20_000 }, () => scene.begin(scene.callOf(unsendable)));
    scene.sent[0]!.answer();
    const told = await Promise.all(outcomes.map((outcome) => outcome()));
    expect(new Set(told)).toEqual(new Set(['BAD_USER_INPUT null']));
    expect(scene.guarded.load()).toEqual({ underWay: 0, underWayWithHosts: 0, waiting: 0 });
  });
});

describe('a read that does not reach bk-job', () => {
  it('is tried again after a pause, and then a third time', async () => {
    const { begin, callOf, sent, clock, turns } = createScene();
    const outcome = begin(callOf('alice'));
    sent[0]!.fail(reset());
    await turns();
    expect(sent).toHaveLength(1);
    clock.pass(50);
    await turns();
    sent[1]!.fail(reset());
    await turns();
    clock.pass(100);
    await turns();
    expect(sent.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    sent[2]!.answer();
    expect(await outcome()).toBe('answered');
  });

  it('holds no connection while it waits for its next attempt', async () => {
    const { begin, callOf, sent, guarded, turns } = createScene();
    begin(callOf('alice'));
    expect(guarded.load().underWay).toBe(1);
    sent[0]!.fail(reset());
    await turns();
    expect(guarded.load().underWay).toBe(0);
  });

  it('is not tried again when nobody waits for it any more, during the pause either', async () => {
    const { begin, callOf, sent, clock, turns } = createScene();
    const call = callOf('alice');
    const outcome = begin(call);
    sent[0]!.fail(reset());
    await turns();
    call.cancellation.cancel(new JobApiError('UPSTREAM_TIMEOUT'));
    expect(await outcome()).toBe('UPSTREAM_TIMEOUT null');
    expect(clock.pending()).toBe(0);
    clock.pass(10_000);
    await turns();
    expect(sent).toHaveLength(1);
  });

  it('is not tried again when the budget is spent, which is told', async () => {
    const retry = { maxAttempts: 3, base: 100, max: 1000, budgetPercent: 0, budgetMinPerSecond: 0 };
    const { begin, callOf, sent, told } = createScene({ retry });
    const outcome = begin(callOf('alice'));
    sent[0]!.fail(reset());
    expect(await outcome()).toBe('UPSTREAM_UNAVAILABLE null');
    expect(told).toEqual(['retry denied false']);
  });

  it('is not tried again when there is no time left for it', async () => {
    const { begin, callOf, sent, clock } = createScene();
    const outcome = begin(callOf('alice'));
    clock.pass(9_960);
    sent[0]!.fail(reset());
    expect(await outcome()).toBe('UPSTREAM_UNAVAILABLE null');
  });
});

describe('a read that stands in for one that failed', () => {
  const retry = { maxAttempts: 3, base: 100, max: 1000, budgetPercent: 100, budgetMinPerSecond: 0 };
  /** A scene in which one read has earned one try. */
  const createEarned = () => {
    const scene = createScene({ retry });
    scene.begin(scene.callOf('alice', true));
    scene.sent[0]!.answer();
    const call = scene.callOf('alice');
    const read = { ...call.read, afterFailure: new JobApiError('UPSTREAM_TIMEOUT') };
    return { ...scene, standIn: () => scene.begin({ ...call, read }) };
  };

  it('is paid for as another try, and where none is left fails as the one before, unsent', async () => {
    const { sent, standIn, told, guarded } = createEarned();
    const paid = standIn();
    expect(sent).toHaveLength(2);
    expect(await standIn()()).toBe('UPSTREAM_TIMEOUT null');
    expect(sent).toHaveLength(2);
    expect(told).toEqual(['retry denied false']);
    expect(guarded.load().underWay).toBe(1);
    sent[1]!.answer();
    expect(await paid()).toBe('answered');
  });

  it('earns no try, and is tried once', async () => {
    const { sent, standIn, guarded, clock } = createEarned();
    const outcome = standIn();
    expect(guarded.retryBudget()).toBe(0);
    sent[1]!.fail(reset());
    expect(await outcome()).toBe('UPSTREAM_UNAVAILABLE null');
    expect([clock.pending(), guarded.retryBudget()]).toEqual([0, 0]);
  });

  it('costs nothing where it is answered: bk-job is not down then', async () => {
    const { sent, standIn } = createEarned();
    for (const times of [1, 2, 3]) {
      const outcome = standIn();
      sent[times]!.answer();
      expect(await outcome()).toBe('answered');
    }
    for (const [at, code] of (['NOT_FOUND', 'PERMISSION_DENIED', 'UPSTREAM_ERROR'] as const).entries()) {
      const outcome = standIn();
      sent[at + 4]!.fail(new JobApiError(code));
      expect(await outcome()).toBe(`${code} null`);
    }
  });
});

describe('who is told to wait by the gateway', () => {
  it('asks no more until the time has passed, and neither does anybody else', async () => {
    const { begin, callOf, sent, clock, told } = createScene();
    const first = begin(callOf('alice'));
    sent[0]!.fail(new JobApiError('RATE_LIMITED', null, { upstreamCode: 1642903, retryAfter: 3_000 }));
    expect(await first()).toBe('RATE_LIMITED 3000');
    expect(await begin(callOf('bob', true))()).toBe('RATE_LIMITED 3000');
    expect(sent).toHaveLength(1);
    expect(told).toEqual(['refused true rate-limit']);
    clock.pass(3_000);
    begin(callOf('alice'));
    expect(sent).toHaveLength(2);
  });

  it('does not send what was waiting for a connection either', async () => {
    const { begin, callOf, sent } = createScene({ connections: 1 });
    begin(callOf('alice'));
    const waiting = begin(callOf('bob'));
    sent[0]!.fail(new JobApiError('RATE_LIMITED', null, { upstreamCode: 1642901, retryAfter: 2_000 }));
    expect(await waiting()).toBe('RATE_LIMITED 2000');
    expect(sent).toHaveLength(1);
  });
});

describe('a read that cannot be sent', () => {
  it('is refused without a call, leaves its place to others, and tries no bk-job that is spared', async () => {
    const { begin, callOf, sent, guarded, told } = createScene();
    expect(await begin(callOf(unsendable))()).toBe('BAD_USER_INPUT null');
    expect(sent).toEqual([]);
    expect(guarded.load().underWay).toBe(0);
    expect(told).toEqual([]);
  });
});

describe('a bk-job that is down', () => {
  const failMany = async (
    scene: ReturnType<typeof createScene>,
    code: JobApiErrorCode,
    hostDetail = false,
  ) => {
    for (let index = 0; index < 20; index += 1) {
      scene.begin(scene.callOf(`user ${String(index % 3)}`, hostDetail));
      const cause = new DeadlineReached();
      scene.sent.at(-1)!.fail(new JobApiError(code, null, { cause }));
      await scene.turns();
    }
    return scene.sent.length;
  };

  it('is spared with what it is down for, and says so', async () => {
    const scene = createScene();
    expect(await failMany(scene, 'UPSTREAM_TIMEOUT', true)).toBe(20);
    expect(await scene.begin(scene.callOf('alice', true))()).toBe('UPSTREAM_UNAVAILABLE 1000');
    expect(scene.told).toEqual(['breaker true open', 'refused true circuit-breaker']);
    scene.begin(scene.callOf('alice'));
    expect(scene.sent).toHaveLength(21);
  });

  it('is found alive by one call when a second has passed', async () => {
    const scene = createScene();
    await failMany(scene, 'UPSTREAM_TIMEOUT');
    scene.clock.pass(1_000);
    const outcome = scene.begin(scene.callOf('alice'));
    expect(await scene.begin(scene.callOf('bob'))()).toBe('UPSTREAM_UNAVAILABLE 1000');
    scene.sent.at(-1)!.answer();
    expect(await outcome()).toBe('answered');
    expect(scene.told.filter((line) => line.startsWith('breaker'))).toEqual([
      'breaker false open',
      'breaker false half-open',
      'breaker false closed',
    ]);
  });

  it('is not what callers say it is by mistakes of theirs', async () => {
    for (const code of ['BAD_USER_INPUT', 'PERMISSION_DENIED', 'UNAUTHENTICATED', 'NOT_FOUND'] as const) {
      const scene = createScene();
      await failMany(scene, code);
      scene.begin(scene.callOf('alice'));
      expect(scene.sent).toHaveLength(21);
    }
  });

  it.each([
    ['clients that leave say nothing', 'UPSTREAM_UNAVAILABLE', 20_000, 21],
    ['deadlines that are shorter than usual say nothing', 'UPSTREAM_TIMEOUT', 9_999, 21],
    ['deadlines that were reached after the usual time say that it is', 'UPSTREAM_TIMEOUT', 10_000, 20],
  ] as const)('%s', async (_case, code, lasted, sent) => {
    const scene = createScene();
    const calls = Array.from({ length: 20 }, (_, index) => scene.callOf(`user ${String(index % 3)}`, true));
    for (const call of calls) scene.begin(call);
    scene.clock.pass(lasted);
    for (const call of calls) call.cancellation.cancel(new JobApiError(code));
    await scene.turns();
    scene.begin(scene.callOf('alice', true));
    expect(scene.sent).toHaveLength(sent);
  });
});
